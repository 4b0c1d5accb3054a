from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

GRANTED, HEADROOM = "aws.quotas.granted", "aws.quotas.headroom"
NODES = {"MetricNamespace": "AWS/Usage", "MetricName": "ResourceCount", "MetricDimensions": {"Service": "EKS"}}
UNREAD = {"service-quotas.get_service_quota": DENIED}
NO_OWN = {"service-quotas.get_service_quota": aws_error("NoSuchResourceException")}


def five(**more: Any) -> dict[str, Any]:
    return {"service-quotas.get_service_quota": {"Quota": {"QuotaName": "Nodes", "Value": 5.0} | more}}


def used(*points: float) -> dict[str, Any]:
    return five(UsageMetric=NODES) | {
        "cloudwatch.get_metric_statistics": {"Datapoints": [{"Maximum": each} for each in points]}
    }


def wants(many: int) -> dict[str, Any]:
    return {"quotas": {"eks/L-1": many}}


CASES = [
    Case("just enough", GRANTED, wants(5), Status.PASSED, "Nodes (eks/L-1) is 5", five()),
    Case("too little", GRANTED, wants(6), Status.FAILED, "wanted at least 6", five()),
    Case("the default", GRANTED, wants(3), Status.PASSED, "is 3",
         NO_OWN | {"service-quotas.get_aws_default_service_quota": {"Quota": {"QuotaName": "Nodes", "Value": 3.0}}}),
    Case("no such quota", GRANTED, wants(3), Status.FAILED, "NoSuchResource",
         NO_OWN | {"service-quotas.get_aws_default_service_quota": aws_error("NoSuchResourceException")}),
    Case("none named", GRANTED, {"quotas": {}}, Status.UNKNOWN, "nothing could be judged", five()),
    Case("denied", GRANTED, wants(5), Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just enough left", HEADROOM, wants(2), Status.PASSED, "of 5 is 2", used(1, 3, 2)),
    Case("too little left", HEADROOM, wants(3), Status.FAILED, "wanted at least 3", used(1, 3, 2)),
    Case("no figure yet", HEADROOM, wants(3), Status.UNKNOWN, "has no value", used()),
    Case("not measured", HEADROOM, wants(3), Status.UNKNOWN, "not measured", five()),
    Case("denied", HEADROOM, wants(3), Status.UNKNOWN, "AccessDenied", used(1) | {"cloudwatch.get_metric_statistics": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
