"""Loki's API over the logs of the state: a stream is found by any label that equals its name."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from .entries import Entry, entries
from .reply import NOT_FOUND, Reply, State

_LABEL = re.compile(r'\w+\s*(=~|=)\s*"([^"]*)"')
_FILTER = re.compile(r"""(\|=|!=|\|~|!~)\s*(?:"((?:\\.|[^"])*)"|`([^`]*)`)""")
_BY = re.compile(r"by\s*\((\w+)\)")
_WINDOW = re.compile(r"\[(\d+)([smhd])\]")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def answer(state: State, path: str, query: Mapping[str, str], whole: State) -> Reply:
    """One page."""
    if path == "/ready":
        return Reply(state.get("ready", "ready\n"))
    if path == "/config":
        settings = {"retention_period": state.get("retention", "744h")}
        return Reply(json.dumps({"compactor": {"retention_enabled": state.get("deletes", True)}, "limits_config": settings}))
    if path == "/loki/api/v1/query_range":
        start, end = (float(query[name]) / 1e9 for name in ("start", "end"))
        found = [each for each in _found(query["query"], whole) if start <= each.moment <= end]
        newest = sorted(found, key=lambda each: -each.moment)[: int(query.get("limit", 100))]
        values = [[f"{each.moment * 1e9:.0f}", each.line] for each in newest]
        return _data("streams", [{"stream": {}, "values": values}] if values else [])
    if path == "/loki/api/v1/query":
        return _data("vector", _counted(query["query"], float(query["time"]), whole))
    return NOT_FOUND


def _data(kind: str, result: list[Any]) -> Reply:
    return Reply({"status": "success", "data": {"resultType": kind, "result": result}})


def _found(query: str, whole: State) -> list[Entry]:
    selector, _, rest = query[query.index("{") :].partition("}")
    labels = _LABEL.findall(selector)
    tests = [(sign, plain or ticked) for sign, plain, ticked in _FILTER.findall(rest)]
    return [
        each
        for each in entries(whole.get("logs", {}))
        if any(_is(each.stream, sign, value) for sign, value in labels) and all(_holds(each.line, *test) for test in tests)
    ]


def _is(stream: str, sign: str, value: str) -> bool:
    return re.fullmatch(value, stream) is not None if sign == "=~" else stream == value


def _holds(line: str, sign: str, wanted: str) -> bool:
    inside = re.search(wanted, line) is not None if "~" in sign else wanted in line
    return inside is not sign.startswith("!")


def _counted(query: str, moment: float, whole: State) -> list[Any]:
    by, window = _BY.search(query), _WINDOW.search(query)
    since = moment - (int(window[1]) * _UNITS[window[2]] if window else 300)
    found = [each for each in _found(query, whole) if since <= each.moment <= moment]
    names = Counter(str(each.fields.get(by[1], "")) if by else "" for each in found)
    return [{"metric": {by[1]: name} if by else {}, "value": [moment, str(count)]} for name, count in names.most_common()]
