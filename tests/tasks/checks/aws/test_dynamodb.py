from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

TABLE = {
    "TableStatus": "ACTIVE",
    "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
    "GlobalSecondaryIndexes": [{"IndexName": "by-language", "IndexStatus": "ACTIVE"}],
}
ABSENT = aws_error("ResourceNotFoundException", "Requested resource not found: Table: Sessions not found")


def table(**changes: Any) -> dict[str, Any]:
    return {"dynamodb.describe_table": {"Table": TABLE | changes}}


def ttl(status: str, attribute: str = "ttl") -> dict[str, Any]:
    return {
        "dynamodb.describe_time_to_live": {"TimeToLiveDescription": {"TimeToLiveStatus": status, "AttributeName": attribute}}
    }


def backups(status: str) -> dict[str, Any]:
    recovery = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}
    return {"dynamodb.describe_continuous_backups": {"ContinuousBackupsDescription": recovery}}


TABLES = {"tables": ["Sessions"]}
TTL = {"table": "Sessions", "attribute": "ttl"}
GSI = {"table": "Sessions", "index": "by-language"}
ACTIVE, TTL_ENABLED, BILLING, INDEX, PITR = (
    f"aws.dynamodb.{name}"
    for name in ("table_active", "ttl_enabled", "billing_mode", "gsi_exists", "point_in_time_recovery_on")
)
SEALED, COPIED = "aws.dynamodb.encrypted", "aws.dynamodb.replicated"
FAR = TABLES | {"regions": ["us-west-2"]}
SSE = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": "arn:aws:kms:us-east-1:1:key/1"}
REPLICA = {"RegionName": "us-west-2", "ReplicaStatus": "ACTIVE"}

CASES = [
    Case("active", ACTIVE, TABLES, Status.PASSED, "'ACTIVE'", table()),
    Case("still being created", ACTIVE, TABLES, Status.FAILED, "is 'CREATING', wanted 'ACTIVE'", table(TableStatus="CREATING")),
    Case("not there", ACTIVE, TABLES, Status.FAILED, "Sessions not found", {"dynamodb.describe_table": ABSENT}),
    Case("denied", ACTIVE, TABLES, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
    Case("no table named", ACTIVE, {"tables": []}, Status.UNKNOWN, "nothing could be judged", table()),
    Case("answer without a status", ACTIVE, TABLES, Status.UNKNOWN,
         "no field 'TableStatus'", {"dynamodb.describe_table": {"Table": {}}}),
    Case("enabled on it", TTL_ENABLED, TTL, Status.PASSED, "'ttl'", ttl("ENABLED")),
    Case("disabled", TTL_ENABLED, TTL, Status.FAILED, "DISABLED, wanted ENABLED", ttl("DISABLED")),
    Case("still being enabled", TTL_ENABLED, TTL, Status.FAILED, "ENABLING", ttl("ENABLING")),
    Case("on another attribute", TTL_ENABLED, TTL, Status.FAILED, "'expires', wanted 'ttl'", ttl("ENABLED", "expires")),
    Case("denied", TTL_ENABLED, TTL, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_time_to_live": DENIED}),
    Case("on demand", BILLING, {"table": "Sessions"}, Status.PASSED, "PAY_PER_REQUEST", table()),
    Case("provisioned", BILLING, {"table": "Sessions"}, Status.FAILED, "'PROVISIONED', wanted", table(BillingModeSummary={})),
    Case("denied", BILLING, {"table": "Sessions"}, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
    Case("index there", INDEX, GSI, Status.PASSED, "'ACTIVE'", table()),
    Case("no index", INDEX, GSI, Status.FAILED, "lacks by-language", table(GlobalSecondaryIndexes=[])),
    Case(
        "index still filling", INDEX, GSI, Status.FAILED, "'CREATING', wanted 'ACTIVE'",
        table(GlobalSecondaryIndexes=[{"IndexName": "by-language", "IndexStatus": "CREATING"}]),
    ),
    Case("denied", INDEX, GSI, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
    Case("recoverable", PITR, TABLES, Status.PASSED, "ENABLED", backups("ENABLED")),
    Case("not recoverable", PITR, TABLES, Status.FAILED, "DISABLED, wanted ENABLED", backups("DISABLED")),
    Case("denied", PITR, TABLES, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_continuous_backups": DENIED}),
    Case("by DynamoDB", SEALED, TABLES, Status.PASSED, "DynamoDB's own key", table()),
    Case("by DynamoDB only", SEALED, TABLES | {"kms": True}, Status.FAILED, "wanted a key in KMS", table()),
    Case("by KMS", SEALED, TABLES | {"key": "key/1"}, Status.PASSED, "key/1", table(SSEDescription=SSE)),
    Case("by another key", SEALED, TABLES | {"key": "key/2"}, Status.FAILED, "wanted key/2", table(SSEDescription=SSE)),
    Case("being changed", SEALED, TABLES, Status.FAILED, "UPDATING", table(SSEDescription=SSE | {"Status": "UPDATING"})),
    Case("not there", SEALED, TABLES, Status.FAILED, "not found", {"dynamodb.describe_table": ABSENT}),
    Case("denied", SEALED, TABLES, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
    Case("copied", COPIED, FAR, Status.PASSED, "has us-west-2", table(Replicas=[REPLICA])),
    Case("being copied", COPIED, FAR, Status.FAILED,
         "lacks us-west-2", table(Replicas=[REPLICA | {"ReplicaStatus": "CREATING"}])),
    Case("not copied", COPIED, FAR, Status.FAILED, "lacks us-west-2", table()),
    Case("no region named", COPIED, FAR | {"regions": []}, Status.UNKNOWN, "does not say", table()),
    Case("denied", COPIED, FAR, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
