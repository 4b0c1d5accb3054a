"""Backups of DynamoDB tables, made on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.aws.waiting import until
from tasks.connect.aws import AwsWriter
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action


def before(aws: AwsWriter, *, tables: list[str], **_rest: Any) -> dict[str, Any]:
    """The backups that there are: ``{"known": [ARN, …]}``."""
    return {"known": [arn for table in tables for arn, _ in _backups(aws, table)]}


def settled(aws: AwsWriter, *, before: Mapping[str, Any], tables: list[str], name: str, **_rest: Any) -> Settled:
    """Done when every table has a new backup of that name; otherwise it may be done again: one more harms nobody."""
    fresh = [{told for arn, told in _backups(aws, table) if arn not in before["known"]} for table in tables]
    return "done" if fresh and all(name in names for names in fresh) else "not done"


def undo(_aws: AwsWriter, *, before: Mapping[str, Any], tables: list[str], name: str, **_rest: Any) -> str:  # noqa: ARG001
    """Nothing: a backup changes nothing, and is wanted the more when a release is taken back."""
    return f"Backup {name} of {', '.join(tables)} is kept."


@action(
    remedy="aws dynamodb list-backups --table-name <table>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=("dynamodb:CreateBackup", "dynamodb:DescribeBackup", "dynamodb:ListBackups"),
)
def create_backup(aws: AwsWriter, *, tables: list[str], name: str, timeout_minutes: float = 30) -> Done:
    """Back up the tables as they are now, and wait until the backups can be restored from.

    ``name`` is given to the backup of every table, of letters, digits, dots, hyphens and underscores. Rolling back keeps the
    backups. Facts: the ARN of each backup, under its table's name.

    Example:
        action: aws.dynamodb.create_backup
        with: {tables: [kalendlytic-events-prod], name: before-1.4.0}

    """
    if not tables:
        raise ActionError("The item names no table to back up.")
    arns = {
        table: str(aws.dynamodb.create_backup(TableName=table, BackupName=name)["BackupDetails"]["BackupArn"])
        for table in tables
    }
    for table, arn in arns.items():
        _must_end_well(aws, table, arn, timeout_minutes)
    return Done(f"Backup {name} of {', '.join(tables)} is AVAILABLE.", arns)


def _must_end_well(aws: AwsWriter, table: str, arn: str, minutes: float) -> None:
    state = until(f"backing up {table}", lambda: _status(aws, arn), lambda seen: seen != "CREATING", minutes * 60)
    if state != "AVAILABLE":
        raise ActionError(f"The backup of table {table} is {state}, wanted AVAILABLE.")


def _backups(aws: AwsWriter, table: str) -> list[tuple[str, str]]:
    found = aws.dynamodb.list_backups(TableName=table)["BackupSummaries"]
    return [(str(each["BackupArn"]), str(each["BackupName"])) for each in found]


def _status(aws: AwsWriter, arn: str) -> str:
    return str(aws.dynamodb.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]["BackupStatus"])
