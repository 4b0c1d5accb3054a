"""What the team watches the fleet with: what its queries, rules, routes, dashboards and logs are, and say now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from deployments.sandbox.observability.alertmanager import Alertmanager
from deployments.sandbox.observability.elasticsearch import Elasticsearch
from deployments.sandbox.observability.grafana import Grafana
from deployments.sandbox.observability.jaeger import Jaeger
from deployments.sandbox.observability.prometheus import Prometheus, Target, turned
from deployments.sandbox.observability.reply import Product

from .measured import QUIET, Figures, Measured
from .naming import NAMESPACES

_MEMORY_LIMIT = 512 * 1024 * 1024
_DELIVERY_SECONDS, _DELIVERED_PERCENT, _REPLICAS = 2.4, 99.8, 3.0
_RULES = {
    "HighErrorRate": "job:errors:percent > 0.1",
    "HighResponseTime": "job:request_seconds:p95 > 0.5",
    "ServiceDown": "up == 0",
    "DatabaseConnectionsHigh": "pg_stat_activity_count / pg_settings_max_connections > 0.8",
    "HighMemoryUsage": "process_resident_memory_bytes / container_spec_memory_limit_bytes > 0.8",
    "HighCpuUsage": "rate(process_cpu_seconds_total[5m]) > 0.7",
    "CertificateExpiresSoon": "probe_ssl_earliest_cert_expiry - time() < 14 * 86400",
}
_ROUTES: tuple[dict[str, Any], ...] = ({"matchers": ['team="toombos"', 'severity="critical"'], "receiver": "team-slack"},)
_RECEIVERS = {"team-email": ("email",), "team-slack": ("slack",)}
_JOB = '{job="content-generator-production"}'
_DASHBOARDS = {
    "Toombos overview": {"Up": f"up{_JOB}", "Response time": f"histogram_quantile(0.95, x{_JOB})"},
    "Toombos performance": {"Response time": f"histogram_quantile(0.95, x{_JOB})"},
    "Toombos infrastructure": {"Memory": f"process_resident_memory_bytes{_JOB}", "CPU": f"process_cpu_seconds_total{_JOB}"},
    "Toombos business": {"Deliveries": f"content_deliveries_total{_JOB}", "Delivery time": f"content_delivery_seconds{_JOB}"},
}
Value = Callable[[Measured, str], float | None]


def _of(reduce: Callable[[list[Figures]], float]) -> Value:
    def value(measured: Measured, suffix: str) -> float | None:
        found = measured.latest(suffix)
        return reduce(found) if found else None

    return value


def _percent_bad(found: list[Figures]) -> float:
    return 100 * sum(not each.good for each in found) / len(found)


# What a query holds says what it asks for, the longest most exactly; its value now, and on the quiet days before.
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


def prometheus(measured: Measured, query: str) -> Prometheus:
    """What it answers to a query, of the environment that the query names."""
    suffix = "staging" if "staging" in query else "production"
    queries = {part: turned(measured.since, before, now(measured, suffix)) for part, now, before in _QUERIES}
    latest = {suffix: found[-1] for suffix in NAMESPACES if (found := measured.latest(suffix))}
    targets = [
        Target(f"content-generator-{suffix}", "http://content-generator:8000/metrics", "" if each.good else "deadline exceeded")
        for suffix, each in latest.items()
    ]
    return Prometheus(queries, [Target("prometheus", "http://localhost:9090/metrics"), *targets], _RULES)


def elasticsearch(measured: Measured, _query: str) -> Elasticsearch:
    """An index for each environment."""
    return Elasticsearch({f"toombos-{suffix}": measured.lines.get(suffix, ()) for suffix in NAMESPACES})


PRODUCTS: Mapping[str, Callable[[Measured, str], Product]] = {
    "prometheus": prometheus,
    "grafana": lambda measured, query: Grafana(_DASHBOARDS, prometheus(measured, query)),
    "alertmanager": lambda measured, _query: Alertmanager("team-email", _RECEIVERS, _ROUTES, measured.alerts),
    "jaeger": lambda _measured, _query: Jaeger({"content-generator": 0.0}),
    "elasticsearch": elasticsearch,
}
"""Each as it is now, to who asks a query."""


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor
