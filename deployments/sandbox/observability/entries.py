"""Log entries of the state, as Loki and Elasticsearch look for them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .reply import State, live


@dataclass(frozen=True)
class Entry:
    """One entry: its stream, its moment in seconds since 1970, and its fields."""

    stream: str
    moment: float
    fields: Mapping[str, Any]

    @property
    def line(self) -> str:
        """As a line of text."""
        return str(self.fields["line"]) if "line" in self.fields else json.dumps(self.fields)


def entries(logs: State) -> Iterator[Entry]:
    """Every entry of ``{"api": [{"ago": 1, "level": "info"}]}``, ``ago`` in minutes; ``{"live": URL}`` answers such a list."""
    now = time.time()
    for stream, told in logs.items():
        found = (live(told["live"]) or []) if isinstance(told, Mapping) else told
        for each in found:
            fields = {name: value for name, value in each.items() if name != "ago"}
            yield Entry(stream, now - 60 * float(each.get("ago", 1)), fields)
