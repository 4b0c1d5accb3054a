"""What is measured of the fleet, once a second: how long it takes, whether it answers, what its processes use."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientTimeout

from .fleet import Fleet
from .naming import NAMESPACES

_PATIENCE = ClientTimeout(total=5)
_WINDOW = 12
_KEPT_LINES = 2000


@dataclass(frozen=True)
class Figures:
    """One look at an environment: seconds that an answer took, whether it was good, processor share and bytes used."""

    seconds: float
    good: bool
    processor: float
    memory: float


QUIET = Figures(0.09, good=True, processor=0.04, memory=42e6)
"""How it was on the days before this world was made."""


@dataclass
class Measured:
    """Figures and log lines by environment; ``since`` is when measuring began."""

    since: float = field(default_factory=time.time)
    figures: dict[str, deque[Figures]] = field(default_factory=dict)
    lines: dict[str, deque[dict[str, Any]]] = field(default_factory=dict)
    alerts: list[dict[str, Any]] = field(default_factory=list)

    def forget(self) -> None:
        """Begin anew: the world is as new."""
        self.since = time.time()
        for each in (self.figures, self.lines, self.alerts):
            each.clear()

    def latest(self, suffix: str) -> list[Figures]:
        """The newest figures; none while nothing runs."""
        return list(self.figures.get(suffix, ()))

    def p95(self, suffix: str) -> float | None:
        """Seconds within which 95 of 100 answers came."""
        found = [each.seconds for each in self.latest(suffix)]
        return None if not found else statistics.quantiles(found, n=20)[-1] if len(found) > 1 else found[0]

    def log(self, suffix: str, level: str, message: str, **more: Any) -> None:
        """Write a line into the log of an environment."""
        line = {"@timestamp": datetime.now(UTC).isoformat(), "level": level, "message": message, "status": 200, **more}
        self.lines.setdefault(suffix, deque(maxlen=_KEPT_LINES)).append(line)


async def watch(fleet: Fleet, measured: Measured) -> None:
    """Measure for as long as this runs."""
    while True:
        begun = time.monotonic()
        await asyncio.gather(*(_look(fleet, measured, suffix) for suffix in NAMESPACES))
        await asyncio.sleep(max(0.1, 1 - (time.monotonic() - begun)))


async def _look(fleet: Fleet, measured: Measured, suffix: str) -> None:
    port = fleet.ports.get(suffix)
    if port is None:
        measured.figures.pop(suffix, None)
        return
    before, begun = _processor(fleet, suffix), time.perf_counter()
    try:
        async with fleet.client.get(f"http://127.0.0.1:{port}/health", timeout=_PATIENCE) as answer:
            good = answer.status == 200
    except (ClientError, TimeoutError):
        good = False
    taken = time.perf_counter() - begun
    used = _processor(fleet, suffix) - before
    figures = Figures(taken, good, max(0.0, used / max(taken, 0.01)), _memory(fleet, suffix))
    recent = measured.figures.setdefault(suffix, deque(maxlen=_WINDOW))
    recent.append(figures)
    measured.log(suffix, "info" if good else "error", "GET /health", client="10.20.0.12", milliseconds=round(taken * 1000))
    if fleet.variables[suffix].get("LOG_LEVEL") == "DEBUG":
        measured.log(suffix, "debug", f"settings: {sorted(fleet.variables[suffix])}")


def _processor(fleet: Fleet, suffix: str) -> float:
    """Seconds of processor that an environment's process has used."""
    fields = _of_process(fleet, suffix, "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def _memory(fleet: Fleet, suffix: str) -> float:
    """Bytes that it holds."""
    fields = _of_process(fleet, suffix, "statm").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") if fields else QUIET.memory


def _of_process(fleet: Fleet, suffix: str, page: str) -> str:
    process = fleet.started.get(suffix)
    try:
        return Path(f"/proc/{process.pid}/{page}").read_text() if process else ""
    except OSError:
        return ""
