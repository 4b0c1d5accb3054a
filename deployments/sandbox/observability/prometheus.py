"""Prometheus' API over the state: what its queries answer is told by a part of their text."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .reply import NOT_FOUND, Reply, State, at, live

_ALERTS = re.compile(r'ALERTS\{(?:[^}]*alertname="([^"]+)")?')
_LABELS = re.compile(r"(\w+)=([^,]*)")


def answer(state: State, path: str, query: Mapping[str, str]) -> Reply:
    """One page."""
    pages = {
        "/-/ready": lambda: Reply("Prometheus Server is Ready.\n"),
        "/api/v1/status/runtimeinfo": lambda: _data(
            {"reloadConfigSuccess": state.get("reloaded", True), "storageRetention": state.get("retention", "15d")}
        ),
        "/api/v1/status/config": lambda: _data({"yaml": _configuration(state)}),
        "/api/v1/targets": lambda: _data({"activeTargets": list(_targets(state)), "droppedTargets": []}),
        "/api/v1/rules": lambda: _data({"groups": [{"name": "rules", "file": "rules.yml", "rules": list(_rules(state))}]}),
        "/api/v1/query": lambda: _data({"resultType": "vector", "result": _instant(state, query)}),
        "/api/v1/query_range": lambda: _data({"resultType": "matrix", "result": _range(state, query)}),
    }
    return pages[path]() if path in pages else NOT_FOUND


def _data(content: Any) -> Reply:
    return Reply({"status": "success", "data": content})


def _configuration(state: State) -> str:
    kinds = ["static_configs" if name == "static" else f"{name}_sd_configs" for name in state.get("discovery", ["static"])]
    scrape: dict[str, Any] = {"job_name": "sandbox", **{kind: [{}] for kind in kinds}}
    return json.dumps({"scrape_configs": [scrape]})


def _targets(state: State) -> Iterator[dict[str, Any]]:
    """``{"api": 2, "worker": {"up": 1, "down": 1}, "web": {"live": URL}}``."""
    for job, told in state.get("targets", {}).items():
        count = told if isinstance(told, Mapping) else {"up": told}
        if "live" in count:
            count = {"up": 1} if live(count["live"]) is not None else {"down": 1}
        for health in ("up", "down"):
            for number in range(int(count.get(health, 0))):
                error = "" if health == "up" else "connection refused"
                url = f"http://{job}-{number}:8080/metrics"
                yield {"labels": {"job": job, "instance": url}, "scrapeUrl": url, "health": health, "lastError": error}


def _rules(state: State) -> Iterator[dict[str, Any]]:
    """``{"HighErrorRate": "job:errors > 0.01"}``, or with an error ``{"expression": …, "error": …}``."""
    for name, told in state.get("rules", {}).items():
        rule = told if isinstance(told, Mapping) else {"expression": told}
        error = rule.get("error", "")
        health = {"health": "err", "lastError": error} if error else {"health": "ok"}
        yield {"name": name, "type": "alerting", "query": rule["expression"], "state": "inactive", **health}


def _instant(state: State, query: Mapping[str, str]) -> list[dict[str, Any]]:
    moment = float(query.get("time", time.time()))
    found = ((labels, _value(state, query["query"], value, moment)) for labels, value in _series(state, query["query"]))
    return [{"metric": labels, "value": [moment, f"{value:g}"]} for labels, value in found if value is not None]


def _range(state: State, query: Mapping[str, str]) -> list[dict[str, Any]]:
    start, end, step = (float(query[name]) for name in ("start", "end", "step"))
    moments = [start + at_step * step for at_step in range(int((end - start) / step) + 1)]
    result = []
    for labels, value in _series(state, query["query"]):
        points = [(moment, _value(state, query["query"], _once(value, end), moment)) for moment in moments]
        kept = [[moment, f"{number:.10g}"] for moment, number in points if number is not None]
        result += [{"metric": labels, "values": kept}] if kept else []
    return result


def _once(value: Any, moment: float) -> Any:
    """A live value is read once a query, not once a point."""
    if not isinstance(value, Mapping) or "live" not in value:
        return value
    now, before = at(value, moment), value.get("before")
    return _Stepped(now, before if before is not None else now)


@dataclass(frozen=True)
class _Stepped:
    """What is live now, and what was before."""

    now: Any
    before: Any


@dataclass(frozen=True)
class _Window:
    """Minutes ago, from when until when."""

    begun: float
    ended: float


def _value(state: State, query: str, value: Any, moment: float) -> float | None:
    ago = (time.time() - moment) / 60
    for gap in state.get("gaps", ()):
        if gap["query"] in query and gap["until"] <= ago <= gap["from"]:
            return None
    if isinstance(value, _Stepped):
        return at(value.now if ago < 10 else value.before, moment)
    if isinstance(value, _Window):
        return 1.0 if value.ended <= ago <= value.begun else None
    return at(value, moment)


def _series(state: State, query: str) -> Iterator[tuple[dict[str, str], Any]]:
    """The series of the longest key that the query contains; alerts are those of ``fired``, by minutes ago from and until."""
    alerts = _ALERTS.search(query)
    if alerts:
        fired = state.get("fired", {})
        names = [alerts[1]] if alerts[1] else list(fired)
        yield from (({"alertname": name}, _Window(*fired[name])) for name in names if name in fired)
        return
    plain = " ".join(query.split())
    known = [key for key in state.get("queries", {}) if " ".join(key.split()) in plain]
    if not known:
        return
    value = state["queries"][max(known, key=len)]
    if isinstance(value, Mapping) and "live" not in value:
        yield from ((dict(_LABELS.findall(labels)), each) for labels, each in value.items())
    else:
        yield {}, value
