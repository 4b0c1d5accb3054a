from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

QUIET = "aws.access_analyzer.no_findings"


def analyzer(*resources: str, status: str = "ACTIVE") -> dict[str, Any]:
    found = [{"resource": f"arn:aws:iam::1:{each}", "findingType": "ExternalAccess"} for each in resources]
    return {
        "accessanalyzer.list_analyzers": {"analyzers": [{"arn": "a", "name": "own", "type": "ACCOUNT", "status": status}]},
        "accessanalyzer.list_findings_v2": {"findings": found},
    }


CASES = [
    Case("nothing found", QUIET, {}, Status.PASSED, "no open finding", analyzer()),
    Case("a role is open", QUIET, {}, Status.FAILED, "1 open findings: arn:aws:iam::1:role/x (Ext", analyzer("role/x")),
    Case("tolerated", QUIET, {"tolerated": ["role/x"]}, Status.PASSED, "1 tolerated", analyzer("role/x")),
    Case("one more than tolerated", QUIET, {"tolerated": ["role/x"]}, Status.FAILED, "role/y", analyzer("role/x", "role/y")),
    Case("nobody looks", QUIET, {}, Status.UNKNOWN, "nobody has looked", {"accessanalyzer.list_analyzers": {"analyzers": []}}),
    Case("not looking yet", QUIET, {}, Status.UNKNOWN, "nobody has looked", analyzer(status="CREATING")),
    Case("denied", QUIET, {}, Status.UNKNOWN, "AccessDenied", analyzer() | {"accessanalyzer.list_findings_v2": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
