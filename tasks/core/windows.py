"""Windows of the week in which a release may change something."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tasks.core.errors import Malformed

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Window:
    """Open on some days from one time to another; one that closes before it opens goes on past midnight."""

    days: Collection[str]
    opens: time
    closes: time
    zone: ZoneInfo

    def __str__(self) -> str:
        return f"{', '.join(self.days)} {self.opens:%H:%M} to {self.closes:%H:%M} {self.zone.key}"

    def holds(self, moment: datetime) -> bool:
        """Whether it is open then."""
        local = moment.astimezone(self.zone)
        now, today = local.time(), DAYS[local.weekday()]
        yesterday = DAYS[(local - timedelta(days=1)).weekday()]
        if self.opens < self.closes:
            return today in self.days and self.opens <= now < self.closes
        return (today in self.days and now >= self.opens) or (yesterday in self.days and now < self.closes)


def window(days: Collection[str], opens: str, closes: str, timezone: str) -> Window:
    """The window that the words describe. Raises ``Malformed`` for a time or a zone that is none."""
    try:
        return Window(days, time.fromisoformat(opens), time.fromisoformat(closes), ZoneInfo(timezone))
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Malformed(f"'{opens}' to '{closes}' {timezone} is no window: {error}.") from error


def frozen(moment: datetime, zone: ZoneInfo, spans: Collection[str]) -> str:
    """The one of the ``2026-12-20..2027-01-03`` that the day lies in; empty when none. Raises ``Malformed``."""
    today = moment.astimezone(zone).date()
    for each in spans:
        first, _, last = each.partition("..")
        try:
            if date.fromisoformat(first) <= today <= date.fromisoformat(last or first):
                return each
        except ValueError as error:
            raise Malformed(f"'{each}' is no span of days; write 2026-12-20..2027-01-03.") from error
    return ""
