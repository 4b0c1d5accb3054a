"""Values over time: their outline in a line of text, what is worst of them, whether they grow or have gaps."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.core.errors import Malformed
from tasks.core.judges import at_most
from tasks.core.verdicts import Verdict, unknown

_BARS = "▁▂▃▄▅▆▇█"
_WIDTH = 24
_FEWEST = 8
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "y": 365 * 86400}


@dataclass(frozen=True)
class Series:
    """One series: its labels, and its points as seconds since 1970 with a value; what is no number is left out."""

    labels: Mapping[str, str]
    points: tuple[tuple[float, float], ...]

    @property
    def values(self) -> list[float]:
        """The values in order."""
        return [value for _, value in self.points]

    def as_evidence(self) -> dict[str, object]:
        """A row of a narrow table: whose series, its curve, its range and its last value; a single value is told alone."""
        whose = {"series": str(self)} if self.labels else {}
        if len(self.points) < 2:
            return {**whose, "value": self.values[0] if self.points else None}
        span = f"{min(self.values):.4g} to {max(self.values):.4g}"
        return {**whose, "curve": sparkline(self.values), "range": span, "last": f"{self.values[-1]:.4g}"}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in sorted(self.labels.items()) if name != "__name__")
        return f"{self.labels.get('__name__', '')}{{{told}}}" if told else self.labels.get("__name__", "")


def series(labels: Mapping[str, str], points: Iterable[tuple[float, float]]) -> Series:
    """A series of the points that are numbers: NaN says that there was nothing to divide by."""
    return Series(labels, tuple((at, value) for at, value in points if not math.isnan(value)))


def sparkline(values: Sequence[float], width: int = _WIDTH) -> str:
    """The curve in at most ``width`` bars, each the highest of its stretch; empty without values, flat when all are alike."""
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return ""
    count = min(width, len(finite))
    highest = [max(finite[at * len(finite) // count : (at + 1) * len(finite) // count]) for at in range(count)]
    low, high = min(finite), max(finite)
    if low == high:
        return _BARS[0 if not low else 3] * count
    return "".join(_BARS[round((value - low) / (high - low) * (len(_BARS) - 1))] for value in highest)


def outline(values: Sequence[float], unit: str = "") -> str:
    """``▁▃█▂ lowest 1, mean 2, highest 4, last 2 ms``."""
    if not values:
        return "no value"
    figures = {"lowest": min(values), "mean": sum(values) / len(values), "highest": max(values), "last": values[-1]}
    told = ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
    return f"{sparkline(values)} {told}{f' {unit}' if unit else ''}"


def worst_of(found: Iterable[Series], extreme: Callable[[list[float]], float]) -> tuple[Series, float] | None:
    """The series with the highest (``max``) or lowest (``min``) value, and that value; None without any."""
    worst = {extreme(each.values): each for each in found if each.values}
    return (worst[extreme(list(worst))], extreme(list(worst))) if worst else None


def growth(what: str, values: Sequence[float], percent: float) -> Verdict:
    """The last quarter is at most so much above the first. Fewer than eight values, and a beginning at 0, are UNKNOWN."""
    quarter = len(values) // 4
    if len(values) < _FEWEST:
        return unknown(f"{what} has {len(values)} values, which show no trend.")
    first, last = sum(values[:quarter]) / quarter, sum(values[-quarter:]) / quarter
    told = f"Growth of {what} from {first:.4g} to {last:.4g} ({sparkline(values)})"
    if not first:
        return unknown(f"{told} has no share to judge.")
    return at_most(told, round(100 * (last - first) / abs(first), 1), percent, "%")


def gaps(times: Sequence[float], start: float, end: float, step: float) -> list[tuple[float, float]]:
    """The stretches longer than two steps without a point, from ``start`` to ``end``, all in seconds."""
    marks = [start, *times, end]
    return [(before, after) for before, after in pairwise(marks) if after - before > 2 * step]


def seconds(told: str) -> float:
    """``15d`` or ``1h30m`` in seconds; of ``15d or 10GiB`` the first. Raises ``Malformed`` for another text."""
    parts = re.findall(r"(\d+)(ms|[smhdwy])", told.partition(" or ")[0])
    if not parts:
        raise Malformed(f"'{told}' is no stretch of time as Prometheus writes it, such as 15d.")
    return float(sum(int(number) * _UNITS[unit] for number, unit in parts))
