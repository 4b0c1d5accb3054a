from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

RULES, MAP, TRACES = (f"aws.xray.{name}" for name in ("sampling_rules_set", "service_map_shows", "traces_received"))
APP = {"rules": ["app"]}


def rule(rate: float, name: str = "app") -> dict[str, Any]:
    return {"xray.get_sampling_rules": {"SamplingRuleRecords": [{"SamplingRule": {"RuleName": name, "FixedRate": rate}}]}}


def graph(*names: str) -> dict[str, Any]:
    return {"xray.get_service_graph": {"Services": [{"Name": name} for name in names]}}


def traces(*faults: bool) -> dict[str, Any]:
    return {"xray.get_trace_summaries": {"TraceSummaries": [{"HasFault": fault} for fault in faults]}}


CASES = [
    Case("set", RULES, APP, Status.PASSED, "takes 0.05", rule(0.05)),
    Case("just enough", RULES, APP | {"at_least_rate": 0.05}, Status.PASSED, "takes 0.05", rule(0.05)),
    Case("too small a share", RULES, APP | {"at_least_rate": 0.06}, Status.FAILED, "wanted 0.06 to 1", rule(0.05)),
    Case("only the default", RULES, APP, Status.FAILED, "no sampling rule app", rule(0.05, "Default")),
    Case("none named", RULES, {"rules": []}, Status.UNKNOWN, "nothing could be judged", rule(0.05)),
    Case("denied", RULES, APP, Status.UNKNOWN, "AccessDenied", {"xray.get_sampling_rules": DENIED}),
    Case("any", MAP, {}, Status.PASSED, "shows orders", graph("orders")),
    Case("the named", MAP, {"services": ["orders"]}, Status.PASSED, "has orders", graph("orders", "users")),
    Case("another", MAP, {"services": ["orders"]}, Status.FAILED, "lacks orders", graph("users")),
    Case("empty", MAP, {}, Status.UNKNOWN, "is empty", graph()),
    Case("denied", MAP, {}, Status.UNKNOWN, "AccessDenied", {"xray.get_service_graph": DENIED}),
    Case("just enough", TRACES, {"traces": 2}, Status.PASSED, "is 2", traces(False, True)),
    Case("too few", TRACES, {"traces": 3}, Status.FAILED, "wanted at least 3", traces(False, True)),
    Case("none", TRACES, {}, Status.FAILED, "is 0", traces()),
    Case("just few enough faults", TRACES, {"at_most_faults": 1}, Status.PASSED, "1 with a fault", traces(False, True)),
    Case("a fault too many", TRACES, {"at_most_faults": 0}, Status.FAILED, "1 of 2 traces", traces(False, True)),
    Case("denied", TRACES, {}, Status.UNKNOWN, "AccessDenied", {"xray.get_trace_summaries": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
