"""Prometheus' API."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .reply import NOT_FOUND, Reply

Figure = Callable[[float], float | None]
"""What is known as of a moment, in seconds since 1970; None where nothing is."""


def turned(begun: float, before: float, now: float | None) -> Figure:
    """One value before a moment, and another from then on."""
    return lambda moment: before if moment < begun else now


@dataclass(frozen=True)
class Target:
    """A target of a job; ``error`` says why it was not reached."""

    job: str
    url: str
    error: str = ""


@dataclass(frozen=True)
class Prometheus:
    """One server.

    ``queries`` are figures by a part of a query's text: the longest one that a query holds is what it asks for, and a query
    that holds none has no value. ``rules`` are expressions by alert, ``errors`` tell of those that cannot be evaluated.
    """

    queries: Mapping[str, Figure] = field(default_factory=dict)
    targets: Sequence[Target] = ()
    rules: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    discovery: Sequence[str] = ("static",)
    retention: str = "30d"
    reloaded: bool = True

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """One page."""
        if path == "/-/ready":
            return Reply("Prometheus Server is Ready.\n")
        pages: dict[str, Callable[[], Any]] = {
            "/api/v1/status/runtimeinfo": lambda: {"reloadConfigSuccess": self.reloaded, "storageRetention": self.retention},
            "/api/v1/status/config": lambda: {"yaml": json.dumps({"scrape_configs": [self._scrape()]})},
            "/api/v1/targets": lambda: {"activeTargets": list(map(_target, self.targets)), "droppedTargets": []},
            "/api/v1/rules": lambda: {"groups": [{"name": "rules", "rules": list(map(self._rule, self.rules))}]},
            "/api/v1/query": lambda: self._instant(query),
            "/api/v1/query_range": lambda: self._range(query),
        }
        return Reply({"status": "success", "data": pages[path]()}) if path in pages else NOT_FOUND

    def _scrape(self) -> dict[str, Any]:
        kinds = ["static_configs" if name == "static" else f"{name}_sd_configs" for name in self.discovery]
        return {"job_name": "sandbox", **{kind: [{}] for kind in kinds}}

    def _rule(self, name: str) -> dict[str, Any]:
        error = self.errors.get(name, "")
        health = {"health": "err", "lastError": error} if error else {"health": "ok"}
        return {"type": "alerting", "name": name, "query": self.rules[name], "state": "inactive", "alerts": [], **health}

    def _instant(self, query: Mapping[str, str]) -> dict[str, Any]:
        moment = float(query.get("time", time.time()))
        return _result("vector", "value", *self._points(query["query"], [moment]))

    def _range(self, query: Mapping[str, str]) -> dict[str, Any]:
        start, end, step = (float(query[name]) for name in ("start", "end", "step"))
        moments = [start + number * step for number in range(int((end - start) / step) + 1)]
        points = self._points(query["query"], moments)
        return _result("matrix", "values", *([points] if points else []))

    def _points(self, query: str, moments: Sequence[float]) -> list[list[Any]]:
        plain = " ".join(query.split())
        held = [part for part in self.queries if part in plain]
        if not held:
            return []
        figure = self.queries[max(held, key=len)]
        return [[moment, str(value)] for moment in moments if (value := figure(moment)) is not None]


def _result(kind: str, holds: str, *found: list[Any]) -> dict[str, Any]:
    return {"resultType": kind, "result": [{"metric": {}, holds: each} for each in found]}


def _target(target: Target) -> dict[str, Any]:
    labels = {"job": target.job, "instance": target.url}
    return {"labels": labels, "scrapeUrl": target.url, "health": "down" if target.error else "up", "lastError": target.error}
