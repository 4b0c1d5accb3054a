from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tasks.core.errors import Malformed
from tasks.core.windows import frozen, window

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = ("Mon", "Thu"), "22:00", "02:00", "Europe/Berlin"


@pytest.mark.parametrize(
    ("words", "moment", "expected"),
    [
        ((("Sat",), "09:00", "17:00", "UTC"), "2026-11-21T09:00", True),
        ((("Sat",), "09:00", "17:00", "UTC"), "2026-11-21T17:00", False),
        ((("Sat",), "09:00", "17:00", "UTC"), "2026-11-22T12:00", False),
        ((("Sat",), "09:00", "17:00", "America/New_York"), "2026-11-21T09:00", False),
        (NIGHT, "2026-11-23T21:00", True),
        (NIGHT, "2026-11-24T00:59", True),
        (NIGHT, "2026-11-24T01:00", False),
        (NIGHT, "2026-11-24T21:00", False),
        (NIGHT, "2026-11-23T00:30", False),
        ((("Sun",), "22:00", "02:00", "UTC"), "2026-11-23T01:00", True),
    ],
    ids=[
        "as it opens",
        "as it closes",
        "another day",
        "another zone",
        "an evening",
        "past midnight",
        "too late",
        "not that day",
        "the night before its first day",
        "past the week's end",
    ],
)
def test_holds(words: tuple[tuple[str, ...], str, str, str], moment: str, expected: bool) -> None:  # noqa: FBT001
    assert window(*words).holds(datetime.fromisoformat(moment).replace(tzinfo=UTC)) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [("2026-12-19T22:59", ""), ("2026-12-19T23:00", "2026-12-20..2027-01-03"), ("2027-01-03T12:00", "2026-12-20..2027-01-03")],
    ids=["before", "its first hour there", "its last day"],
)
def test_frozen(moment: str, expected: str) -> None:
    assert frozen(datetime.fromisoformat(moment).replace(tzinfo=UTC), BERLIN, ["2026-12-20..2027-01-03"]) == expected


def test_a_single_day_is_a_span() -> None:
    assert frozen(datetime(2026, 12, 24, 12, tzinfo=UTC), BERLIN, ["2026-12-24"]) == "2026-12-24"


@pytest.mark.parametrize("words", [("25:00", "02:00", "UTC"), ("22:00", "02:00", "Mars/Base")], ids=["no time", "no zone"])
def test_what_is_no_window_is_refused(words: tuple[str, str, str]) -> None:
    with pytest.raises(Malformed, match="is no window"):
        window(("Mon",), *words)


def test_what_is_no_span_is_refused() -> None:
    with pytest.raises(Malformed, match="is no span of days"):
        frozen(datetime(2026, 12, 24, 12, tzinfo=UTC), BERLIN, ["Christmas"])
