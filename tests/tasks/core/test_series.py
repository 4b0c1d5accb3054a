import math

import pytest

from tasks.core.errors import Malformed
from tasks.core.series import Series, gaps, growth, outline, seconds, series, sparkline, worst_of
from tasks.core.verdicts import Status


@pytest.mark.parametrize(
    ("values", "curve"),
    [
        ([], ""),
        ([0, 0, 0], "▁▁▁"),
        ([5, 5], "▄▄"),
        ([0, 1, 2, 3, 4, 5, 6, 7], "▁▂▃▄▅▆▇█"),
        ([1, math.inf, 3], "▁█"),
        ([0.0] * 100 + [1.0] + [0.0] * 100, "▁▁▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▁"),
    ],
    ids=["nothing", "nought", "flat", "rising", "what is no number", "a short peak among many"],
)
def test_a_sparkline_shows_the_curve(values: list[float], curve: str) -> None:
    assert sparkline(values) == curve


def test_an_outline_tells_four_figures() -> None:
    assert outline([1, 4, 1], "ms") == "▁█▁ lowest 1, mean 2, highest 4, last 1 ms"
    assert outline([]) == "no value"


def test_what_is_no_number_is_no_point() -> None:
    assert series({}, [(1, math.nan), (2, 3.0)]).values == [3.0]


def test_a_series_is_told_by_its_labels() -> None:
    assert str(Series({"__name__": "up", "job": "api"}, ())) == "up{job=api}"
    assert str(Series({}, ())) == ""


def test_the_worst_series_is_found_and_empty_ones_are_none() -> None:
    low, high = Series({"a": "low"}, ((1, 1.0),)), Series({"a": "high"}, ((1, 2.0), (2, 0.0)))

    assert worst_of([low, high], max) == (high, 2.0)
    assert worst_of([low, high], min) == (high, 0.0)
    assert worst_of([Series({}, ())], max) is None


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ([1.0] * 8, Status.PASSED),
        ([1, 1, 9, 9, 9, 9, 1.1, 1.1], Status.PASSED),
        ([1, 1, 9, 9, 9, 9, 1.2, 1.2], Status.FAILED),
        ([1.0] * 7, Status.UNKNOWN),
        ([0.0] * 8, Status.UNKNOWN),
    ],
    ids=["flat", "just as accepted", "grown", "too few", "from nothing"],
)
def test_growth_compares_the_last_quarter_with_the_first(values: list[float], status: Status) -> None:
    assert growth("memory", values, 10).status is status


def test_a_gap_is_longer_than_two_steps_also_at_the_ends() -> None:
    assert gaps([60, 120, 240], 0, 300, 60) == []
    assert gaps([60, 241], 0, 300, 60) == [(60, 241)]
    assert gaps([], 0, 300, 60) == [(0, 300)]


@pytest.mark.parametrize(
    ("told", "wanted"), [("15d", 15 * 86400), ("1h30m", 5400), ("15d or 10GiB", 15 * 86400), ("5ms", 0.005)]
)
def test_stretches_of_time(told: str, wanted: float) -> None:
    assert seconds(told) == wanted


def test_another_text_is_no_stretch_of_time() -> None:
    with pytest.raises(Malformed, match="'10GiB' is no stretch"):
        seconds("10GiB")


def test_evidence_keeps_the_curve_and_not_the_points() -> None:
    whole = Series({"job": "api"}, tuple((float(at), float(at)) for at in range(3))).as_evidence()

    assert whole == {"series": "{job=api}", "curve": "▁▅█", "range": "0 to 2", "last": "2"}
    assert Series({}, ((1.0, 0.5),)).as_evidence() == {"value": 0.5}
    assert Series({}, ()).as_evidence() == {"value": None}
