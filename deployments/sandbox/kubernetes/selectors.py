"""Label and field selectors, as a query string writes them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .store import Object

Test = Callable[[Object], bool]
_PARTS = re.compile(r"(?:[^,(]|\([^)]*\))+")
_IN = re.compile(r"(\S+)\s+(in|notin)\s+\(([^)]*)\)")


def test(labels: str, fields: str) -> Test:
    """Whether an object meets both selectors; empty ones select all."""
    tests = [
        *(_label(part.strip()) for part in _PARTS.findall(labels)),
        *(_field(part) for part in filter(None, fields.split(","))),
    ]
    return lambda thing: all(each(thing) for each in tests)


def _label(part: str) -> Test:
    def of(thing: Object) -> dict[str, str]:
        return thing["metadata"].get("labels") or {}

    if found := _IN.fullmatch(part):
        name, how, listed = found.groups()
        values = {each.strip() for each in listed.split(",")}
        return lambda thing: (of(thing).get(name) in values) == (how == "in")
    if "!=" in part:
        name, value = part.split("!=", 1)
        return lambda thing: of(thing).get(name.strip()) != value.strip()
    if "=" in part:
        name, value = re.split("==?", part, maxsplit=1)
        return lambda thing: of(thing).get(name.strip()) == value.strip()
    if part.startswith("!"):
        return lambda thing: part[1:] not in of(thing)
    return lambda thing: part in of(thing)


def _field(part: str) -> Test:
    path, differs, value = re.split("(!=|==?)", part, maxsplit=1)

    def seen(thing: Object) -> str:
        found: Any = thing
        for name in path.split("."):
            found = found.get(name, "") if isinstance(found, dict) else ""
        return str(found)

    return lambda thing: (seen(thing) == value) == (differs != "!=")
