from collections.abc import Callable

import pytest

from tasks.actions.aws.waiting import until
from tasks.core.errors import ActionError, Denied, Throttled, Unreachable


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    monkeypatch.setattr("time.monotonic", lambda: sum(slept))
    return slept


def looks(*answers: int | Exception) -> Callable[[], int]:
    queue = list(answers)

    def look() -> int:
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return look


def test_answers_what_is_enough(pauses: list[float]) -> None:
    seen = until("counting", looks(1, 2, 3), lambda number: number == 3, 60)

    assert (seen, len(pauses)) == (3, 2)


def test_pauses_grow_to_five_seconds(pauses: list[float]) -> None:
    until("counting", looks(*range(15)), lambda number: number == 14, 600)

    assert (pauses[0], pauses[1] > pauses[0], pauses[-1]) == (0.2, True, 5.0)


def test_looks_again_after_no_answer(pauses: list[float]) -> None:
    seen = until("counting", looks(Unreachable("gone"), Throttled("slower"), 3), lambda _number: True, 60)

    assert (seen, len(pauses)) == (3, 2)


def test_a_refusal_is_not_waited_out(pauses: list[float]) -> None:
    with pytest.raises(Denied):
        until("counting", looks(Denied("no")), lambda _number: True, 60)

    assert pauses == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [(1, "After 9 s AWS had not finished counting.$"), (Unreachable("Nobody answers."), "counting. Nobody answers.$")],
    ids=["not enough", "not answered"],
)
def test_ends_when_time_is_up(pauses: list[float], answer: int | Exception, says: str) -> None:
    with pytest.raises(ActionError, match=says):
        until("counting", looks(answer), lambda _number: False, 9)

    assert sum(pauses) <= 9
