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
    remedy="aws dynamodb update-continuous-backups --table-name <table> --point-in-time-recovery-specification "
    "PointInTimeRecoveryEnabled=true",
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


@check(
    permissions=("dynamodb:DescribeTable",),
    remedy="aws dynamodb update-table --table-name <table> --sse-specification Enabled=true,SSEType=KMS,KMSMasterKeyId=<key>",
)
def encrypted(aws: Aws, *, tables: list[str], kms: bool = False, key: str = "") -> Verdict:
    """Every table is encrypted at rest.

    DynamoDB encrypts every table with a key of its own; only with a key in KMS can the right to read be taken away at the key.
    Reads dynamodb:DescribeTable once a table. ``kms`` asks for a key in the account's KMS; ``key`` is the end of that key's
    ARN.

    Example:
        check: aws.dynamodb.encrypted
        with: {tables: [Orders-prod], kms: true}

    """

    def sealed(name: str) -> Verdict:
        seen = _table(aws, name).get("SSEDescription")  # omitted where DynamoDB's own key is used
        if seen is None:
            told = f"Table {name} is encrypted with DynamoDB's own key"
            return failed(f"{told}, wanted {key or 'a key in KMS'}.") if kms or key else passed(f"{told}.")
        if seen["Status"] != "ENABLED":
            return failed(f"Encryption of table {name} is {seen['Status']}, wanted ENABLED.")
        if key and not str(seen["KMSMasterKeyArn"]).endswith(key):
            return failed(f"Table {name} is encrypted with {seen['KMSMasterKeyArn']}, wanted {key}.")
        return passed(f"Table {name} is encrypted with {seen.get('KMSMasterKeyArn', 'a key in KMS')}.")

    return every("table", tables, sealed)


@check(
    permissions=("dynamodb:DescribeTable",),
    remedy="aws dynamodb update-table --table-name <table> --replica-updates 'Create={RegionName=<region>}'",
)
def replicated(aws: Aws, *, tables: list[str], regions: list[str]) -> Verdict:
    """Every table has an active replica in each of the regions.

    When a region is down, the replica is what users are served from.
    Reads dynamodb:DescribeTable once a table.

    Example:
        check: aws.dynamodb.replicated
        with: {tables: [Orders-prod], regions: [us-west-2]}

    """

    def copied(name: str) -> Verdict:
        replicas = _table(aws, name).get("Replicas", [])  # omitted where the table is in one region
        active = [str(each["RegionName"]) for each in replicas if each.get("ReplicaStatus") == "ACTIVE"]
        return includes(f"Table {name} among its active replicas", active, regions)

    return every("table", tables, copied)


def _table(aws: Aws, name: str) -> Answer:
    table: Answer = aws.dynamodb.describe_table(TableName=name)["Table"]
    return table
