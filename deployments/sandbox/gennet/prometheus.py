"""The team's Prometheus, as far as anybody asks it: targets, the project's alert rules, queries of what is measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from deployments.sandbox.checkout import SYSTEMS

from .measured import QUIET_SECONDS, Measured
from .naming import NAME, NAMESPACES, SERVICES

_CPU_PERCENT, _MEMORY_PERCENT, _MEMORY_BYTES, _QUERY_SECONDS = 23.0, 41.0, 8 * 210e6, 0.012
_SCRAPES = {"scrape_configs": [{"job_name": each, "kubernetes_sd_configs": [{"role": "pod"}]} for each in SERVICES]}
Value = Callable[[Measured, str], float | None]


def _while_running(value: float) -> Value:
    return lambda measured, suffix: value if measured.latest(suffix) else None


# A word that a query holds says what it asks for; its value now, and on the quiet days before.
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


def page(measured: Measured, path: str, query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path == "/-/ready":
        return "Prometheus Server is Ready.\n"
    pages: dict[str, Callable[[], Any]] = {
        "/api/v1/status/config": lambda: {"yaml": yaml.safe_dump(_SCRAPES)},
        "/api/v1/status/runtimeinfo": lambda: {"reloadConfigSuccess": True, "storageRetention": "30d"},
        "/api/v1/targets": lambda: {"activeTargets": _targets(measured)},
        "/api/v1/rules": lambda: {"groups": [{"name": NAME, "rules": list(map(_rule, rules()))}]},
        "/api/v1/query": lambda: instant(measured, query["query"], float(query.get("time", time.time()))),
        "/api/v1/query_range": lambda: _range(measured, query),
    }
    return {"status": "success", "data": pages[path]()} if path in pages else None


def instant(measured: Measured, query: str, at: float) -> dict[str, Any]:
    """The value of a query at a moment, as a vector; empty for what nobody measures."""
    value = _value(measured, query, at)
    return {"resultType": "vector", "result": [] if value is None else [{"metric": {}, "value": [at, str(value)]}]}


def rules() -> list[dict[str, Any]]:
    """The project's alert rules."""
    text = (SYSTEMS / NAME / "alerts" / "rules.yaml").read_text()
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def _range(measured: Measured, query: Mapping[str, str]) -> dict[str, Any]:
    start, end, step = (float(query[name]) for name in ("start", "end", "step"))
    moments = [start + number * step for number in range(int((end - start) / step) + 1)]
    points = [(at, value) for at in moments if (value := _value(measured, query["query"], at)) is not None]
    result = [{"metric": {}, "values": [[at, str(value)] for at, value in points]}] if points else []
    return {"resultType": "matrix", "result": result}


def _value(measured: Measured, query: str, at: float) -> float | None:
    suffix = next((suffix for suffix, namespace in NAMESPACES.items() if f'"{namespace}"' in query), "prod")
    for word, now, before in _QUERIES:
        if word in query:
            return before if at < measured.since else now(measured, suffix)
    return None


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds


def _targets(measured: Measured) -> list[dict[str, Any]]:
    return [
        {
            "labels": {"job": service, "namespace": NAMESPACES[suffix], "instance": f"{service}-{number}:8000"},
            "scrapeUrl": f"http://{service}:8000/metrics",
            "health": "up",
            "lastError": "",
        }
        for suffix, deployed in measured.deployed.items()
        for service in deployed.running
        for number in range(2)
    ]


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "alerting", "name": rule["alert"], "query": rule["expr"], "health": "ok", "state": "inactive", "alerts": []}
