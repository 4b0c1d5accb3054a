from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

ON = "aws.cloudtrail.logging_on"
TRAIL = {
    "Name": "audit", "TrailARN": "arn:audit", "HomeRegion": "us-east-1", "IsMultiRegionTrail": True,
    "LogFileValidationEnabled": False,
}  # fmt: skip


def trail(**changes: Any) -> dict[str, Any]:
    status = {name: changes.pop(name) for name in ("IsLogging", "LatestDeliveryError") if name in changes}
    return {
        "cloudtrail.describe_trails": {"trailList": [TRAIL | changes]},
        "cloudtrail.get_trail_status": {"IsLogging": True} | status,
    }


def two(**asked: Any) -> dict[str, Any]:
    return {"IsLogging": asked["Name"] == "arn:audit"}


BOTH = {
    "cloudtrail.describe_trails": {"trailList": [TRAIL | {"Name": "old", "TrailARN": "arn:old"}, TRAIL]},
    "cloudtrail.get_trail_status": two,
}
CASES = [
    Case("records", ON, {}, Status.PASSED, "records and delivers", trail()),
    Case("one of two records", ON, {}, Status.PASSED, "Trail audit records", BOTH),
    Case("the other is wanted", ON, {"trail": "old"}, Status.FAILED, "old is not recording", BOTH),
    Case("stopped", ON, {}, Status.FAILED, "is not recording", trail(IsLogging=False)),
    Case("cannot deliver", ON, {}, Status.FAILED, "NoSuchBucket", trail(LatestDeliveryError="NoSuchBucket")),
    Case("one region", ON, {}, Status.FAILED, "us-east-1 only", trail(IsMultiRegionTrail=False)),
    Case("one region will do", ON, {"all_regions": False}, Status.PASSED, "records", trail(IsMultiRegionTrail=False)),
    Case("not validated", ON, {"validated": True}, Status.FAILED, "proved unchanged", trail()),
    Case("empty account", ON, {}, Status.FAILED, "There is no trail.", {"cloudtrail.describe_trails": {"trailList": []}}),
    Case("another name", ON, {"trail": "x"}, Status.FAILED, "no trail x", trail()),
    Case("denied", ON, {}, Status.UNKNOWN, "AccessDenied", trail() | {"cloudtrail.get_trail_status": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
