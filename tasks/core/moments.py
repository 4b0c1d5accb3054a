"""Moments as the reports of tools write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from tasks.core.errors import Malformed

_LATEST_SECONDS = 100_000_000_000  # above it, a number counts milliseconds
_FRACTION = re.compile(r"(\.\d{6})\d+")


def moment(value: Any) -> datetime:
    """An ISO 8601 text, or seconds or milliseconds since 1970. Without a zone it is UTC. Raises ``Malformed``."""
    try:
        if isinstance(value, (int, float)) or str(value).isdigit():
            number = float(value)
            return datetime.fromtimestamp(number / 1000 if number > _LATEST_SECONDS else number, UTC)
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", str(value).strip()))
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(f"'{str(value)[:40]}' is no moment.") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def oldest(values: list[Any]) -> datetime | None:
    """The earliest of the moments that are given; None when none is."""
    return min((moment(value) for value in values if value), default=None)
