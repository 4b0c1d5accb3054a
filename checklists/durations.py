"""Durations as a checklist writes them."""

from __future__ import annotations

import re

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


def seconds(text: str) -> int:
    """``"90s"``, ``"15m"``, ``"24h"``, ``"7d"``, ``"4w"`` in seconds. Raises ``ValueError`` with the allowed forms."""
    match = re.fullmatch(r"([0-9]{1,6})([smhdw])", text)
    if match is None:
        raise ValueError(f"'{text}' is no duration; write a whole number and a unit, such as 90s, 15m, 24h, 7d or 4w")
    return int(match[1]) * _UNITS[match[2]]


def spoken(total: float) -> str:
    """Seconds as people say them: ``45 s``, ``12 min``, ``3 h 5 min``, ``2 d 4 h``."""
    whole = int(total)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 86400:
        return f"{whole // 3600} h {whole % 3600 // 60} min"
    return f"{whole // 86400} d {whole % 86400 // 3600} h"
