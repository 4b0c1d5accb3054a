"""Grafana's dashboards: what their panels ask of Prometheus, with the variables filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_BUILT_IN = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h", "__range_s": "3600", "__interval_ms": "60000"}
_VARIABLE = re.compile(r"\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]")
_EVERYTHING = ".+"


@dataclass(frozen=True)
class Question:
    """What one panel asks; ``source`` is the UID of its data source, empty for the default one."""

    panel: str
    query: str
    source: str


def questions(dashboard: Mapping[str, Any], variables: Mapping[str, str]) -> list[Question]:
    """The PromQL of every panel, also of those in rows. ``variables`` go before the dashboard's own current values."""
    values = {**_BUILT_IN, **_current(dashboard), **variables}
    return [
        Question(str(panel.get("title") or "untitled"), _filled(target["expr"], values), _source(target, panel, values))
        for panel in _panels(dashboard)
        for target in panel.get("targets") or ()
        if target.get("expr")
    ]


def _panels(holder: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in holder.get("rows") or ():  # dashboards of older versions
        yield from _panels(row)
    for panel in holder.get("panels") or ():
        yield panel
        yield from _panels(panel)


def _current(dashboard: Mapping[str, Any]) -> dict[str, str]:
    listed = (dashboard.get("templating") or {}).get("list") or ()
    return {str(each["name"]): _value((each.get("current") or {}).get("value")) for each in listed}


def _value(chosen: Any) -> str:
    if isinstance(chosen, list):
        return "|".join(map(str, chosen)) if chosen and "$__all" not in chosen else _EVERYTHING
    return _EVERYTHING if chosen in (None, "", "$__all") else str(chosen)


def _source(target: Mapping[str, Any], panel: Mapping[str, Any], values: Mapping[str, str]) -> str:
    chosen = target.get("datasource") or panel.get("datasource") or ""
    uid = chosen.get("uid", "") if isinstance(chosen, Mapping) else chosen
    found = _filled(str(uid), values)
    return "" if found in (_EVERYTHING, "default") else found


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(next(filter(None, found.groups())), _EVERYTHING), text)
