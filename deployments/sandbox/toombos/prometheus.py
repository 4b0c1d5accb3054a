"""The team's Prometheus, as far as anybody asks it: its targets and rules, and queries of what is measured of the fleet."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from .measured import QUIET, Figures, Measured
from .naming import NAMESPACES

_MEMORY_LIMIT = 512 * 1024 * 1024
_DELIVERY_SECONDS, _DELIVERED_PERCENT, _REPLICAS = 2.4, 99.8, 3.0
_ALERTS = {
    "HighErrorRate": "job:errors:percent > 0.1",
    "HighResponseTime": "job:request_seconds:p95 > 0.5",
    "ServiceDown": "up == 0",
    "DatabaseConnectionsHigh": "pg_stat_activity_count / pg_settings_max_connections > 0.8",
    "HighMemoryUsage": "process_resident_memory_bytes / container_spec_memory_limit_bytes > 0.8",
    "HighCpuUsage": "rate(process_cpu_seconds_total[5m]) > 0.7",
    "CertificateExpiresSoon": "probe_ssl_earliest_cert_expiry - time() < 14 * 86400",
}

Value = Callable[[Measured, str], float | None]


def _of(reduce: Callable[[list[Figures]], float]) -> Value:
    def value(measured: Measured, suffix: str) -> float | None:
        found = measured.latest(suffix)
        return reduce(found) if found else None

    return value


def _percent_bad(found: list[Figures]) -> float:
    return 100 * sum(not each.good for each in found) / len(found)


# The first word that a query holds says what it asks for; its value now, and on the quiet days before.
_QUERIES: tuple[tuple[str, Value, float], ...] = (
    ("1000 * histogram_quantile", lambda measured, suffix: _times(measured.p95(suffix), 1000), QUIET.seconds * 1000),
    ("histogram_quantile", lambda measured, suffix: measured.p95(suffix), QUIET.seconds),
    ('status=~"5.."', _of(_percent_bad), 0.0),
    ("process_cpu_seconds_total", _of(lambda found: 100 * max(each.processor for each in found)), 100 * QUIET.processor),
    (
        "container_spec_memory_limit_bytes",
        _of(lambda found: 100 * found[-1].memory / _MEMORY_LIMIT),
        100 * QUIET.memory / _MEMORY_LIMIT,
    ),
    ("process_resident_memory_bytes", _of(lambda found: found[-1].memory), QUIET.memory),
    ("min_over_time(up", _of(lambda found: float(all(each.good for each in found))), 1.0),
    ("up{", _of(lambda found: float(found[-1].good)), 1.0),
    ("content_delivery_seconds", lambda _measured, _suffix: _DELIVERY_SECONDS, _DELIVERY_SECONDS),
    ("content_deliveries_total", lambda _measured, _suffix: _DELIVERED_PERCENT, _DELIVERED_PERCENT),
    ("kube_deployment_status_replicas", lambda _measured, _suffix: _REPLICAS, _REPLICAS),
)


def page(measured: Measured, path: str, query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path == "/-/ready":
        return "Prometheus Server is Ready.\n"
    pages: dict[str, Callable[[], Any]] = {
        "/api/v1/status/runtimeinfo": lambda: {"reloadConfigSuccess": True, "storageRetention": "30d"},
        "/api/v1/targets": lambda: {"activeTargets": _targets(measured)},
        "/api/v1/rules": lambda: {"groups": [{"name": "toombos", "rules": [_rule(*each) for each in _ALERTS.items()]}]},
        "/api/v1/query": lambda: instant(measured, query["query"], float(query.get("time", time.time()))),
        "/api/v1/query_range": lambda: _range(measured, query),
    }
    return {"status": "success", "data": pages[path]()} if path in pages else None


def instant(measured: Measured, query: str, at: float) -> dict[str, Any]:
    """The value of a query at a moment, as a vector; empty for what nobody measures."""
    value = _value(measured, query, at)
    found = [] if value is None else [{"metric": {}, "value": [at, str(value)]}]
    return {"resultType": "vector", "result": found}


def _range(measured: Measured, query: Mapping[str, str]) -> dict[str, Any]:
    start, end, step = (float(query[name]) for name in ("start", "end", "step"))
    moments = [start + number * step for number in range(int((end - start) / step) + 1)]
    points = [(at, value) for at in moments if (value := _value(measured, query["query"], at)) is not None]
    result = [{"metric": {}, "values": [[at, str(value)] for at, value in points]}] if points else []
    return {"resultType": "matrix", "result": result}


def _value(measured: Measured, query: str, at: float) -> float | None:
    suffix = "staging" if "staging" in query else "production"
    for word, now, before in _QUERIES:
        if word in query:
            return before if at < measured.since else now(measured, suffix)
    return None


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def _targets(measured: Measured) -> list[dict[str, Any]]:
    own = _target("prometheus", "http://localhost:9090/metrics", up=True)
    url = "http://content-generator:8000/metrics"
    latest = {suffix: found[-1] for suffix in NAMESPACES if (found := measured.latest(suffix))}
    return [own, *(_target(f"content-generator-{suffix}", url, up=each.good) for suffix, each in latest.items())]


def _target(job: str, url: str, *, up: bool) -> dict[str, Any]:
    told = "" if up else "context deadline exceeded"
    return {"labels": {"job": job, "instance": url}, "scrapeUrl": url, "health": "up" if up else "down", "lastError": told}


def _rule(name: str, query: str) -> dict[str, Any]:
    return {"type": "alerting", "name": name, "query": query, "health": "ok", "state": "inactive", "alerts": []}
