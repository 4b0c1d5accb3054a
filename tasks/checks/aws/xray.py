"""X-Ray: requests are sampled, and their way through the services can be seen."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.judges import at_least, every, includes, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_MOST_TRACES = 1000


@check(permissions=("xray:GetSamplingRules",), remedy="aws xray create-sampling-rule --sampling-rule …")
def sampling_rules_set(aws: Aws, *, rules: list[str], at_least_rate: float = 0, at_most_rate: float = 1) -> Verdict:
    """Every sampling rule exists and takes a share of the requests that is wished.

    Too small a share misses the rare fault, too large a one costs more than the service.
    Reads xray:GetSamplingRules. The rates are shares from 0 to 1.

    Example:
        check: aws.xray.sampling_rules_set
        with: {rules: [app-prod], at_least_rate: 0.01, at_most_rate: 0.2}

    """
    found = [each["SamplingRule"] for each in aws.xray.get_sampling_rules()["SamplingRuleRecords"]]
    rates = {str(each["RuleName"]): float(each["FixedRate"]) for each in found}

    def fitting(name: str) -> Verdict:
        if name not in rates:
            return failed(f"There is no sampling rule {name}.")
        told = f"Sampling rule {name} takes {rates[name]:g} of the requests"
        good = at_least_rate <= rates[name] <= at_most_rate
        return passed(f"{told}.") if good else failed(f"{told}, wanted {at_least_rate:g} to {at_most_rate:g}.")

    return every("sampling rule", rules, fitting)


@check(permissions=("xray:GetServiceGraph",), remedy="https://console.aws.amazon.com/cloudwatch/home#xray:service-map/map")
def service_map_shows(aws: Aws, *, services: list[str] | None = None, minutes: int = 60) -> Verdict:
    """The service map of the last minutes shows the services.

    A service that is missing on it sends no trace, or had no request.
    Reads xray:GetServiceGraph. ``services`` are names that must be on it, by default any. An empty map is unknown: it needs
    traffic.

    Example:
        check: aws.xray.service_map_shows
        with: {services: [orders-prod], minutes: 60}

    """
    graph = aws.xray.get_service_graph(StartTime=aws.now - timedelta(minutes=minutes), EndTime=aws.now)
    names = list(dict.fromkeys(str(each["Name"]) for each in graph["Services"] if "Name" in each))
    if not names:
        return unknown(f"The service map of the last {minutes} minutes is empty.")
    if not services:
        return passed(f"The service map of the last {minutes} minutes shows {listed(names)}.")
    return includes(f"The service map of the last {minutes} minutes", names, services)


@check(permissions=("xray:GetTraceSummaries",), remedy="aws xray get-trace-summaries --start-time <time> --end-time <time>")
def traces_received(aws: Aws, *, minutes: int = 60, traces: int = 1, at_most_faults: int = -1) -> Verdict:
    """Traces arrived in the last minutes, few enough of them with a fault.

    Reads xray:GetTraceSummaries, the first thousand. ``traces`` is the smallest number that must have come; ``at_most_faults``
    the number of those with a fault that is accepted, -1 for any.

    Example:
        check: aws.xray.traces_received
        with: {minutes: 30, traces: 10, at_most_faults: 0}

    """
    stretch = {"StartTime": aws.now - timedelta(minutes=minutes), "EndTime": aws.now}
    found = aws.xray.get_trace_summaries(**stretch, PaginationConfig={"MaxItems": _MOST_TRACES})["TraceSummaries"]
    faults = sum(bool(each.get("HasFault")) for each in found)
    if 0 <= at_most_faults < faults:
        return failed(f"{faults} of {len(found)} traces of the last {minutes} minutes have a fault, wanted {at_most_faults}.")
    return at_least(f"The number of traces of the last {minutes} minutes, {faults} with a fault,", len(found), traces)
