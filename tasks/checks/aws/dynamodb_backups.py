"""Backups of DynamoDB tables: made, kept, restored, and absent where nobody wants them."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every, recent
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_CONTINUOUS = ("dynamodb:DescribeContinuousBackups",)


@check(permissions=("dynamodb:ListBackups",), remedy="aws dynamodb create-backup --table-name <table> --backup-name <name>")
def made_within(aws: Aws, *, tables: list[str], hours: float) -> Verdict:
    """Every table has a finished backup of the last hours.

    Before a rollback it is what one can come back to.
    Reads dynamodb:ListBackups once a table; backups of the team, of the system and of AWS Backup count.

    Example:
        check: aws.dynamodb_backups.made_within
        with: {tables: [Orders-prod], hours: 1}

    """

    def made(name: str) -> Verdict:
        found = aws.dynamodb.list_backups(TableName=name, BackupType="ALL")["BackupSummaries"]
        moments = [each["BackupCreationDateTime"] for each in found if each["BackupStatus"] == "AVAILABLE"]
        if not moments:
            return failed(f"Table {name} has {len(found)} backups and none is finished.")
        return recent(f"The newest backup of table {name}", max(moments), aws.now, hours)

    return every("table", tables, made)


@check(
    permissions=_CONTINUOUS,
    remedy="aws dynamodb update-continuous-backups --table-name <table> --point-in-time-recovery-specification "
    "PointInTimeRecoveryEnabled=true,RecoveryPeriodInDays=<days>",
)
def recovery_kept(aws: Aws, *, tables: list[str], days: int) -> Verdict:
    """Every table can be restored to any second of at least so many days.

    Reads dynamodb:DescribeContinuousBackups once a table. ``days`` is the shortest recovery period, at most 35.

    Example:
        check: aws.dynamodb_backups.recovery_kept
        with: {tables: [Orders-staging], days: 14}

    """

    def kept(name: str) -> Verdict:
        seen = _recovery(aws, name)
        if seen.get("PointInTimeRecoveryStatus") != "ENABLED":
            return failed(f"Point-in-time recovery of table {name} is off, wanted {days} days.")
        return at_least(f"The recovery period of table {name}", seen.get("RecoveryPeriodInDays", 35), days, "days")

    return every("table", tables, kept)


@check(
    permissions=(*_CONTINUOUS, "dynamodb:DescribeTable", "backup:ListProtectedResources"),
    remedy="aws dynamodb update-continuous-backups --table-name <table> --point-in-time-recovery-specification "
    "PointInTimeRecoveryEnabled=false",
)
def none_kept(aws: Aws, *, tables: list[str]) -> Verdict:
    """No table is backed up: neither point-in-time recovery nor AWS Backup keeps anything of it.

    For environments whose data nobody wants back, and nobody wants to pay for.
    Reads dynamodb:DescribeTable, dynamodb:DescribeContinuousBackups and backup:ListProtectedResources. A table that does not
    exist fails: the name may be wrong.

    Example:
        check: aws.dynamodb_backups.none_kept
        with: {tables: [Orders-dev]}

    """
    protected = {str(each["ResourceArn"]) for each in aws.backup.list_protected_resources()["Results"]}

    def unkept(name: str) -> Verdict:
        arn = str(aws.dynamodb.describe_table(TableName=name)["Table"]["TableArn"])
        if _recovery(aws, name).get("PointInTimeRecoveryStatus") == "ENABLED":
            return failed(f"Point-in-time recovery of table {name} is on, wanted off.")
        if arn in protected:
            return failed(f"AWS Backup keeps backups of table {name}, wanted none.")
        return passed(f"Nothing of table {name} is backed up.")

    return every("table", tables, unkept)


@check(
    permissions=("dynamodb:DescribeTable",),
    remedy="aws dynamodb restore-table-from-backup --target-table-name <restored> --backup-arn <arn>",
)
def restored(aws: Aws, *, table: str, into: str, days: float = 30) -> Verdict:
    """A backup of the table was restored into another table within the last days, and that holds items.

    A backup that nobody has restored is a hope. Whether the items are right, a person must compare; the figures are shown.
    Reads dynamodb:DescribeTable of both. DynamoDB counts items every six hours only.

    Example:
        check: aws.dynamodb_backups.restored
        with: {table: Orders-prod, into: Orders-restore-test, days: 30}

    """
    source = aws.dynamodb.describe_table(TableName=table)["Table"]
    target = aws.dynamodb.describe_table(TableName=into)["Table"]
    summary = target.get("RestoreSummary", {})
    if summary.get("SourceTableArn") != source["TableArn"]:
        return failed(f"Table {into} was not restored from table {table}.")
    if summary["RestoreInProgress"] or target["TableStatus"] != "ACTIVE":
        return failed(f"The restore of table {table} into {into} is not finished.")
    if not target["ItemCount"]:
        return failed(f"Table {into} holds no item by the last count, table {table} {source['ItemCount']}.")
    verdict = recent(
        f"Table {into} with {target['ItemCount']} items, of {source['ItemCount']},",
        summary["RestoreDateTime"],
        aws.now,
        days * 24,
    )
    return Verdict(verdict.status, verdict.summary)


def _recovery(aws: Aws, table: str) -> Answer:
    seen = aws.dynamodb.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery: Answer = seen.get("PointInTimeRecoveryDescription", Answer())
    return recovery
