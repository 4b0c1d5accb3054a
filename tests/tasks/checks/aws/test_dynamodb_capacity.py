from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

GAVE, SPARE, USED = (f"aws.dynamodb_capacity.{name}" for name in ("not_throttled", "use_at_most", "indexes_used"))
ORDERS = {"tables": ["Orders"]}
HOUR = ORDERS | {"hours": 1}
ONE = {"table": "Orders"}
GONE = {"dynamodb.describe_table": aws_error("ResourceNotFoundException", "Table: Orders not found")}
TEN = {"ProvisionedThroughput": {"ReadCapacityUnits": 10, "WriteCapacityUnits": 10}}
INDEX = {"GlobalSecondaryIndexes": [{"IndexName": "by-user"}]}


def table(whole: dict[str, Any] | None = None, **sums: float) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        name = asked["MetricDataQueries"][0]["MetricStat"]["Metric"]["MetricName"]
        return {"MetricDataResults": [{"Values": [sums[name]] if name in sums else []}]}

    return {"dynamodb.describe_table": {"Table": whole or {}}, "cloudwatch.get_metric_data": found}


CASES = [
    Case("used and nothing refused", GAVE, ORDERS, Status.PASSED, "is 0", table(ConsumedReadCapacityUnits=5)),
    Case("refused", GAVE, ORDERS, Status.FAILED, "is 1, wanted at most 0", table(WriteThrottleEvents=1)),
    Case("as many as accepted", GAVE, ORDERS | {"events": 1}, Status.PASSED, "is 1", table(WriteThrottleEvents=1)),
    Case("nobody used it", GAVE, ORDERS, Status.UNKNOWN, "nobody used", table()),
    Case("nobody had to", GAVE, ORDERS | {"allow_empty": True}, Status.PASSED, "is 0", table()),
    Case("not there", GAVE, ORDERS, Status.FAILED, "not found", GONE),
    Case("denied", GAVE, ORDERS, Status.UNKNOWN, "AccessDenied", table() | {"cloudwatch.get_metric_data": DENIED}),
    Case("just enough to spare", SPARE, HOUR, Status.PASSED, "is 80 %", table(TEN, ConsumedWriteCapacityUnits=28800)),
    Case("too little to spare", SPARE, HOUR, Status.FAILED, "is 81 %", table(TEN, ConsumedWriteCapacityUnits=29160)),
    Case("on demand", SPARE, HOUR, Status.PASSED, "on demand", table(ConsumedWriteCapacityUnits=29160)),
    Case("nobody used it", SPARE, HOUR, Status.UNKNOWN, "nothing to judge", table(TEN)),
    Case("not there", SPARE, HOUR, Status.FAILED, "not found", GONE),
    Case("denied", SPARE, HOUR, Status.UNKNOWN, "AccessDenied", {"dynamodb.describe_table": DENIED}),
    Case("read", USED, ONE, Status.PASSED, "by-user 5 units", table(INDEX, ConsumedReadCapacityUnits=5)),
    Case("never read", USED, ONE, Status.FAILED, "1 indexes of table Orders", table(INDEX)),
    Case("tolerated", USED, ONE | {"tolerated": ["by-user"]}, Status.PASSED, "among 1", table(INDEX)),
    Case("no index", USED, ONE, Status.UNKNOWN, "Nothing was there", table()),
    Case("not there", USED, ONE, Status.FAILED, "not found", GONE),
    Case("denied", USED, ONE, Status.UNKNOWN, "AccessDenied", table(INDEX) | {"cloudwatch.get_metric_data": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
