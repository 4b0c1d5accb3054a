"""Durations as they are written and as they are said."""

import pytest

from checklists.durations import seconds, spoken


@pytest.mark.parametrize(
    ("text", "expected"), [("90s", 90), ("15m", 900), ("24h", 86400), ("7d", 604800), ("4w", 2419200), ("0s", 0)]
)
def test_a_duration_is_read(text: str, expected: int) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "5", "5 m", "-5m", "1.5h", "5M", "1h30m", "9999999s", "٣m"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration; write a whole number and a unit"):
        seconds(text)


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (0, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (11100, "3 h 5 min"),
        (187200, "2 d 4 h"),
    ],
)
def test_a_duration_is_said(total: float, expected: str) -> None:
    assert spoken(total) == expected
