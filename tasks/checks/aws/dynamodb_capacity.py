"""What DynamoDB tables are asked for, what they refuse, and which indexes are used."""

from __future__ import annotations

from tasks.checks.aws.metrics import total
from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_most, every, listed, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, passed, unknown

_READS = ("dynamodb:DescribeTable", "cloudwatch:GetMetricData")
_NAMESPACE = "AWS/DynamoDB"
_CONSUMED = ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")


@check(permissions=_READS, remedy="aws dynamodb update-table --table-name <table> --provisioned-throughput …")
def not_throttled(aws: Aws, *, tables: list[str], hours: int = 24, events: int = 0, allow_empty: bool = False) -> Verdict:
    """No table refused reads or writes for want of capacity.

    What a table refuses, users wait for or lose.
    Reads the sums of ReadThrottleEvents, WriteThrottleEvents and consumed units by cloudwatch:GetMetricData. ``events`` is the
    accepted number of refusals. A table that nobody used is unknown unless ``allow_empty``.

    Example:
        check: aws.dynamodb_capacity.not_throttled
        with: {tables: [Orders-prod], hours: 24}

    """

    def gave(name: str) -> Verdict:
        _table(aws, name)
        refused = sum(_sum(aws, name, each, hours) for each in ("ReadThrottleEvents", "WriteThrottleEvents"))
        reads, writes = (_sum(aws, name, each, hours) for each in _CONSUMED)
        what = f"Refusals by table {name} in the last {hours} hours ({reads:g} read and {writes:g} write units used)"
        if not refused and not reads and not writes and not allow_empty:
            return unknown(f"{what}: nobody used the table.")
        return at_most(what, refused, events)

    return every("table", tables, gave)


@check(permissions=_READS, remedy="aws dynamodb update-table --table-name <table> --provisioned-throughput …")
def use_at_most(aws: Aws, *, tables: list[str], percent: float = 80, hours: int = 24) -> Verdict:
    """Every table has capacity to spare, on the average of the last hours.

    Reads the sums of consumed units by cloudwatch:GetMetricData and compares them with what is provisioned; for a table on
    demand it shows the figures. ``percent`` is the highest accepted use. A table that nobody used is unknown.

    Example:
        check: aws.dynamodb_capacity.use_at_most
        with: {tables: [Orders-prod], percent: 80, hours: 24}

    """

    def spare(name: str) -> Verdict:
        provisioned = _table(aws, name).get("ProvisionedThroughput", {})
        used = [_sum(aws, name, each, hours) for each in _CONSUMED]
        told = f"Table {name} used {used[0]:g} read and {used[1]:g} write units in the last {hours} hours"
        if not any(used):
            return unknown(f"{told}, so there is nothing to judge.")
        limits = [provisioned.get(each, 0) * hours * 3600 for each in ("ReadCapacityUnits", "WriteCapacityUnits")]
        if not any(limits):  # on demand, DynamoDB answers 0 for both
            return passed(f"{told}, on demand.")
        share = max(100 * seen / limit for seen, limit in zip(used, limits, strict=True) if limit)
        return at_most(f"{told}; the larger use of what is provisioned", round(share, 1), percent, "%")

    return every("table", tables, spare)


@check(permissions=_READS, remedy="aws dynamodb describe-table --table-name <table> --query Table.GlobalSecondaryIndexes")
def indexes_used(aws: Aws, *, table: str, hours: int = 168, tolerated: list[str] | None = None) -> Verdict:
    """Every global secondary index of the table was read in the last hours.

    An index that nobody reads is written and paid for with each item.
    Reads dynamodb:DescribeTable and the sums of ConsumedReadCapacityUnits by cloudwatch:GetMetricData. ``tolerated`` are
    indexes that may be unused. A table without an index is unknown.

    Example:
        check: aws.dynamodb_capacity.indexes_used
        with: {table: Orders-prod, hours: 168}

    """
    names = [str(each["IndexName"]) for each in _table(aws, table).get("GlobalSecondaryIndexes", [])]
    reads = {name: _sum(aws, table, "ConsumedReadCapacityUnits", hours, name) for name in names}
    unused = [name for name, units in reads.items() if not units and name not in (tolerated or [])]
    verdict = none(f"indexes of table {table} that nobody read in the last {hours} hours", unused, len(names))
    figures = listed(f"{name} {units:g} units" for name, units in reads.items())
    return Verdict(verdict.status, f"{verdict.summary} Read were {figures}." if figures else verdict.summary)


def _table(aws: Aws, name: str) -> Answer:
    table: Answer = aws.dynamodb.describe_table(TableName=name)["Table"]
    return table


def _sum(aws: Aws, table: str, metric: str, hours: int, index: str = "") -> float:
    dimensions = {"TableName": table} | ({"GlobalSecondaryIndexName": index} if index else {})
    return total(aws, _NAMESPACE, metric, dimensions, minutes=hours * 60) or 0
