"""Grafana's API; its one data source is Prometheus."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from .prometheus import Prometheus
from .reply import NOT_FOUND, Reply

_SOURCE = "/api/datasources/uid/prometheus/health"
_PROXY = "/api/datasources/proxy/uid/prometheus"
_DASHBOARD = "/api/dashboards/uid/"


@dataclass(frozen=True)
class Grafana:
    """One server; ``dashboards`` are queries by panel, by title; ``unreached`` says why it does not reach Prometheus."""

    dashboards: Mapping[str, Mapping[str, str]]
    prometheus: Prometheus
    unreached: str = ""
    database: str = "ok"

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """One page."""
        if path.startswith(_PROXY):
            return self.prometheus.answer(path.removeprefix(_PROXY), query)
        if path == _SOURCE and self.unreached:
            return Reply({"status": "ERROR", "message": self.unreached}, 400)
        pages: dict[str, Callable[[], Any]] = {
            "/api/health": lambda: {"database": self.database, "version": "11.4.0"},
            "/api/search": lambda: [{"uid": _uid(title), "title": title, "type": "dash-db"} for title in self.dashboards],
            "/api/datasources": lambda: [{"uid": "prometheus", "name": "Prometheus", "type": "prometheus", "isDefault": True}],
            _SOURCE: lambda: {"status": "OK", "message": "Successfully queried the Prometheus API."},
            **{_DASHBOARD + _uid(title): partial(self._dashboard, title) for title in self.dashboards},
        }
        return Reply(pages[path]()) if path in pages else NOT_FOUND

    def _dashboard(self, title: str) -> dict[str, Any]:
        panels = [
            {"title": name, "type": "timeseries", "datasource": {"uid": "prometheus"}, "targets": [{"expr": query}]}
            for name, query in self.dashboards[title].items()
        ]
        return {"dashboard": {"uid": _uid(title), "title": title, "panels": panels, "templating": {"list": []}}, "meta": {}}


def _uid(title: str) -> str:
    return re.sub(r"\W+", "-", title.lower()).strip("-")
