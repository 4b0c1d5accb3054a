import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.api import REFUSED, serving
from tests.tasks.world import Case, Place

MOST, LEAST, GAPS, DEGRADED, GROWS, REPORT = (
    f"promql.{name}" for name in ("at_most", "at_least", "no_gaps", "degraded_by_at_most", "not_growing", "report")
)
ANSWERS = "/api/v1/query", "/api/v1/query_range"
Found = Mapping[str, list[float]]
Server = Callable[[], AbstractContextManager[Place]]


def limit(number: float, **more: Any) -> dict[str, Any]:
    return {"query": "p95", "limit": number, "title": "Response time", "unit": "s"} | more


def now(found: Found | None = None, before: float = 1.0, kind: str = "vector") -> Server:
    """Answers each series' last value, and ``before`` to whoever asks for what was."""

    def said(asked: dict[str, str]) -> Any:
        old = float(asked["time"]) < time.time() - 60
        values = {name: before if old else each[-1] for name, each in (found or {}).items()}
        return {"resultType": kind, "result": [{"metric": {"pod": n}, "value": [1.0, str(v)]} for n, v in values.items()]}

    return serving({ANSWERS[0]: lambda asked: {"status": "success", "data": said(asked)}})


def over(found: Found, skipped: tuple[int, ...] = ()) -> Server:
    """Answers the values of each series, one a step up to the end; the skipped are not there."""

    def points(asked: dict[str, str], values: list[float]) -> list[list[Any]]:
        end, step = float(asked["end"]), float(asked["step"])
        every = [[end - (len(values) - 1 - at) * step, str(value)] for at, value in enumerate(values)]
        return [each for at, each in enumerate(every) if at not in skipped]

    def said(asked: dict[str, str]) -> Any:
        result = [{"metric": {"pod": name}, "values": points(asked, values)} for name, values in found.items()]
        return {"status": "success", "data": {"resultType": "matrix", "result": result}}

    return serving({ANSWERS[1]: said})


UNREAD = serving(dict.fromkeys(ANSWERS, REFUSED))
REFUSES = serving({ANSWERS[0]: {"status": "error", "error": "query timed out"}})
SCALAR = serving({ANSWERS[0]: {"status": "success", "data": {"resultType": "scalar", "result": [1.0, "0.4"]}}})
UP = {"query": "up", "minutes": 10}
FLAT, RISING = [100.0] * 8, [100, 100, 120, 130, 140, 150, 110.1, 110.1]
CASES = [
    Case("at the limit", MOST, limit(0.5), Status.PASSED, "Response time is 0.5 s", server=now({"a": [0.5]})),
    Case("one series above", MOST, limit(0.5), Status.FAILED, "Response time of {pod=b} is 0.6 s, wanted at most 0.5 s",
         server=now({"a": [0.5], "b": [0.6]})),
    Case("a scalar", MOST, limit(0.5), Status.PASSED, "is 0.4 s", server=SCALAR),
    Case("infinite", MOST, limit(0.5), Status.FAILED, "is inf s", server=now({"a": [float("inf")]})),
    Case("divided by nothing", MOST, limit(0.5), Status.UNKNOWN, "has no value", server=now({"a": [float("nan")]})),
    Case("no series", MOST, limit(0.5), Status.UNKNOWN, "has no value", server=now({})),
    Case("no series, and that is well", MOST, limit(0, allow_empty=True), Status.PASSED, "has no value", server=now({})),
    Case("a peak in the hour", MOST, limit(0.5, minutes=60), Status.FAILED, "(▁█▁, the last 60 minutes) is 0.9",
         server=over({"a": [0.1, 0.9, 0.1]})),
    Case("quiet all the hour", MOST, limit(0.5, minutes=60), Status.PASSED, "is 0.3", server=over({"a": [0.1, 0.3, 0.1]})),
    Case("timed out there", MOST, limit(0.5), Status.UNKNOWN, "query timed out", server=REFUSES),
    Case("text", MOST, limit(0.5), Status.UNKNOWN, "no values to judge", server=now({}, kind="string")),
    Case("refused", MOST, limit(0.5), Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("enough", LEAST, limit(2), Status.PASSED, "is 2 s", server=now({"a": [2.0]})),
    Case("one series below", LEAST, limit(2), Status.FAILED, "{pod=b} is 1 s", server=now({"a": [2.0], "b": [1.0]})),
    Case("once below in the hour", LEAST, limit(2, minutes=60), Status.FAILED, "is 1 s", server=over({"a": [2, 1, 2]})),
    Case("no series", LEAST, limit(2), Status.UNKNOWN, "has no value", server=now({})),
    Case("refused", LEAST, limit(2), Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("whole", GAPS, UP, Status.PASSED, "a value in every step", server=over({"a": [1.0] * 10})),
    Case("one missed", GAPS, UP, Status.PASSED, "a value in every step", server=over({"a": [1.0] * 10}, (5,))),
    Case("two missed", GAPS, UP, Status.FAILED, "no value for 3 minutes until 2 minutes ago",
         server=over({"a": [1.0] * 10}, (5, 6))),
    Case("stopped", GAPS, UP, Status.FAILED, "until 0 minutes ago", server=over({"a": [1.0] * 10}, (7, 8, 9))),
    Case("began late", GAPS, UP, Status.FAILED, "no value for 6 minutes", server=over({"a": [1.0] * 5})),
    Case("no series", GAPS, UP, Status.UNKNOWN, "nothing could be judged", server=over({})),
    Case("refused", GAPS, UP, Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("half as much again", DEGRADED, {"query": "p95"}, Status.PASSED, "that is 50 %", server=now({"a": [1.5]})),
    Case("more than that", DEGRADED, {"query": "p95"}, Status.FAILED, "was 1 as of 1d ago and is 1.6",
         server=now({"a": [1.6]})),
    Case("better", DEGRADED, {"query": "p95"}, Status.PASSED, "that is -50 %", server=now({"a": [0.5]})),
    Case("nothing now", DEGRADED, {"query": "p95"}, Status.UNKNOWN, "no value now", server=now({})),
    Case("nothing before", DEGRADED, {"query": "p95"}, Status.UNKNOWN, "as of 1d ago", server=now({"a": [1.0]}, before=0)),
    Case("flat", GROWS, {"query": "memory"}, Status.PASSED, "from 100 to 100", server=over({"a": FLAT})),
    Case("one grows", GROWS, {"query": "memory"}, Status.FAILED, "of {pod=b} from 100 to 110.1",
         server=over({"a": FLAT, "b": RISING})),
    Case("too young", GROWS, {"query": "memory"}, Status.UNKNOWN, "show no trend", server=over({"a": FLAT[1:]})),
    Case("no series", GROWS, {"query": "memory"}, Status.UNKNOWN, "nothing could be judged", server=over({})),
    Case("laid out", REPORT, {"queries": {"Load": "load", "Errors": "errors"}}, Status.PASSED,
         "Load: ▁█ lowest 1, mean 1.5, highest 2, last 2.", server=over({"a": [1, 2]})),
    Case("nothing to lay out", REPORT, {"queries": {"Load": "load"}}, Status.UNKNOWN, "Load: no value", server=over({})),
    Case("nothing, and that is well", REPORT, {"queries": {"Load": "load"}, "allow_empty": True}, Status.PASSED, "no value",
         server=over({})),
    Case("not there", REPORT, {"queries": {"Load": "load"}}, Status.FAILED, "answered 404", server=serving({})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
