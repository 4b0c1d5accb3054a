"""CloudWatch metrics of any service: within limits, in proportion, not growing, or laid out for a person to judge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core import judges
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.series import growth, sparkline
from tasks.core.verdicts import Verdict, failed, passed, unknown

_READS = ("cloudwatch:GetMetricData",)
_REMEDY = "aws cloudwatch get-metric-statistics --namespace <namespace> --metric-name <metric> …"
_TOTALS = ("Sum", "SampleCount")


@check(permissions=("cloudwatch:ListMetrics",), remedy="aws cloudwatch list-metrics --namespace <namespace>")
def exist(aws: Aws, *, namespace: str, metrics: list[str]) -> Verdict:
    """Every metric is being sent.

    An alarm on a metric that nobody sends never rings. CloudWatch lists a metric until two weeks after its last value.
    Reads cloudwatch:ListMetrics once a metric.

    Example:
        check: aws.metrics.exist
        with: {namespace: Kalendlytic/prod, metrics: [BookingsCreated]}

    """

    def sent(name: str) -> Verdict:
        found = aws.cloudwatch.list_metrics(Namespace=namespace, MetricName=name)["Metrics"]
        return (
            passed(f"Metric {namespace} {name} has {len(found)} series.")
            if found
            else failed(f"Nobody sends metric {namespace} {name}.")
        )

    return every("metric", metrics, sent)


@check(permissions=_READS, remedy=_REMEDY)
def at_most(
    aws: Aws,
    *,
    namespace: str,
    metric: str,
    limit: float,
    statistic: str = "Maximum",
    dimensions: dict[str, str] | None = None,
    minutes: int = 60,
    period_minutes: int = 5,
    allow_empty: bool = False,
) -> Verdict:
    """The metric stayed at or below the limit.

    Reads cloudwatch:GetMetricData over the last ``minutes``. ``statistic`` is Sum or SampleCount, of which the total counts, or
    Average, Minimum, Maximum, p50 … p99.9, of which the highest value of any ``period_minutes`` counts. ``limit`` is in the
    metric's own unit. No value is unknown unless ``allow_empty``: a metric that only errors write has none when all is well.

    Example:
        check: aws.metrics.at_most
        with: {namespace: AWS/Lambda, metric: Duration, statistic: p95, limit: 500, dimensions: {FunctionName: orders-prod}}

    """
    series = _Series(namespace, metric, statistic, dimensions)
    seen = _values(aws, series, minutes, period_minutes)
    what = f"{series} in the last {minutes} minutes"
    if not seen and allow_empty:
        return passed(f"{what} has no value.")
    return judges.at_most(f"{what}{_curve(seen)}", _whole(seen, statistic, max), limit)


@check(permissions=_READS, remedy=_REMEDY)
def at_least(
    aws: Aws,
    *,
    namespace: str,
    metric: str,
    limit: float,
    statistic: str = "Sum",
    dimensions: dict[str, str] | None = None,
    minutes: int = 60,
    period_minutes: int = 5,
) -> Verdict:
    """The metric reached the limit, or stayed at or above it.

    Reads cloudwatch:GetMetricData over the last ``minutes``. Of ``statistic`` Sum and SampleCount the total counts; of Average,
    Minimum, Maximum, p50 … p99.9 the lowest value of any ``period_minutes``. No value is unknown.

    Example:
        check: aws.metrics.at_least
        with: {namespace: AWS/WAFV2, metric: BlockedRequests, limit: 1, dimensions: {WebACL: shield, Rule: ALL}}

    """
    series = _Series(namespace, metric, statistic, dimensions)
    seen = _values(aws, series, minutes, period_minutes)
    return judges.at_least(f"{series} in the last {minutes} minutes{_curve(seen)}", _whole(seen, statistic, min), limit)


@check(permissions=_READS, remedy=_REMEDY)
def ratio_at_most(
    aws: Aws,
    *,
    namespace: str,
    part: str,
    whole: str,
    percent: float,
    dimensions: dict[str, str] | None = None,
    minutes: int = 60,
) -> Verdict:
    """One metric is at most such a share of another: errors of requests, throttles of calls.

    A count alone says little: ten errors are nothing among a million and everything among twelve.
    Reads the sums of both by cloudwatch:GetMetricData over the last ``minutes``. ``part`` without a value counts as 0;
    ``whole`` without one, or of 0, is unknown.

    Example:
        check: aws.metrics.ratio_at_most
        with: {namespace: AWS/Lambda, part: Errors, whole: Invocations, percent: 0.1, dimensions: {FunctionName: orders-prod}}

    """
    some = total(aws, namespace, part, dimensions, minutes=minutes) or 0
    every_one = total(aws, namespace, whole, dimensions, minutes=minutes)
    what = f"{part} of {whole}{_of(dimensions)} in the last {minutes} minutes"
    if not every_one:
        return unknown(f"{what}: there was no {whole}, so there is no share to judge.")
    return judges.at_most(f"{what} ({some:g} of {every_one:g})", round(100 * some / every_one, 4), percent, "%")


@check(permissions=_READS, remedy=_REMEDY)
def not_growing(
    aws: Aws,
    *,
    namespace: str,
    metric: str,
    percent: float = 10,
    statistic: str = "Average",
    dimensions: dict[str, str] | None = None,
    hours: int = 24,
) -> Verdict:
    """The metric is at the end about what it was in the beginning.

    Memory that grows all day ends the process some night.
    Reads hourly values by cloudwatch:GetMetricData; compares the mean of the last quarter of ``hours`` with that of the first.
    ``percent`` is the growth that is accepted. Fewer than eight values are unknown.

    Example:
        check: aws.metrics.not_growing
        with: {namespace: AWS/ECS, metric: MemoryUtilization, percent: 10, dimensions: {ServiceName: api, ClusterName: prod}}

    """
    seen = _values(aws, _Series(namespace, metric, statistic, dimensions), hours * 60, 60)
    return growth(f"{metric}{_of(dimensions)} in {hours} hours", seen, percent)


@check(permissions=_READS, remedy=_REMEDY)
def report(
    aws: Aws,
    *,
    namespace: str,
    metrics: list[str],
    dimensions: dict[str, str] | None = None,
    minutes: int = 1440,
    allow_empty: bool = False,
) -> Verdict:
    """The figures of the last hours, for a person to judge.

    Reads cloudwatch:GetMetricData. ``metrics`` are ``Name Statistic``, such as ``Duration p95`` or ``Errors Sum``; of a Sum the
    total is shown, else the highest hour. A metric without a value is unknown unless ``allow_empty``.

    Example:
        check: aws.metrics.report
        with: {namespace: AWS/ApiGateway, metrics: [Count Sum, 5XXError Sum, Latency p95], dimensions: {ApiName: workflow-prod}}

    """

    def shown(each: str) -> Verdict:
        metric, _, statistic = each.partition(" ")
        series = _Series(namespace, metric, statistic or "Sum", dimensions)
        seen = _values(aws, series, minutes, 60)
        value = _whole(seen, series.statistic, max)
        what = f"{series} in the last {minutes} minutes"
        if value is None:
            return (passed if allow_empty else unknown)(f"{what} has no value.")
        return passed(f"{what} is {value:g}{_curve(seen)}.")

    return every("metric", metrics, shown)


def total(aws: Aws, namespace: str, metric: str, dimensions: Mapping[str, str] | None, *, minutes: int) -> float | None:
    """The sum of the metric over the last minutes; None where it has no value."""
    return _whole(_values(aws, _Series(namespace, metric, "Sum", dimensions), minutes, 60 if minutes > 180 else 5), "Sum", max)


@dataclass(frozen=True)
class _Series:
    namespace: str
    metric: str
    statistic: str
    dimensions: Mapping[str, str] | None

    def __str__(self) -> str:
        return f"{self.statistic} of {self.metric}{_of(self.dimensions)}"


def _values(aws: Aws, series: _Series, minutes: int, period_minutes: int) -> list[float]:
    metric = {
        "Namespace": series.namespace,
        "MetricName": series.metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in sorted((series.dimensions or {}).items())],
    }
    stat = {"Metric": metric, "Period": period_minutes * 60, "Stat": series.statistic}
    found = aws.cloudwatch.get_metric_data(
        MetricDataQueries=[{"Id": "m", "MetricStat": stat}],
        StartTime=aws.now - timedelta(minutes=minutes),
        EndTime=aws.now,
        ScanBy="TimestampAscending",
    )["MetricDataResults"]
    return [float(value) for each in found for value in each["Values"]]


def _whole(values: list[float], statistic: str, extreme: Callable[[list[float]], float]) -> float | None:
    if not values:
        return None
    return sum(values) if statistic in _TOTALS else extreme(values)


def _curve(values: list[float]) -> str:
    return f" ({sparkline(values)})" if len(values) > 1 else ""


def _of(dimensions: Mapping[str, str] | None) -> str:
    return f" of {', '.join(dimensions.values())}" if dimensions else ""
