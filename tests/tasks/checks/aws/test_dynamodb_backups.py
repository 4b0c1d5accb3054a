from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

MADE, KEPT, NONE, RESTORED = (
    f"aws.dynamodb_backups.{name}" for name in ("made_within", "recovery_kept", "none_kept", "restored")
)
ORDERS = {"tables": ["Orders"]}
HOUR = ORDERS | {"hours": 1}
TEST = {"table": "Orders", "into": "Test"}
GONE = aws_error("ResourceNotFoundException", "Table: Orders not found")
NOW = datetime.now(UTC)


def backups(*found: tuple[float, str]) -> dict[str, Any]:
    listed = [{"BackupCreationDateTime": NOW - timedelta(hours=hours), "BackupStatus": status} for hours, status in found]
    return {"dynamodb.list_backups": {"BackupSummaries": listed}}


def recovery(status: str, protected: str = "table/Users", **fields: int) -> dict[str, Any]:
    seen = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status} | fields}
    return {
        "dynamodb.describe_table": {"Table": {"TableArn": "table/Orders"}},
        "dynamodb.describe_continuous_backups": {"ContinuousBackupsDescription": seen},
        "backup.list_protected_resources": {"Results": [{"ResourceArn": protected}]},
    }


def tables(days: float = 1, *, items: int = 5, source: str = "table/Orders", running: bool = False) -> dict[str, Any]:
    moment = NOW - timedelta(days=days)
    summary = {"SourceTableArn": source, "RestoreDateTime": moment, "RestoreInProgress": running}
    found = {
        "Orders": {"TableArn": "table/Orders", "ItemCount": 7, "TableStatus": "ACTIVE"},
        "Test": {"TableArn": "table/Test", "ItemCount": items, "TableStatus": "ACTIVE", "RestoreSummary": summary},
    }
    return {"dynamodb.describe_table": lambda **asked: {"Table": found[asked["TableName"]]}}


CASES = [
    Case("made", MADE, HOUR, Status.PASSED, "newest backup", backups((0.5, "AVAILABLE"))),
    Case("too long ago", MADE, HOUR, Status.FAILED, "wanted at most 1 hours", backups((1.1, "AVAILABLE"))),
    Case("not finished", MADE, HOUR, Status.FAILED, "1 backups and none", backups((0.1, "CREATING"))),
    Case("none", MADE, HOUR, Status.FAILED, "0 backups", backups()),
    Case("denied", MADE, HOUR, Status.UNKNOWN, "AccessDenied", {"dynamodb.list_backups": DENIED}),
    Case(
        "just long enough", KEPT, ORDERS | {"days": 14}, Status.PASSED, "14 days", recovery("ENABLED", RecoveryPeriodInDays=14)
    ),
    Case("too short", KEPT, ORDERS | {"days": 14}, Status.FAILED, "13 days", recovery("ENABLED", RecoveryPeriodInDays=13)),
    Case("off", KEPT, ORDERS | {"days": 14}, Status.FAILED, "is off", recovery("DISABLED")),
    Case("not there", KEPT, ORDERS | {"days": 14}, Status.FAILED, "not found", {"dynamodb.describe_continuous_backups": GONE}),
    Case(
        "denied", KEPT, ORDERS | {"days": 14}, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_continuous_backups": DENIED}
    ),
    Case("nothing kept", NONE, ORDERS, Status.PASSED, "Nothing of table Orders", recovery("DISABLED")),
    Case("by recovery", NONE, ORDERS, Status.FAILED, "is on", recovery("ENABLED")),
    Case("by AWS Backup", NONE, ORDERS, Status.FAILED, "AWS Backup keeps", recovery("DISABLED", "table/Orders")),
    Case("not there", NONE, ORDERS, Status.FAILED, "not found", recovery("DISABLED") | {"dynamodb.describe_table": GONE}),
    Case(
        "denied",
        NONE,
        ORDERS,
        Status.UNKNOWN,
        "AccessDenied",
        recovery("DISABLED") | {"backup.list_protected_resources": DENIED},
    ),
    Case("restored", RESTORED, TEST, Status.PASSED, "with 5 items, of 7", tables(29.9)),
    Case("too long ago", RESTORED, TEST, Status.FAILED, "wanted at most 30 days", tables(30.1)),
    Case("empty", RESTORED, TEST, Status.FAILED, "holds no item", tables(items=0)),
    Case("not finished", RESTORED, TEST, Status.FAILED, "not finished", tables(running=True)),
    Case("of another table", RESTORED, TEST, Status.FAILED, "was not restored", tables(source="table/Users")),
    Case("not there", RESTORED, TEST, Status.FAILED, "not found", {"dynamodb.describe_table": GONE}),
    Case("denied", RESTORED, TEST, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
