from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

QUIET = "aws.inspector.no_findings"


def inspector(scanned: int, *findings: str) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        assert [each["value"] for each in asked["filterCriteria"]["severity"]] == ["CRITICAL", "HIGH"]
        return {"findings": [{"title": each} for each in findings]}

    return {"inspector2.list_coverage": {"coveredResources": [{}] * scanned}, "inspector2.list_findings": found}


CASES = [
    Case("nothing found", QUIET, {}, Status.PASSED, "scans 3 resources", inspector(3)),
    Case("a hole", QUIET, {}, Status.FAILED, "1 open findings of CRITICAL or HIGH: CVE-1", inspector(3, "CVE-1")),
    Case("scans nothing", QUIET, {}, Status.UNKNOWN, "scans nothing", inspector(0)),
    Case("no severity named", QUIET, {"severities": []}, Status.UNKNOWN, "does not say", inspector(3)),
    Case("denied", QUIET, {}, Status.UNKNOWN, "AccessDenied", inspector(1) | {"inspector2.list_findings": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
