"""RDS databases: available, sealed, in several zones, backed up and followed by their replicas."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import at_least, equal, every, recent
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("rds:DescribeDBInstances",)
_LOOK = "aws rds describe-db-instances --db-instance-identifier <instance>"


@check(permissions=_READS, remedy=_LOOK)
def available(aws: Aws, *, instances: list[str]) -> Verdict:
    """Every database instance is available.

    Reads rds:DescribeDBInstances once an instance, by identifier. An instance that is being changed or backed up is not taken
    for available. Facts: db_endpoint.

    Example:
        check: aws.rds.available
        with: {instances: [app-prod]}

    """

    def ready(name: str) -> Verdict:
        seen = _instance(aws, name)
        verdict = equal(f"Status of database {name}", seen["DBInstanceStatus"], "available")
        return Verdict(verdict.status, verdict.summary, facts={"db_endpoint": str(seen.get("Endpoint", {}).get("Address", ""))})

    return every("database", instances, ready)


@check(permissions=_READS, remedy="aws rds copy-db-snapshot --kms-key-id <key> … and restore from the copy")
def encrypted(aws: Aws, *, instances: list[str], key: str = "") -> Verdict:
    """The storage of every database instance is encrypted.

    It cannot be switched on later: an instance without it must be restored from an encrypted copy of its snapshot.
    Reads rds:DescribeDBInstances once an instance. ``key`` is the end of the KMS key's ARN; empty accepts any.

    Example:
        check: aws.rds.encrypted
        with: {instances: [app-prod]}

    """

    def sealed(name: str) -> Verdict:
        seen = _instance(aws, name)
        if seen["StorageEncrypted"] is not True:
            return failed(f"The storage of database {name} is not encrypted.")
        if key and not str(seen["KmsKeyId"]).endswith(key):
            return failed(f"The storage of database {name} is encrypted with {seen['KmsKeyId']}, wanted {key}.")
        return passed(f"The storage of database {name} is encrypted.")

    return every("database", instances, sealed)


@check(
    permissions=_READS, remedy="aws rds modify-db-instance --db-instance-identifier <instance> --multi-az --apply-immediately"
)
def multi_az(aws: Aws, *, instances: list[str]) -> Verdict:
    """Every database instance has a standby in another availability zone.

    Without one the fall of a zone takes the database with it, and a restore takes hours.
    Reads rds:DescribeDBInstances once an instance.

    Example:
        check: aws.rds.multi_az
        with: {instances: [app-prod]}

    """
    return every(
        "database",
        instances,
        lambda name: equal(f"Standby of database {name}", bool(_instance(aws, name)["MultiAZ"]), wanted=True),
    )


@check(
    permissions=_READS, remedy="aws rds modify-db-instance --db-instance-identifier <instance> --backup-retention-period <days>"
)
def backups_kept(aws: Aws, *, instances: list[str], days: int = 1) -> Verdict:
    """Every database instance is backed up by itself, and its backups are kept long enough.

    A retention of 0 days switches automated backups off.
    Reads rds:DescribeDBInstances once an instance. ``days`` is the shortest retention.

    Example:
        check: aws.rds.backups_kept
        with: {instances: [app-prod], days: 30}

    """
    return every(
        "database",
        instances,
        lambda name: at_least(
            f"Backup retention of database {name}", _instance(aws, name)["BackupRetentionPeriod"], days, "days"
        ),
    )


@check(permissions=_READS, remedy=_LOOK + " --query DBInstances[].LatestRestorableTime")
def restorable_to_now(aws: Aws, *, instances: list[str], minutes: float = 15) -> Verdict:
    """Every database instance can be restored to a moment that is not long ago.

    Point-in-time recovery that has fallen behind loses all that was written since.
    Reads rds:DescribeDBInstances once an instance. ``minutes`` is the most that may be lost; RDS itself falls up to five
    behind.

    Example:
        check: aws.rds.restorable_to_now
        with: {instances: [app-prod], minutes: 15}

    """

    def restorable(name: str) -> Verdict:
        latest = _instance(aws, name).get("LatestRestorableTime")  # omitted where backups are off
        if latest is None:
            return failed(f"Database {name} cannot be restored to any moment; its automated backups are off.")
        return recent(f"The latest restorable moment of database {name}", latest, aws.now, minutes / 60)

    return every("database", instances, restorable)


@check(permissions=("rds:DescribeDBSnapshots",), remedy="aws rds describe-db-snapshots --db-instance-identifier <instance>")
def snapshot_recent(aws: Aws, *, instances: list[str], hours: float = 26) -> Verdict:
    """The newest snapshot of every database instance is complete and recent.

    Reads rds:DescribeDBSnapshots once an instance; automated and manual ones count. ``hours`` is the oldest it may be.

    Example:
        check: aws.rds.snapshot_recent
        with: {instances: [app-prod], hours: 26}

    """

    def fresh(name: str) -> Verdict:
        found = aws.rds.describe_db_snapshots(DBInstanceIdentifier=name)["DBSnapshots"]
        moments = [each["SnapshotCreateTime"] for each in found if each["Status"] == "available"]
        if not moments:
            return failed(f"Database {name} has {len(found)} snapshots and none is available.")
        return recent(f"The newest snapshot of database {name}", max(moments), aws.now, hours)

    return every("database", instances, fresh)


@check(permissions=_READS, remedy=_LOOK + " --query DBInstances[].StatusInfos")
def replicas_following(aws: Aws, *, instance: str, replicas: int = 1) -> Verdict:
    """The database instance has enough read replicas, and each of them is replicating.

    A replica that stopped answers with old data.
    Reads rds:DescribeDBInstances of the instance and of each of its replicas.

    Example:
        check: aws.rds.replicas_following
        with: {instance: app-prod, replicas: 1}

    """
    names = [str(each) for each in _instance(aws, instance).get("ReadReplicaDBInstanceIdentifiers", [])]
    if len(names) < replicas:
        return at_least(f"The number of replicas of database {instance}", len(names), replicas)

    def follows(name: str) -> Verdict:
        states = {str(each["StatusType"]): str(each["Status"]) for each in _instance(aws, name).get("StatusInfos", [])}
        return equal(f"Replication of replica {name}", states.get("read replication"), "replicating")

    return every("replica", names, follows)


def _instance(aws: Aws, name: str) -> Answer:
    found: Answer = only(
        "database", aws.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"], "DBInstanceIdentifier", name
    )
    return found
