from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXPIRE, NEWEST, COPY = (f"aws.s3_objects.{name}" for name in ("expire", "newest_recent", "newest_copied"))
BUCKET = {"bucket": "backups", "prefix": "postgres/"}
COPIES = BUCKET | {"copy_bucket": "backups-eu"}


def rule(days: int, status: str = "Enabled", **where: Any) -> dict[str, Any]:
    listed = [{"ID": "x", "Status": status, "Expiration": {"Days": days}} | where]
    return {"s3.get_bucket_lifecycle_configuration": {"Rules": listed}}


def objects(hours: float, size: int = 100, many: int = 2) -> dict[str, Any]:
    moment = datetime.now(UTC) - timedelta(hours=hours)
    old = {"Key": "postgres/old.gz", "LastModified": moment - timedelta(days=9), "Size": 7}
    return {
        "s3.list_objects_v2": {
            "Contents": [{"Key": "postgres/new.gz", "LastModified": moment, "Size": size}, *[old] * (many - 1)]
        }
    }


def kept(least: int, most: int) -> dict[str, Any]:
    return BUCKET | {"at_least_days": least, "at_most_days": most}


CASES = [
    Case("for the whole bucket", EXPIRE, kept(30, 30), Status.PASSED, "30 days", rule(30)),
    Case("for the prefix", EXPIRE, kept(30, 30), Status.PASSED, "30 days", rule(30, Filter={"Prefix": "postgres/"})),
    Case("too soon", EXPIRE, kept(31, 90), Status.FAILED, "wanted at least 31", rule(30)),
    Case("too late", EXPIRE, kept(1, 29), Status.FAILED, "wanted at most 29", rule(30)),
    Case("for another prefix", EXPIRE, kept(30, 30), Status.FAILED, "No rule", rule(30, Filter={"And": {"Prefix": "redis/"}})),
    Case("for tagged objects", EXPIRE, kept(30, 30), Status.FAILED, "No rule", rule(30, Filter={"Tag": {"Key": "a"}})),
    Case("switched off", EXPIRE, kept(30, 30), Status.FAILED, "No rule", rule(30, "Disabled")),
    Case("denied", EXPIRE, BUCKET, Status.UNKNOWN, "AccessDenied", {"s3.get_bucket_lifecycle_configuration": DENIED}),
    Case("fresh", NEWEST, BUCKET, Status.PASSED, "postgres/new.gz", objects(25)),
    Case("just too old", NEWEST, BUCKET, Status.FAILED, "wanted at most 26 hours ago", objects(26.01)),
    Case("empty", NEWEST, BUCKET, Status.FAILED, "0 bytes, wanted", objects(1, size=0)),
    Case("none", NEWEST, BUCKET, Status.FAILED, "no object under s3://backups/postgres/", {"s3.list_objects_v2": {}}),
    Case("too many to tell", NEWEST, BUCKET, Status.UNKNOWN, "narrow the prefix", objects(1, many=10000)),
    Case("denied", NEWEST, BUCKET, Status.UNKNOWN, "AccessDenied", {"s3.list_objects_v2": DENIED}),
    Case("copied", COPY, COPIES, Status.PASSED, "100 bytes", objects(1) | {"s3.head_object": {"ContentLength": 100}}),
    Case("half copied", COPY, COPIES, Status.FAILED, "50 bytes", objects(1) | {"s3.head_object": {"ContentLength": 50}}),
    Case("not copied", COPY, COPIES, Status.FAILED, "is not in backups-eu",
         objects(1) | {"s3.head_object": aws_error("404", status=404)}),
    Case("copy is denied", COPY, COPIES, Status.UNKNOWN, "403", objects(1) | {"s3.head_object": aws_error("403", status=403)}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
