"""Alertmanager's API over the state."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .reply import NOT_FOUND, Reply, State


def answer(state: State, path: str, _query: Mapping[str, str]) -> Reply:
    """One page. ``receivers`` are ways of telling by name, ``routes`` are Alertmanager's own, ``alerts`` are labels."""
    pages = {
        "/-/ready": lambda: Reply("OK"),
        "/metrics": lambda: Reply(_metrics(state.get("notifications", {}))),
        "/api/v2/status": lambda: Reply(
            {"cluster": {"status": state.get("cluster", "ready")}, "config": {"original": json.dumps(_configuration(state))}}
        ),
        "/api/v2/receivers": lambda: Reply([{"name": name} for name in state.get("receivers", {})]),
        "/api/v2/alerts": lambda: Reply([_alert(labels) for labels in state.get("alerts", ())]),
    }
    return pages[path]() if path in pages else NOT_FOUND


def _configuration(state: State) -> dict[str, Any]:
    receivers = [
        {"name": name, **{f"{kind}_configs": [{"send_resolved": True}] for kind in kinds}}
        for name, kinds in state.get("receivers", {}).items()
    ]
    top = state.get("receiver") or (receivers[0]["name"] if receivers else "")
    return {"route": {"receiver": top, "routes": state.get("routes", [])}, "receivers": receivers}


def _alert(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"labels": dict(labels), "annotations": {}, "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}}


def _metrics(notifications: Mapping[str, Any]) -> str:
    """``{"slack": {"sent": 3, "failed": 0}}``."""
    lines = []
    for name, told in notifications.items():
        lines.append(f'alertmanager_notifications_total{{integration="{name}"}} {told.get("sent", 0)}')
        lines.append(f'alertmanager_notifications_failed_total{{integration="{name}",reason="other"}} {told.get("failed", 0)}')
    return "".join(f"{line}\n" for line in lines)
