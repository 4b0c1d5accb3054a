from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, MOST, LEAST, RATIO, GROWS, REPORT = (
    f"aws.metrics.{name}" for name in ("exist", "at_most", "at_least", "ratio_at_most", "not_growing", "report")
)
DURATION = {"namespace": "AWS/Lambda", "metric": "Duration", "dimensions": {"FunctionName": "orders"}}
ERRORS = {"namespace": "AWS/Lambda", "part": "Errors", "whole": "Invocations", "percent": 1.0}
SENT = {"namespace": "App", "metrics": ["Bookings"]}
UNREAD = {"cloudwatch.get_metric_data": DENIED}
GONE = {"cloudwatch.get_metric_data": aws_error("ResourceNotFound")}


def values(*seen: float, **others: tuple[float, ...]) -> dict[str, Any]:
    """Values of each metric by its name, of those not named ``seen``; two results stand for two pages."""

    def found(**asked: Any) -> dict[str, Any]:
        name = asked["MetricDataQueries"][0]["MetricStat"]["Metric"]["MetricName"]
        every = list(others.get(name, seen))
        return {"MetricDataResults": [{"Values": every[:2]}, {"Values": every[2:]}]}

    return {"cloudwatch.get_metric_data": found}


def limit(number: float, statistic: str = "p95") -> dict[str, Any]:
    return DURATION | {"limit": number, "statistic": statistic}


FLAT, RISING = [100.0] * 8, [100.0, 100.0, 120.0, 130.0, 140.0, 150.0, 110.1, 110.1]
CASES = [
    Case("sent", EXIST, SENT, Status.PASSED, "has 1 series", {"cloudwatch.list_metrics": {"Metrics": [{}]}}),
    Case("not sent", EXIST, SENT, Status.FAILED,
         "Nobody sends metric App Bookings", {"cloudwatch.list_metrics": {"Metrics": []}}),
    Case("none named", EXIST, SENT | {"metrics": []}, Status.UNKNOWN, "nothing could be judged", {}),
    Case("denied", EXIST, SENT, Status.UNKNOWN, "AccessDenied", {"cloudwatch.list_metrics": DENIED}),
    Case("the highest is the limit", MOST, limit(500), Status.PASSED, "p95 of Duration of orders", values(100, 500, 300)),
    Case("one is higher", MOST, limit(500), Status.FAILED, "(▁█▄) is 501, wanted at most 500", values(100, 501, 300)),
    Case("the total is higher", MOST, limit(500, "Sum"), Status.FAILED, "is 900", values(300, 300, 300)),
    Case("no value", MOST, limit(500), Status.UNKNOWN, "has no value", values()),
    Case("no value, and that is well", MOST, limit(0, "Sum") | {"allow_empty": True}, Status.PASSED, "has no value", values()),
    Case("not there", MOST, limit(1), Status.FAILED, "ResourceNotFound", GONE),
    Case("denied", MOST, limit(500), Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("the total is the limit", LEAST, limit(3, "Sum"), Status.PASSED, "is 3", values(1, 1, 1)),
    Case("the total is less", LEAST, limit(4, "Sum"), Status.FAILED, "wanted at least 4", values(1, 1, 1)),
    Case("one is lower", LEAST, limit(99, "Average"), Status.FAILED, "is 98", values(100, 98, 100)),
    Case("no value", LEAST, limit(1), Status.UNKNOWN, "has no value", values()),
    Case("denied", LEAST, limit(1), Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just few enough", RATIO, ERRORS, Status.PASSED, "(10 of 1000) is 1 %", values(Errors=(10,), Invocations=(500, 500))),
    Case("too many", RATIO, ERRORS, Status.FAILED, "(11 of 1000) is 1.1 %", values(Errors=(11,), Invocations=(500, 500))),
    Case("no error", RATIO, ERRORS, Status.PASSED, "(0 of 1000)", values(Errors=(), Invocations=(1000,))),
    Case("no call", RATIO, ERRORS, Status.UNKNOWN, "no Invocations", values(Errors=(), Invocations=())),
    Case("denied", RATIO, ERRORS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("flat", GROWS, DURATION, Status.PASSED, "from 100 to 100 (▄▄▄▄▄▄▄▄)", values(*FLAT)),
    Case("just as much as is accepted", GROWS, DURATION | {"percent": 10.1}, Status.PASSED, "10.1 %", values(*RISING)),
    Case("grows", GROWS, DURATION, Status.FAILED, "10.1 %, wanted at most 10 %", values(*RISING)),
    Case("too few values", GROWS, DURATION, Status.UNKNOWN, "show no trend", values(*FLAT[:7])),
    Case("began at nothing", GROWS, DURATION, Status.UNKNOWN, "no share", values(0, 0, *FLAT)),
    Case("denied", GROWS, DURATION, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("figures", REPORT, SENT | {"metrics": ["Count", "Latency p95"]}, Status.PASSED,
         "p95 of Latency in the last 1440 minutes is 9",
         values(Count=(3, 4), Latency=(7, 9))),
    Case("a metric without a value", REPORT, SENT, Status.UNKNOWN, "has no value", values()),
    Case("and that is well", REPORT, SENT | {"allow_empty": True}, Status.PASSED, "has no value", values()),
    Case("not there", REPORT, SENT, Status.FAILED, "ResourceNotFound", GONE),
    Case("denied", REPORT, SENT, Status.UNKNOWN, "AccessDenied", UNREAD),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
