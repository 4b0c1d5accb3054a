"""Cost Explorer: what the account costs, for people to review and for limits that they set. A question costs a cent."""

from __future__ import annotations

from datetime import datetime, timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_least, at_most, includes, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_READS = ("ce:GetCostAndUsage",)
_EXPLORE = "https://console.aws.amazon.com/cost-management/home#/cost-explorer"
_MOST_DEAR = 5


@check(permissions=_READS, remedy=_EXPLORE)
def explorer_enabled(aws: Aws) -> Verdict:
    """Cost Explorer is on and has figures.

    It begins to collect when it is switched on, so a look back needs it on early.
    Reads ce:GetCostAndUsage for the last seven days. No figure at all is unknown.

    Example:
        check: aws.costs.explorer_enabled

    """
    costs = _by_service(aws, aws.now - timedelta(days=7), aws.now)
    if not costs:
        return unknown("Cost Explorer answers and has no figure of the last 7 days.")
    return passed(f"Cost Explorer answers: {_shown(costs)} in the last 7 days.")


@check(permissions=_READS, remedy=_EXPLORE)
def spending(aws: Aws, *, days: int = 7, at_most_total: float = 0, at_most_growth_percent: float = 0) -> Verdict:
    """What the account cost in the last days, by service, beside the days before.

    Reads ce:GetCostAndUsage twice. ``days`` is the length of both stretches; ``at_most_total`` is in the account's currency and
    ``at_most_growth_percent`` against the stretch before; 0 sets no limit, and then the figures are for a person to judge.

    Example:
        check: aws.costs.spending
        with: {days: 7, at_most_total: 500, at_most_growth_percent: 30}

    """
    since = aws.now - timedelta(days=days)
    now, before = _by_service(aws, since, aws.now), _by_service(aws, since - timedelta(days=days), since)
    if not now:
        return unknown(f"Cost Explorer has no figure of the last {days} days.")
    total, earlier = sum(now.values()), sum(before.values())
    told = f"The last {days} days cost {_shown(now)}, the {days} days before {earlier:.2f}"
    if at_most_total and total > at_most_total:
        return failed(f"{told}; wanted at most {at_most_total:g}.")
    if at_most_growth_percent and not earlier:
        return unknown(f"{told}, so there is nothing to compare with.")
    if at_most_growth_percent and total > earlier * (1 + at_most_growth_percent / 100):
        return failed(f"{told}; wanted at most {at_most_growth_percent:g} % more.")
    return passed(f"{told}.")


@check(permissions=("ce:GetReservationUtilization",), remedy=_EXPLORE)
def commitments_used(aws: Aws, *, days: int = 30, percent: float = 80) -> Verdict:
    """What is reserved and paid for in advance is used.

    A reservation that nothing uses is paid in full.
    Reads ce:GetReservationUtilization over the last days. ``percent`` is the smallest share of the reserved hours that must
    have been used. An account without reservations is unknown.

    Example:
        check: aws.costs.commitments_used
        with: {days: 30, percent: 80}

    """
    total = aws.ce.get_reservation_utilization(TimePeriod=_period(aws.now - timedelta(days=days), aws.now)).get("Total", {})
    if not float(total.get("PurchasedHours") or 0):
        return unknown(f"The account had no reservation in the last {days} days, so there is no use to judge.")
    return at_least(f"Use of reservations in the last {days} days", float(total["UtilizationPercentage"]), percent, "%")


@check(
    permissions=("ce:GetAnomalyMonitors", "ce:GetAnomalySubscriptions"),
    remedy="aws ce create-anomaly-subscription --anomaly-subscription …",
)
def anomaly_detection_on(aws: Aws) -> Verdict:
    """AWS looks for costs out of the ordinary, and tells somebody.

    A loop that calls a paid service is found in hours instead of at the end of the month.
    Reads ce:GetAnomalyMonitors and ce:GetAnomalySubscriptions.

    Example:
        check: aws.costs.anomaly_detection_on

    """
    monitors = {str(each["MonitorArn"]): str(each["MonitorName"]) for each in aws.ce.get_anomaly_monitors()["AnomalyMonitors"]}
    if not monitors:
        return failed("No monitor looks for costs out of the ordinary.")
    subscriptions = aws.ce.get_anomaly_subscriptions()["AnomalySubscriptions"]
    told = [
        str(who["Address"])
        for each in subscriptions
        if set(each["MonitorArnList"]) & monitors.keys()
        for who in each["Subscribers"]
    ]
    if not told:
        return failed(f"Monitor {listed(monitors.values())} looks for costs out of the ordinary and tells nobody.")
    return passed(f"Monitor {listed(monitors.values())} tells {listed(dict.fromkeys(told))}.")


@check(
    permissions=("ce:GetAnomalyMonitors", "ce:GetAnomalies"),
    remedy="https://console.aws.amazon.com/cost-management/home#/anomaly-detection",
)
def no_anomalies(aws: Aws, *, days: int = 7, at_most_impact: float = 0) -> Verdict:
    """AWS found no costs out of the ordinary in the last days.

    Reads ce:GetAnomalyMonitors and ce:GetAnomalies; without a monitor it is unknown. ``at_most_impact`` is what all anomalies
    together may have cost, in the account's currency.

    Example:
        check: aws.costs.no_anomalies
        with: {days: 7, at_most_impact: 20}

    """
    if not aws.ce.get_anomaly_monitors()["AnomalyMonitors"]:
        return unknown("No monitor looks for costs out of the ordinary, so nobody can say.")
    since = aws.now - timedelta(days=days)
    found = aws.ce.get_anomalies(DateInterval={"StartDate": f"{since:%Y-%m-%d}", "EndDate": f"{aws.now:%Y-%m-%d}"})["Anomalies"]
    impact = sum(float(each["Impact"]["TotalImpact"]) for each in found)
    return at_most(f"The cost of {len(found)} anomalies of the last {days} days", round(impact, 2), at_most_impact)


@check(
    permissions=("ce:ListCostAllocationTags",),
    remedy="aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=<key>,Status=Active",
)
def allocation_tags_active(aws: Aws, *, tags: list[str]) -> Verdict:
    """Costs can be told apart by every one of the tags.

    A tag counts from the day on which it is activated, not before.
    Reads ce:ListCostAllocationTags.

    Example:
        check: aws.costs.allocation_tags_active
        with: {tags: [Project, Environment]}

    """
    found = aws.ce.list_cost_allocation_tags(Status="Active")["CostAllocationTags"]
    return includes("The active cost allocation tags", [str(each["TagKey"]) for each in found], tags)


def _by_service(aws: Aws, since: datetime, until: datetime) -> dict[str, float]:
    """Cost by service, dearest first, in the account's currency."""
    found = aws.ce.get_cost_and_usage(
        TimePeriod=_period(since, until),
        Granularity="DAILY",
        Metrics=["UnblendedCost"],
        GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
    )["ResultsByTime"]
    costs: dict[str, float] = {}
    for group in (each for day in found for each in day["Groups"]):
        amount = float(group["Metrics"]["UnblendedCost"]["Amount"])
        costs[str(group["Keys"][0])] = costs.get(str(group["Keys"][0]), 0.0) + amount
    return dict(sorted(costs.items(), key=lambda pair: -pair[1]))


def _shown(costs: dict[str, float]) -> str:
    dearest = [f"{service} {amount:.2f}" for service, amount in list(costs.items())[:_MOST_DEAR]]
    return f"{sum(costs.values()):.2f} ({', '.join(dearest)})"


def _period(since: datetime, until: datetime) -> Answer:
    return Answer(Start=f"{since:%Y-%m-%d}", End=f"{until:%Y-%m-%d}")
