"""What is measured of the deployed platform once a second: how long answers take, and whether they are good."""

from __future__ import annotations

import statistics
import time
from collections import deque
from dataclasses import dataclass, field

from .deployed import Deployed

_WINDOW = 24
QUIET_SECONDS = 0.08
"""How long answers took on the days before this world was made."""


@dataclass(frozen=True)
class Look:
    """One answer of one service: the seconds it took, and whether it was good."""

    seconds: float
    good: bool


@dataclass
class Measured:
    """The newest looks at each environment by suffix, and what runs there; ``since`` is when measuring began."""

    since: float = field(default_factory=time.time)
    looks: dict[str, deque[Look]] = field(default_factory=dict)
    deployed: dict[str, Deployed] = field(default_factory=dict)

    def forget(self) -> None:
        """Begin anew: the world is as new."""
        self.since = time.time()
        self.looks.clear()
        self.deployed.clear()

    def note(self, suffix: str, seconds: float, *, good: bool) -> None:
        """Keep one look."""
        self.looks.setdefault(suffix, deque(maxlen=_WINDOW)).append(Look(seconds, good))

    def latest(self, suffix: str) -> list[Look]:
        """The newest looks; none while nothing is deployed."""
        return list(self.looks.get(suffix, ()))

    def p95(self, suffix: str) -> float | None:
        """Seconds within which 95 of 100 answers came."""
        found = [each.seconds for each in self.latest(suffix)]
        return statistics.quantiles(found, n=20)[-1] if len(found) > 1 else None

    def percent_bad(self, suffix: str) -> float | None:
        """How many of 100 answers were errors."""
        found = self.latest(suffix)
        return 100 * sum(not each.good for each in found) / len(found) if found else None
