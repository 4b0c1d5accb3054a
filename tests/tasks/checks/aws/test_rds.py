from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

AVAILABLE, SEALED, ZONES, KEPT, RESTORABLE, SNAPSHOT, REPLICAS = (
    f"aws.rds.{name}"
    for name in (
        "available", "encrypted", "multi_az", "backups_kept", "restorable_to_now", "snapshot_recent", "replicas_following",
    )
)  # fmt: skip
APPS = {"instances": ["app"]}
APP = {"instance": "app"}
GONE = {"rds.describe_db_instances": aws_error("DBInstanceNotFound", "DBInstance app not found.", 404)}
UNREAD = {"rds.describe_db_instances": DENIED}
NOW = datetime.now(UTC)


def database(**changes: Any) -> dict[str, Any]:
    whole = {
        "DBInstanceStatus": "available", "Endpoint": {"Address": "app.rds"}, "StorageEncrypted": True, "KmsKeyId": "arn:key/1",
        "MultiAZ": True, "BackupRetentionPeriod": 30, "LatestRestorableTime": NOW - timedelta(minutes=5),
        "ReadReplicaDBInstanceIdentifiers": ["app-r1"],
        "StatusInfos": [{"StatusType": "read replication", "Status": "replicating"}],
    }  # fmt: skip

    def found(**asked: Any) -> dict[str, Any]:
        return {"DBInstances": [whole | changes | {"DBInstanceIdentifier": asked["DBInstanceIdentifier"]}]}

    return {"rds.describe_db_instances": found}


def snapshots(*found: tuple[float, str]) -> dict[str, Any]:
    listed = [{"SnapshotCreateTime": NOW - timedelta(hours=hours), "Status": status} for hours, status in found]
    return {"rds.describe_db_snapshots": {"DBSnapshots": listed}}


CASES = [
    Case("available", AVAILABLE, APPS, Status.PASSED, "'available'", database()),
    Case("being changed", AVAILABLE, APPS, Status.FAILED, "'modifying'", database(DBInstanceStatus="modifying")),
    Case("not there", AVAILABLE, APPS, Status.FAILED, "not found", GONE),
    Case("none named", AVAILABLE, {"instances": []}, Status.UNKNOWN, "nothing could be judged", database()),
    Case("denied", AVAILABLE, APPS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("sealed", SEALED, APPS, Status.PASSED, "is encrypted", database()),
    Case("with the key", SEALED, APPS | {"key": "key/1"}, Status.PASSED, "is encrypted", database()),
    Case("with another key", SEALED, APPS | {"key": "key/2"}, Status.FAILED, "wanted key/2", database()),
    Case("not sealed", SEALED, APPS, Status.FAILED, "not encrypted", database(StorageEncrypted=False)),
    Case("denied", SEALED, APPS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("standby", ZONES, APPS, Status.PASSED, "is True", database()),
    Case("no standby", ZONES, APPS, Status.FAILED, "is False, wanted True", database(MultiAZ=False)),
    Case("denied", ZONES, APPS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just long enough", KEPT, APPS | {"days": 30}, Status.PASSED, "30 days", database()),
    Case("too short", KEPT, APPS | {"days": 31}, Status.FAILED, "wanted at least 31", database()),
    Case("off", KEPT, APPS, Status.FAILED, "0 days", database(BackupRetentionPeriod=0)),
    Case("denied", KEPT, APPS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("restorable", RESTORABLE, APPS, Status.PASSED, "0.1 hours ago", database()),
    Case("behind", RESTORABLE, APPS | {"minutes": 4}, Status.FAILED, "wanted at most", database()),
    Case("off", RESTORABLE, APPS, Status.FAILED, "are off", database(LatestRestorableTime=None)),
    Case("denied", RESTORABLE, APPS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("fresh", SNAPSHOT, APPS, Status.PASSED, "25 hours ago", snapshots((25, "available"), (99, "available"))),
    Case("just too old", SNAPSHOT, APPS, Status.FAILED, "at most 26 hours", snapshots((26.1, "available"))),
    Case("still being made", SNAPSHOT, APPS, Status.FAILED, "1 snapshots and none", snapshots((0, "creating"))),
    Case("none", SNAPSHOT, APPS, Status.FAILED, "0 snapshots", snapshots()),
    Case("denied", SNAPSHOT, APPS, Status.UNKNOWN, "AccessDenied", {"rds.describe_db_snapshots": DENIED}),
    Case("follows", REPLICAS, APP, Status.PASSED, "'replicating'", database()),
    Case("too few", REPLICAS, APP | {"replicas": 2}, Status.FAILED, "wanted at least 2", database()),
    Case("stopped", REPLICAS, APP, Status.FAILED, "'error'",
         database(StatusInfos=[{"StatusType": "read replication", "Status": "error"}])),
    Case("says nothing", REPLICAS, APP, Status.FAILED, "absent", database(StatusInfos=[])),
    Case("denied", REPLICAS, APP, Status.UNKNOWN, "AccessDenied", UNREAD),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
