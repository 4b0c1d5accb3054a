"""DynamoDB tables: there, active, and configured as the checklist says."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import equal, every, includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(permissions=("dynamodb:DescribeTable",), remedy="aws dynamodb describe-table --table-name <table>")
def table_active(aws: Aws, *, tables: list[str]) -> Verdict:
    """Every table exists and is ACTIVE.

    A table that is still CREATING or UPDATING refuses writes or answers with old settings.
    Reads dynamodb:DescribeTable once a table.

    Example:
        check: aws.dynamodb.table_active
        with: {tables: [Sessions-prod]}

    """
    return every("table", tables, lambda name: equal(f"Status of table {name}", _table(aws, name)["TableStatus"], "ACTIVE"))


@check(
    permissions=("dynamodb:DescribeTimeToLive",),
    remedy="aws dynamodb update-time-to-live --table-name <table> --time-to-live-specification …",
)
def ttl_enabled(aws: Aws, *, table: str, attribute: str) -> Verdict:
    """The table expires its items by the wished attribute.

    Without it old items are kept and paid for until someone notices; with the wrong attribute nothing expires either.
    Reads dynamodb:DescribeTimeToLive.

    Example:
        check: aws.dynamodb.ttl_enabled
        with: {table: Connections-prod, attribute: ttl}

    """
    seen = aws.dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if seen["TimeToLiveStatus"] != "ENABLED":
        return failed(f"TTL of table {table} is {seen['TimeToLiveStatus']}, wanted ENABLED on '{attribute}'.")
    return equal(f"TTL attribute of table {table}", seen["AttributeName"], attribute)


@check(
    permissions=("dynamodb:DescribeTable",),
    remedy="aws dynamodb update-table --table-name <table> --billing-mode PAY_PER_REQUEST",
)
def billing_mode(aws: Aws, *, table: str, mode: str = "PAY_PER_REQUEST") -> Verdict:
    """The table is billed in the wished mode: on demand unless said otherwise.

    A provisioned table throttles at its provisioned capacity, however much is asked of it.
    Reads dynamodb:DescribeTable. ``mode`` is PAY_PER_REQUEST or PROVISIONED.

    Example:
        check: aws.dynamodb.billing_mode
        with: {table: Sessions-prod}

    """
    # A table that was never on demand has no BillingModeSummary at all.
    seen = _table(aws, table).get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    return equal(f"Billing mode of table {table}", seen, mode)


@check(
    permissions=("dynamodb:DescribeTable",),
    remedy="aws dynamodb describe-table --table-name <table> --query Table.GlobalSecondaryIndexes",
)
def gsi_exists(aws: Aws, *, table: str, index: str) -> Verdict:
    """The table has the global secondary index, and it is ACTIVE.

    While an index is being filled, queries on it miss items.
    Reads dynamodb:DescribeTable.

    Example:
        check: aws.dynamodb.gsi_exists
        with: {table: Connections-prod, index: sessionId-targetLanguage-index}

    """
    seen = {each["IndexName"]: each["IndexStatus"] for each in _table(aws, table).get("GlobalSecondaryIndexes", [])}
    if index not in seen:
        return includes(f"Table {table}", seen, [index])
    return equal(f"Status of index {index} of table {table}", seen[index], "ACTIVE")


@check(
    permissions=("dynamodb:DescribeContinuousBackups",),
    remedy="aws dynamodb update-continuous-backups --table-name <table> --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true",
)
def point_in_time_recovery_on(aws: Aws, *, tables: list[str]) -> Verdict:
    """Every table can be restored to any second of its recovery window.

    A bad release that writes wrong items cannot be undone without it.
    Reads dynamodb:DescribeContinuousBackups once a table.

    Example:
        check: aws.dynamodb.point_in_time_recovery_on
        with: {tables: [Sessions-prod, Connections-prod]}

    """

    def recoverable(name: str) -> Verdict:
        seen = aws.dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        status = seen.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus", "DISABLED")
        if status == "ENABLED":
            return passed(f"Point-in-time recovery of table {name} is ENABLED.")
        return failed(f"Point-in-time recovery of table {name} is {status}, wanted ENABLED.")

    return every("table", tables, recoverable)


def _table(aws: Aws, name: str) -> Answer:
    table: Answer = aws.dynamodb.describe_table(TableName=name)["Table"]
    return table
