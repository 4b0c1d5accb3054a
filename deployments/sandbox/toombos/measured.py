"""What was measured of the fleet: how long it takes, whether it answers, what its processes use; and what it logged."""

from __future__ import annotations

import statistics
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

WINDOW = 12
_KEPT_LINES = 2000


@dataclass(frozen=True)
class Figures:
    """One look at an environment: seconds that an answer took, whether it was good, processor share and bytes used."""

    seconds: float
    good: bool
    processor: float
    memory: float


QUIET = Figures(0.2, good=True, processor=0.04, memory=42e6)
"""How it was on the days before this world was made."""


@dataclass
class Measured:
    """Figures and log lines by environment, labels of alerts that were sent; ``since`` is when measuring began."""

    since: float = field(default_factory=time.time)
    figures: dict[str, deque[Figures]] = field(default_factory=dict)
    lines: dict[str, deque[dict[str, Any]]] = field(default_factory=dict)
    alerts: list[dict[str, str]] = field(default_factory=list)

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
