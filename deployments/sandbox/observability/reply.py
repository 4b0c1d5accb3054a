"""What a page of the stand-in answers, and what all its pages share: time, and values that are numbers, curves or live."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

State = Mapping[str, Any]
HOURS = 48.0
_LIVE_SECONDS = 600.0


@dataclass(frozen=True)
class Reply:
    """Body as text, or anything else as JSON."""

    body: Any
    status: int = 200


NOT_FOUND = Reply({"error": "no such page"}, 404)


def at(value: Any, moment: float) -> float | None:
    """A value as of a moment: a number, a curve over the last 48 hours that ends now, or one that is read where it is live.

    ``{"live": URL, "field": name, "before": value}`` is read now, and counts for the last ten minutes; before that ``before``.
    """
    ago = time.time() - moment
    if isinstance(value, Mapping):
        if ago > _LIVE_SECONDS and "before" in value:
            return at(value["before"], moment)
        found = live(value["live"])
        return None if found is None else float(found[value["field"]])
    if isinstance(value, list):
        place = int((1 - ago / (HOURS * 3600)) * len(value))
        return float(value[min(max(place, 0), len(value) - 1)])
    return None if value is None else float(value)


def live(url: str) -> Any:
    """The JSON at the address; None when there is none."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  the world says which
            return json.load(answer)
    except (OSError, urllib.error.URLError, ValueError):
        return None
