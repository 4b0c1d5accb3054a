"""The team's Alertmanager, Grafana and Jaeger, as far as anybody asks them."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from .measured import Measured
from .prometheus import instant

_CONFIGURATION = {
    "route": {
        "receiver": "team-email",
        "routes": [{"matchers": ['team="toombos"', 'severity="critical"'], "receiver": "team-slack"}],
    },
    "receivers": [
        {"name": "team-email", "email_configs": [{"to": "toombos@halcytone.com"}]},
        {"name": "team-slack", "slack_configs": [{"channel": "#toombos"}]},
    ],
}
_JOB = '{job="content-generator-production"}'
_PANELS = {
    "toombos-overview": {"Up": f"up{_JOB}", "Response time": f"histogram_quantile(0.95, x{_JOB})"},
    "toombos-performance": {"Response time": f"histogram_quantile(0.95, x{_JOB})"},
    "toombos-infrastructure": {"Memory": f"process_resident_memory_bytes{_JOB}", "CPU": f"process_cpu_seconds_total{_JOB}"},
    "toombos-business": {"Deliveries": f"content_deliveries_total{_JOB}", "Delivery time": f"content_delivery_seconds{_JOB}"},
}
_SOURCE = {"uid": "prometheus", "name": "Prometheus", "type": "prometheus", "isDefault": True}


def alertmanager(measured: Measured, method: str, path: str, body: bytes) -> Any:
    """The answer, or None where there is no such page."""
    if path == "/-/ready":
        return "OK"
    if path == "/api/v2/status":
        return {"cluster": {"status": "ready"}, "config": {"original": json.dumps(_CONFIGURATION)}}
    if path != "/api/v2/alerts":
        return None
    if method == "POST":
        measured.alerts += [{**each, "status": {"state": "active", "silencedBy": []}} for each in json.loads(body)]
        return {}
    return list(measured.alerts)


def grafana(measured: Measured, path: str, query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path == "/api/health":
        return {"database": "ok", "version": "11.4.0"}
    if path == "/api/search":
        return [{"uid": uid, "title": uid.replace("-", " "), "type": "dash-db"} for uid in _PANELS]
    if path == "/api/datasources":
        return [_SOURCE]
    if path == "/api/datasources/uid/prometheus/health":
        return {"status": "OK", "message": "Successfully queried the Prometheus API."}
    if path == "/api/datasources/proxy/uid/prometheus/api/v1/query":
        return {"status": "success", "data": instant(measured, query["query"], time.time())}
    uid = path.removeprefix("/api/dashboards/uid/")
    return {"dashboard": _dashboard(uid)} if uid in _PANELS else None


def jaeger(path: str) -> Any:
    """The answer to GET, or None where there is no such page."""
    return {"data": ["content-generator"], "total": 1, "errors": None} if path == "/api/services" else None


def _dashboard(uid: str) -> dict[str, Any]:
    panels = [
        {"title": title, "type": "timeseries", "datasource": {"uid": "prometheus"}, "targets": [{"expr": query}]}
        for title, query in _PANELS[uid].items()
    ]
    return {"uid": uid, "title": uid.replace("-", " "), "panels": panels}
