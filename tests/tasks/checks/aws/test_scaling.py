from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

TARGETS, TABLES, ACTIVITIES = (f"aws.scaling.{name}" for name in ("targets_scale", "tables_scale", "activities_succeeded"))
API = {"service": "ecs", "resources": ["service/prod/api"]}
ORDERS = {"tables": ["Orders"]}
DYNAMO = {"service": "dynamodb"}
BOTH = ("dynamodb:table:ReadCapacityUnits", "dynamodb:table:WriteCapacityUnits")
PROVISIONED: dict[str, Any] = {"dynamodb.describe_table": {"Table": {}}}
ON_DEMAND = {"dynamodb.describe_table": {"Table": {"BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"}}}}
READ = "application-autoscaling.describe_scalable_targets"


def scales(*dimensions: str, governed: tuple[str, ...] | None = None) -> dict[str, Any]:
    targets = [{"ScalableDimension": each, "MaxCapacity": 6} for each in dimensions]
    policies = [{"ScalableDimension": each} for each in (dimensions if governed is None else governed)]
    return {
        READ: {"ScalableTargets": targets},
        "application-autoscaling.describe_scaling_policies": {"ScalingPolicies": policies},
    }


def activities(*found: tuple[float, str]) -> dict[str, Any]:
    listed = [
        {
            "StartTime": datetime.now(UTC) - timedelta(hours=hours), "StatusCode": status, "ResourceId": "table/Orders",
            "Description": "Setting read capacity units to 10.",
        }
        for hours, status in found
    ]  # fmt: skip
    return {"application-autoscaling.describe_scaling_activities": {"ScalingActivities": listed}}


CASES = [
    Case("scales", TARGETS, API, Status.PASSED, "is 6", scales("ecs:service:DesiredCount")),
    Case("just far enough", TARGETS, API | {"at_least_most": 6}, Status.PASSED, "is 6", scales("ecs:service:DesiredCount")),
    Case("not far enough", TARGETS, API | {"at_least_most": 7}, Status.FAILED,
         "at least 7", scales("ecs:service:DesiredCount")),
    Case("by no policy", TARGETS, API, Status.FAILED, "its DesiredCount", scales("ecs:service:DesiredCount", governed=())),
    Case("not registered", TARGETS, API, Status.FAILED, "does not scale.", scales()),
    Case("none named", TARGETS, API | {"resources": []}, Status.UNKNOWN, "nothing could be judged", scales()),
    Case("denied", TARGETS, API, Status.UNKNOWN, "AccessDenied", {READ: DENIED}),
    Case("both ways", TABLES, ORDERS, Status.PASSED, "table/Orders", PROVISIONED | scales(*BOTH)),
    Case("reads only", TABLES, ORDERS, Status.FAILED, "its WriteCapacityUnits", PROVISIONED | scales(BOTH[0])),
    Case("on demand", TABLES, ORDERS, Status.PASSED, "needs no scaling", ON_DEMAND),
    Case("no table", TABLES, ORDERS, Status.FAILED,
         "ResourceNotFound", {"dynamodb.describe_table": aws_error("ResourceNotFoundException")}),
    Case("denied", TABLES, ORDERS, Status.UNKNOWN, "AccessDenied", PROVISIONED | {READ: DENIED}),
    Case("scaled", ACTIVITIES, DYNAMO, Status.PASSED,
         "1 scaling activities", activities((23.9, "Successful"), (24.1, "Failed"))),
    Case("failed", ACTIVITIES, DYNAMO, Status.FAILED, "1 of 2", activities((1, "Successful"), (1, "Failed"))),
    Case("nothing scaled", ACTIVITIES, DYNAMO | {"resource": "table/Orders"}, Status.UNKNOWN, "nothing shows", activities()),
    Case("nothing had to", ACTIVITIES, DYNAMO | {"allow_empty": True}, Status.PASSED, "0 scaling", activities()),
    Case("denied", ACTIVITIES, DYNAMO, Status.UNKNOWN,
         "AccessDenied", {"application-autoscaling.describe_scaling_activities": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
