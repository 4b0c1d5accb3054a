"""Jaeger: it answers, traces of the services arrive, and as many of them as wished."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.api import Api
from tasks.core import judges
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst


@check(remedy="curl -isS <url>/api/services")
def ready(api: Api, *, url: str, key: str = "", scheme: str = "Bearer") -> Verdict:
    """Jaeger's query service answers, and reaches what keeps the traces.

    ``url`` is its base address, ``key`` a reference to what proves who asks. Reads ``/api/services``, which
    its storage answers.

    Example:
        check: jaeger.ready
        with: {url: "https://jaeger.example.com"}

    """
    said = api.at(url, key, scheme).json("/api/services")
    if said.get("errors"):
        return failed(f"{url} cannot read its traces: {said['errors'][0].get('msg', 'no reason given')}.")
    return passed(f"{url} answers and knows {len(said['data'] or ())} services.")


@check(remedy="Open <url>/search, and look into the log of the service's exporter.")
def receiving(
    api: Api, *, url: str, services: list[str], minutes: float = 15, key: str = "", scheme: str = "Bearer"
) -> Verdict:
    """Traces of every service arrived in the last minutes.

    Reads ``/api/traces`` once a service; ``services`` are named as they call themselves.

    Example:
        check: jaeger.receiving
        with: {url: "https://jaeger.example.com", services: [api, worker], minutes: 15}

    """
    service = api.at(url, key, scheme)
    start, end = ((moment.timestamp() * 1e6) for moment in (api.now - timedelta(minutes=minutes), api.now))

    def arrives(name: str) -> Verdict:
        found = service.json("/api/traces", service=name, start=f"{start:.0f}", end=f"{end:.0f}", limit=20)["data"] or []
        if not found:
            return failed(f"No trace of {name} arrived in the last {minutes:g} minutes.")
        return passed(f"{len(found)}{' or more' if len(found) >= 20 else ''} traces of {name} arrived, with "
                      f"{sum(len(each['spans']) for each in found)} spans.")  # fmt: skip

    return every("service", services, arrives)


@check(remedy="Set the service's rate in the collector's --sampling.strategies-file.")
def sampling_set(
    api: Api,
    *,
    url: str,
    service: str,
    at_least: float = 0.0001,
    at_most: float = 1.0,
    key: str = "",
    scheme: str = "Bearer",
) -> Verdict:
    """The share of its requests that the service takes traces of is within limits.

    Too small, and the one that failed is not among them; too large, and it costs more than the service. Reads
    ``/api/sampling`` of Jaeger's collector (port 14268), whose base address is ``url``; limits are shares from 0 to 1. A
    limit of traces a second instead of a share is shown, and passes when it is not 0.

    Example:
        check: jaeger.sampling_set
        with: {url: "http://jaeger-collector.example.com:14268", service: api, at_least: 0.01, at_most: 0.2}

    """
    told = api.at(url, key, scheme).json("/api/sampling", service=service)
    if told.get("probabilisticSampling"):
        rate = told["probabilisticSampling"]["samplingRate"]
        what = f"Share of traces that {service} takes"
        return worst([judges.at_least(what, rate, at_least), judges.at_most(what, rate, at_most)])
    if told.get("rateLimitingSampling"):
        limit = told["rateLimitingSampling"]["maxTracesPerSecond"]
        return (passed if limit else failed)(f"{service} takes at most {limit} traces a second.")
    return unknown(f"{url} names no share of traces for {service}.")
