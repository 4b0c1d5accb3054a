"""The team's Grafana, Alertmanager, Jaeger and Elasticsearch, as far as anybody asks them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from .measured import Measured
from .naming import NAMESPACES, SERVICES
from .prometheus import instant

_CONFIGURATION = {
    "route": {
        "receiver": "team",
        "routes": [{"matchers": ['severity="critical"'], "receiver": "on-call"}],
    },
    "receivers": [
        {"name": "on-call", "pagerduty_configs": [{"routing_key_file": "/etc/alertmanager/pagerduty"}]},
        {"name": "team", "slack_configs": [{"channel": "#gennet", "api_url_file": "/etc/alertmanager/slack"}]},
    ],
}
_SENT = {"pagerduty": 3, "slack": 41}
_WHERE = '{namespace="gennet-system"}'
_PANELS = {
    "gennet-services": {
        "title": "GenNet services",
        "Response time": f"histogram_quantile(0.95, rate(http_request_duration_seconds_bucket{_WHERE}[5m]))",
        "Errors": f"rate(http_requests_total{_WHERE}[5m])",
    },
    "gennet-database": {"title": "GenNet database", "Queries": f"gennet_database_query_p95_seconds{_WHERE}"},
}
_SOURCE = {"uid": "prometheus", "name": "Prometheus", "type": "prometheus", "isDefault": True}
_SAMPLING = {"strategyType": "PROBABILISTIC", "probabilisticSampling": {"samplingRate": 0.1}}


def alertmanager(measured: Measured, path: str, _query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path == "/-/ready":
        return "OK"
    if path == "/api/v2/status":
        return {"cluster": {"status": "ready"}, "config": {"original": json.dumps(_CONFIGURATION)}}
    if path == "/metrics":
        sent = [f'alertmanager_notifications_total{{integration="{name}"}} {count}' for name, count in _SENT.items()]
        lost = [f'alertmanager_notifications_failed_total{{integration="{name}"}} 0' for name in _SENT]
        return "\n".join([*sent, *lost]) + "\n"
    return _alerts(measured) if path == "/api/v2/alerts" else None


def grafana(measured: Measured, path: str, query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path == "/api/health":
        return {"database": "ok", "version": "11.4.0"}
    if path == "/api/search":
        return [{"uid": uid, "title": panels["title"], "type": "dash-db"} for uid, panels in _PANELS.items()]
    if path == "/api/datasources":
        return [_SOURCE]
    if path == "/api/datasources/uid/prometheus/health":
        return {"status": "OK", "message": "Successfully queried the Prometheus API."}
    if path == "/api/datasources/proxy/uid/prometheus/api/v1/query":
        return {"status": "success", "data": instant(measured, query["query"], time.time())}
    uid = path.removeprefix("/api/dashboards/uid/")
    return {"dashboard": _dashboard(uid)} if uid in _PANELS else None


def jaeger(measured: Measured, path: str, query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    running = {service for deployed in measured.deployed.values() for service in deployed.running}
    if path == "/api/services":
        return {"data": sorted(running), "total": len(running), "errors": None}
    if path == "/api/traces":
        found = [{"traceID": "4bf92f3577b34da6", "spans": [{"operationName": "GET"}] * 3}]
        return {"data": found if query["service"] in running else [], "errors": None}
    return _SAMPLING if path == "/api/sampling" and query["service"] in SERVICES else None


def elasticsearch(_measured: Measured, path: str, _query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path != "/_ilm/policy/jaeger-spans":
        return None
    phases = {"hot": {"min_age": "0ms", "actions": {}}, "delete": {"min_age": "14d", "actions": {"delete": {}}}}
    return {"jaeger-spans": {"version": 1, "policy": {"phases": phases}}}


def _alerts(measured: Measured) -> list[dict[str, Any]]:
    """What rings: a service of an environment that others of it run in, and that does not."""
    return [
        {
            "labels": {"alertname": "ServiceDown", "severity": "critical", "job": service, "namespace": NAMESPACES[suffix]},
            "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
        }
        for suffix, deployed in measured.deployed.items()
        for service in SERVICES
        if deployed.running and service not in deployed.running
    ]


def _dashboard(uid: str) -> dict[str, Any]:
    panels = [
        {"title": title, "type": "timeseries", "datasource": {"uid": "prometheus"}, "targets": [{"expr": query}]}
        for title, query in _PANELS[uid].items()
        if title != "title"
    ]
    return {"uid": uid, "title": _PANELS[uid]["title"], "panels": panels}
