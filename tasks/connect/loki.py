"""Read door to Loki: lines, what may be told of them, and its configuration."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tasks.connect.api import Api, Service
from tasks.connect.http import mark
from tasks.connect.prometheus import Server, yaml_of
from tasks.core.log_lines import exposures, level_of, quoted
from tasks.core.sample import Sample, Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session


@dataclass(frozen=True)
class Looked:
    """What was learnt of lines that are not kept themselves: how many, how many of each level, how many give secrets away."""

    lines: int
    levels: dict[str, int]
    exposures: dict[str, int]

    def as_evidence(self) -> dict[str, object]:
        """The three by name."""
        return {"lines": self.lines, "levels": self.levels, "giving secrets away": self.exposures}


def look(lines: list[str]) -> Looked:
    """What may be told of the lines."""
    levels = [level_of(line) for line in lines]
    return Looked(len(lines), {level: levels.count(level) for level in dict.fromkeys(levels) if level}, exposures(lines))


class Loki:
    """Opens servers."""

    def __init__(self, api: Api, trail: Trail) -> None:
        self._api = api
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Loki:
        """The door; it connects at the first question."""
        return cls(Api.open(session, trail), trail)

    def at(self, url: str, key: str = "", scheme: str = "Bearer", tenant: str = "") -> LogServer:
        """The server whose base address is ``url``; ``key`` is a reference, ``tenant`` the name of whose logs they are."""
        headers = {"X-Scope-OrgID": tenant} if tenant else {}
        return LogServer(self._api.at(url, key, scheme, headers), self._trail, self._api.now)


@dataclass(frozen=True)
class LogServer:
    """One server. Raw lines stay inside: what comes out is quoted, with what looks like a secret hidden, or counted."""

    service: Service
    trail: Trail
    now: datetime

    def ready(self) -> str:
        """What ``/ready`` says."""
        return self.service.text("/ready")

    def settings(self) -> Any:
        """The configuration that it runs with."""
        return yaml_of(self.service.text("/config"), f"The configuration of {self.service.url}")

    @property
    def metrics(self) -> Server:
        """The same server for queries that count."""
        return Server(self.service, self.now, "/loki/api/v1/")

    def quoted(self, query: str, minutes: float, most: int) -> list[str]:
        """The newest lines, as they may be quoted."""
        question = f"lines of {query} of the last {minutes:g} minutes, at most {most}"
        found: list[str] = self._read(question, lambda: [quoted(each) for each in self._lines(query, minutes, most)])
        return found

    def looked(self, query: str, minutes: float, most: int) -> Looked:
        """What may be told of the newest lines."""
        question = f"levels and secrets in {query} of the last {minutes:g} minutes, at most {most}"
        found: Looked = self._read(question, lambda: look(self._lines(query, minutes, most)))
        return found

    def _read(self, question: str, ask: Callable[[], Any]) -> Any:
        return self.trail.read("loki", f"{self.service.url}{mark(self.service.headers)}: {question}", ask)

    def _lines(self, query: str, minutes: float, most: int) -> list[str]:
        start, end = (f"{moment.timestamp() * 1e9:.0f}" for moment in (self.now - timedelta(minutes=minutes), self.now))
        unkept = replace(self.service, trail=Trail(Sample()))
        data = unkept.json("/loki/api/v1/query_range", query=query, start=start, end=end, limit=most, direction="backward")[
            "data"
        ]
        dated = sorted(((each[0], each[1]) for stream in data["result"] for each in stream["values"]), reverse=True)
        return [line for _, line in dated[:most]]


def containing(selector: str, words: list[str]) -> str:
    """The lines of the selector that hold one of the words, whatever its case."""
    either = "|".join(re.escape(word) for word in words)
    return f"{selector} |~ `(?i)\\b({either})\\b`"
