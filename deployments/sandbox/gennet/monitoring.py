"""What the team watches the platform with: what its queries, rules, routes, dashboards and traces are, and say now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import yaml

from deployments.sandbox.checkout import SYSTEMS
from deployments.sandbox.observability.alertmanager import Alertmanager
from deployments.sandbox.observability.elasticsearch import Elasticsearch
from deployments.sandbox.observability.grafana import Grafana
from deployments.sandbox.observability.jaeger import Jaeger
from deployments.sandbox.observability.prometheus import Prometheus, Target, turned
from deployments.sandbox.observability.reply import Product

from .measured import QUIET_SECONDS, Measured
from .naming import NAME, NAMESPACES, SERVICES

_CPU_PERCENT, _MEMORY_PERCENT, _MEMORY_BYTES, _QUERY_SECONDS = 23.0, 41.0, 8 * 210e6, 0.012
_ROUTES: tuple[dict[str, Any], ...] = ({"matchers": ['severity="critical"'], "receiver": "on-call"},)
_RECEIVERS = {"on-call": ("pagerduty",), "team": ("slack",)}
_SENT = {"pagerduty": 3, "slack": 41}
_WHERE = '{namespace="gennet-system"}'
_DASHBOARDS = {
    "GenNet services": {
        "Response time": f"histogram_quantile(0.95, rate(http_request_duration_seconds_bucket{_WHERE}[5m]))",
        "Errors": f"rate(http_requests_total{_WHERE}[5m])",
    },
    "GenNet database": {"Queries": f"gennet_database_query_p95_seconds{_WHERE}"},
}
Value = Callable[[Measured, str], float | None]


def _while_running(value: float) -> Value:
    return lambda measured, suffix: value if measured.latest(suffix) else None


# What a query holds says what it asks for; its value now, and on the quiet days before.
_QUERIES: tuple[tuple[str, Value, float], ...] = (
    (
        "http_request_duration_seconds_bucket",
        lambda measured, suffix: _milliseconds(measured.p95(suffix)),
        1000 * QUIET_SECONDS,
    ),
    ("http_requests_total", lambda measured, suffix: measured.percent_bad(suffix), 0.0),
    ("cpu_usage:percent", _while_running(_CPU_PERCENT), _CPU_PERCENT),
    ("memory_usage:percent", _while_running(_MEMORY_PERCENT), _MEMORY_PERCENT),
    ("container_memory_working_set_bytes", _while_running(_MEMORY_BYTES), _MEMORY_BYTES),
    ("gennet_database_query_p95_seconds", _while_running(1000 * _QUERY_SECONDS), 1000 * _QUERY_SECONDS),
)


def prometheus(measured: Measured, query: str) -> Prometheus:
    """What it answers to a query, of the environment that the query names."""
    suffix = next((suffix for suffix, namespace in NAMESPACES.items() if f'"{namespace}"' in query), "prod")
    queries = {part: turned(measured.since, before, now(measured, suffix)) for part, now, before in _QUERIES}
    targets = [
        Target(service, f"http://{service}-{number}.{NAMESPACES[suffix]}:8000/metrics")
        for suffix, deployed in measured.deployed.items()
        for service in deployed.running
        for number in range(2)
    ]
    return Prometheus(queries, targets, _rules(), discovery=("kubernetes",))


def alertmanager(measured: Measured, _query: str) -> Alertmanager:
    """It rings for a service of an environment that others of it run in, and that does not."""
    alerts = [
        {"alertname": "ServiceDown", "severity": "critical", "job": service, "namespace": NAMESPACES[suffix]}
        for suffix, deployed in measured.deployed.items()
        for service in SERVICES
        if deployed.running and service not in deployed.running
    ]
    return Alertmanager("team", _RECEIVERS, _ROUTES, alerts, _SENT)


def jaeger(measured: Measured, _query: str) -> Jaeger:
    """What runs is traced."""
    running = {service for deployed in measured.deployed.values() for service in deployed.running}
    return Jaeger(dict.fromkeys(running, 0.0), dict.fromkeys(SERVICES, 0.1))


PRODUCTS: Mapping[str, Callable[[Measured, str], Product]] = {
    "prometheus": prometheus,
    "grafana": lambda measured, query: Grafana(_DASHBOARDS, prometheus(measured, query)),
    "alertmanager": alertmanager,
    "jaeger": jaeger,
    "elasticsearch": lambda _measured, _query: Elasticsearch(policies={"jaeger-spans": "14d"}),
}
"""Each as it is now, to who asks a query."""


def _rules() -> dict[str, str]:
    """The project's own."""
    text = (SYSTEMS / NAME / "alerts" / "rules.yaml").read_text()
    return {rule["alert"]: rule["expr"] for group in yaml.safe_load(text)["groups"] for rule in group["rules"]}


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds
