from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

ENABLED, QUIET = "aws.guardduty.enabled", "aws.guardduty.no_findings"
NONE: dict[str, Any] = {"guardduty.list_detectors": {"DetectorIds": []}}
UNREAD = {"guardduty.list_detectors": DENIED}


def detector(status: str = "ENABLED", *findings: str) -> dict[str, Any]:
    def listed(**asked: Any) -> dict[str, Any]:
        assert asked["FindingCriteria"]["Criterion"]["severity"] == {"Gte": 7}
        return {"FindingIds": list(findings)}

    return {
        "guardduty.list_detectors": {"DetectorIds": ["d1"]},
        "guardduty.get_detector": {"Status": status},
        "guardduty.list_findings": listed,
        "guardduty.get_findings": lambda **asked: {"Findings": [{"Title": f"About {each}"} for each in asked["FindingIds"]]},
    }


CASES = [
    Case("on", ENABLED, {}, Status.PASSED, "'ENABLED'", detector()),
    Case("suspended", ENABLED, {}, Status.FAILED, "'DISABLED'", detector("DISABLED")),
    Case("empty account", ENABLED, {}, Status.FAILED, "no detector in us-east-1", NONE),
    Case("denied", ENABLED, {}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("nothing found", QUIET, {}, Status.PASSED, "no open finding", detector()),
    Case("found something", QUIET, {}, Status.FAILED, "1 open findings of the last 7 days: About x", detector("ENABLED", "x")),
    Case("found more than is shown", QUIET, {}, Status.FAILED, "7 open findings", detector("ENABLED", *"abcdefg")),
    Case("nobody watches", QUIET, {}, Status.FAILED, "no detector", NONE),
    Case("denied", QUIET, {}, Status.UNKNOWN, "AccessDenied", detector() | {"guardduty.list_findings": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
