from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

WELL, COLD, MEMORY, SIZED = (f"aws.lambda_runs.{name}" for name in ("ran_well", "cold_starts", "memory_fits", "rightly_sized"))
ORDERS = {"functions": ["orders"]}
FUNCTION: dict[str, Any] = {"lambda.get_function_configuration": {"FunctionArn": "arn:orders"}}
GONE = {"lambda.get_function_configuration": aws_error("ResourceNotFoundException", "Function not found: orders", 404)}
NO_GROUP = aws_error("ResourceNotFoundException", "The specified log group does not exist.")


def runs(invocations: float, errors: float = 0) -> dict[str, Any]:
    sums = {"Invocations": [invocations] if invocations else [], "Errors": [errors]}

    def found(**asked: Any) -> dict[str, Any]:
        return {"MetricDataResults": [{"Values": sums[asked["MetricDataQueries"][0]["MetricStat"]["Metric"]["MetricName"]]}]}

    return FUNCTION | {"cloudwatch.get_metric_data": found}


def reports(*lines: str, group: str = "/aws/lambda/orders") -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        assert asked["logGroupName"] == group
        return {"events": [{"message": f"REPORT RequestId: 1 Duration: 3.5 ms {line}\n"} for line in lines]}

    return FUNCTION | {"logs.filter_log_events": found}


def starts(*milliseconds: float) -> dict[str, Any]:
    return reports(*(f"Init Duration: {each} ms" for each in milliseconds))


def memory(*used: int) -> dict[str, Any]:
    return reports(*(f"Memory Size: 100 MB\tMax Memory Used: {each} MB" for each in used))


def sized(finding: str) -> dict[str, Any]:
    found = {"finding": finding, "currentMemorySize": 512, "memorySizeRecommendationOptions": [{"memorySize": 256}]}
    return FUNCTION | {"compute-optimizer.get_lambda_function_recommendations": {"lambdaFunctionRecommendations": [found]}}


OWN_GROUP = reports("Init Duration: 5 ms", group="/orders") | {
    "lambda.get_function_configuration": {"LoggingConfig": {"LogGroup": "/orders"}}
}
CASES = [
    Case("no error", WELL, ORDERS, Status.PASSED, "invoked 5 times", runs(5)),
    Case("an error", WELL, ORDERS, Status.FAILED, "1 times with an error", runs(5, 1)),
    Case("just few enough", WELL, ORDERS | {"error_percent": 20}, Status.PASSED, "1 times", runs(5, 1)),
    Case("not invoked", WELL, ORDERS, Status.UNKNOWN, "invoked 0 times", runs(0)),
    Case("too seldom to judge", WELL, ORDERS | {"invocations": 6}, Status.UNKNOWN, "at least 6", runs(5)),
    Case("not there", WELL, ORDERS, Status.FAILED, "not found", GONE),
    Case("denied", WELL, ORDERS, Status.UNKNOWN, "AccessDenied", runs(5) | {"cloudwatch.get_metric_data": DENIED}),
    Case("for a person", COLD, ORDERS, Status.PASSED, "2 cold starts of function orders is 300 ms", starts(300, 100)),
    Case("just quick enough", COLD, ORDERS | {"at_most_ms": 300}, Status.PASSED, "300 ms", starts(300, 100)),
    Case("too slow", COLD, ORDERS | {"at_most_ms": 299}, Status.FAILED, "wanted at most 299", starts(300, 100)),
    Case("one of many is slow", COLD, ORDERS | {"at_most_ms": 100}, Status.PASSED, "100 ms", starts(900, *[100] * 20)),
    Case("in a group of its own", COLD, ORDERS, Status.PASSED, "5 ms", OWN_GROUP),
    Case("none", COLD, ORDERS, Status.UNKNOWN, "no cold start", starts()),
    Case("no log group", COLD, ORDERS, Status.FAILED,
         "log group does not exist", FUNCTION | {"logs.filter_log_events": NO_GROUP}),
    Case("denied", COLD, ORDERS, Status.UNKNOWN, "AccessDenied", FUNCTION | {"logs.filter_log_events": DENIED}),
    Case("just fits", MEMORY, ORDERS, Status.PASSED, "90 of 100 MB, is 90 %", memory(50, 90)),
    Case("nearly full", MEMORY, ORDERS, Status.FAILED, "is 91 %, wanted at most 90 %", memory(50, 91)),
    Case("did not run", MEMORY, ORDERS, Status.UNKNOWN, "did not run", memory()),
    Case("denied", MEMORY, ORDERS, Status.UNKNOWN, "AccessDenied", FUNCTION | {"logs.filter_log_events": DENIED}),
    Case("fits", SIZED, ORDERS, Status.PASSED, "leave the 512 MB", sized("Optimized")),
    Case("too large", SIZED, ORDERS, Status.FAILED, "give function orders 256 MB for 512 MB", sized("NotOptimized")),
    Case("ran too seldom", SIZED, ORDERS, Status.UNKNOWN, "too few", sized("Unavailable")),
    Case("not there", SIZED, ORDERS, Status.FAILED, "not found", GONE),
    Case("not switched on", SIZED, ORDERS, Status.UNKNOWN, "AccessDenied",
         FUNCTION | {"compute-optimizer.get_lambda_function_recommendations": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
