import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

from tasks.core.errors import Denied
from tasks.core.sample import Sample, Trail


class Once:
    """Counts how often it is asked; the first asker waits until ``open`` is set."""

    def __init__(self, answer: Any = "answer") -> None:
        self.asked = 0
        self.open = threading.Event()
        self.answer = answer

    def __call__(self) -> Any:
        self.asked += 1
        self.open.wait(5)
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer


def opened(answer: Any = "answer") -> Once:
    once = Once(answer)
    once.open.set()
    return once


def test_twenty_threads_that_ask_at_once_share_one_answer() -> None:
    sample, once = Sample(), Once()
    with ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(Trail(sample).read, "aws", "question", once) for _ in range(20)]
        once.open.set()
        answers = {each.result() for each in asked}

    assert (answers, once.asked) == ({"answer"}, 1)


def test_a_failure_is_remembered_like_an_answer() -> None:
    sample, once = Sample(), opened(Denied("You may not."))
    for _ in range(2):
        with pytest.raises(Denied, match="You may not"):
            Trail(sample).read("aws", "question", once)

    assert once.asked == 1


@pytest.mark.parametrize(
    ("door", "question"), [("dns", "question"), ("aws", "other question")], ids=["other door", "other question"]
)
def test_another_question_is_asked(door: str, question: str) -> None:
    sample, once = Sample(), opened()
    Trail(sample).read("aws", "question", once)
    Trail(sample).read(door, question, once)

    assert once.asked == 2


def test_a_defect_of_ours_reaches_who_asked_and_who_waited() -> None:
    sample, once = Sample(), Once(ZeroDivisionError("ours"))
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(Trail(sample).read, "aws", "question", once) for _ in range(2)]
        once.open.set()
        raised = [type(each.exception()) for each in asked]

    assert raised == [ZeroDivisionError, ZeroDivisionError]


def test_a_trail_keeps_each_of_its_readings_once_and_in_order() -> None:
    trail = Trail(Sample())
    for question in ("first", "second", "first"):
        trail.read("aws", question, opened())

    assert [reading.question for reading in trail.readings] == ["first", "second"]


def test_a_sample_shows_only_readings_that_were_answered() -> None:
    sample, once = Sample(), Once()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(sample.read, "aws", "slow", once)
        sample.read("aws", "quick", opened())
        before = [reading.question for reading in sample.readings]
        once.open.set()
        asked.result()

    assert before == ["quick"]
    assert sorted(reading.question for reading in sample.readings) == ["quick", "slow"]


def evidence(answer: Any) -> dict[str, Any]:
    return Sample().read("aws", "get ?token=abc", opened(answer)).as_evidence()


def test_evidence_is_redacted_and_has_no_metadata() -> None:
    found = evidence({"password": "x", "ResponseMetadata": {"RequestId": "1"}, "n": {1: ("a", 2.5, None)}})

    assert found["answer"] == {"password": "[hidden]", "n": {"1": ["a", 2.5, None]}}
    assert found["question"] == "get ?token=[hidden]"


def test_evidence_of_a_failure_is_its_sentence() -> None:
    found = evidence(Denied("Bearer abc may not."))

    assert (found["error"], "answer" in found) == ("Bearer [hidden] may not.", False)


def test_long_evidence_is_cut_and_says_so() -> None:
    found = evidence(["x" * 5000])

    assert len(found["answer"]) < 4100
    assert found["answer"].endswith("(5004 characters)")


def test_anything_can_be_evidence() -> None:
    assert evidence({"when": threading.Event})["answer"]["when"].startswith("<class")


@dataclass(frozen=True)
class Curve:
    points: tuple[int, ...]

    def as_evidence(self) -> dict[str, int]:
        return {"highest": max(self.points), "password": 1}


def test_an_answer_may_tell_itself_in_another_form() -> None:
    trail = Trail(Sample())
    trail.read("metrics", "curve", lambda: [Curve((1, 3, 2))])

    assert trail.readings[0].as_evidence()["answer"] == [{"highest": 3, "password": 1}]
