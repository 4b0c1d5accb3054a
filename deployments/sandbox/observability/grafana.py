"""Grafana's API over the state; its data source of Prometheus is the stand-in's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from . import prometheus
from .reply import NOT_FOUND, Reply, State

_DASHBOARD = re.compile(r"^/api/dashboards/uid/([\w-]+)$")
_HEALTH = re.compile(r"^/api/datasources/uid/([\w-]+)/health$")
_PROXY = re.compile(r"^/api/datasources/proxy/uid/[\w-]+(/api/v1/.*)$")


def answer(state: State, path: str, query: Mapping[str, str], whole: State) -> Reply:
    """One page. ``dashboards`` are queries by panel's title, by dashboard's title; ``datasources`` are types by name."""
    dashboards = {_uid(title): (title, panels) for title, panels in state.get("dashboards", {}).items()}
    sources = {_uid(name): (name, told) for name, told in state.get("datasources", {}).items()}
    pages = {
        "/api/health": lambda: Reply({"database": state.get("database", "ok"), "version": "11.0.0"}),
        "/api/search": lambda: Reply([{"uid": uid, "title": each[0], "type": "dash-db"} for uid, each in dashboards.items()]),
        "/api/datasources": lambda: Reply([_source(uid, *each) for uid, each in sources.items()]),
    }
    if path in pages:
        return pages[path]()
    if (matched := _DASHBOARD.match(path)) and matched[1] in dashboards:
        return Reply({"dashboard": _dashboard(matched[1], *dashboards[matched[1]]), "meta": {}})
    if (matched := _HEALTH.match(path)) and matched[1] in sources:
        error = _told(sources[matched[1]][1]).get("error", "")
        return Reply({"status": "ERROR", "message": error}, 400) if error else Reply({"status": "OK", "message": "reached"})
    matched = _PROXY.match(path)
    return prometheus.answer(whole.get("prometheus", {}), matched[1], query) if matched else NOT_FOUND


def _dashboard(uid: str, title: str, panels: Mapping[str, str]) -> dict[str, Any]:
    shown = [{"type": "timeseries", "title": name, "targets": [{"expr": query}]} for name, query in panels.items()]
    return {"uid": uid, "title": title, "panels": shown, "templating": {"list": []}}


def _source(uid: str, name: str, told: Any) -> dict[str, Any]:
    kind = _told(told)["type"]
    return {"uid": uid, "name": name, "type": kind, "isDefault": kind == "prometheus"}


def _told(told: Any) -> dict[str, Any]:
    return dict(told) if isinstance(told, Mapping) else {"type": told}


def _uid(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")
