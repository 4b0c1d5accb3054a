"""Measuring the fleet, once a second, as the team's monitoring does."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from pathlib import Path

from aiohttp import ClientError, ClientTimeout

from .fleet import Fleet
from .measured import QUIET, WINDOW, Figures, Measured
from .naming import NAMESPACES

_PATIENCE = ClientTimeout(total=5)


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
    recent = measured.figures.setdefault(suffix, deque(maxlen=WINDOW))
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
