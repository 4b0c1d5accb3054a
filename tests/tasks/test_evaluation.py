"""From errors and answers to verdicts with evidence, for checks and for actions."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import pytest

from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import Absent, ActionError, Denied, EvidenceError, Malformed, ReadOnly, Throttled, Unreachable
from tasks.core.redaction import redact
from tasks.core.registry import Definition, Done
from tasks.core.sample import Sample, Trail
from tasks.core.verdicts import Status, Verdict, failed, passed, unknown
from tasks.evaluation import Judgement, before, judge, judge_all, perform, settle, undo

SESSION = Session(Settings(Path(), Path(), Path(), Path(), ""))


class Book:
    """A door that reads one word."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Self:  # noqa: ARG003
        return cls(trail)

    def word(self, answer: str) -> str:
        return str(self._trail.read("book", answer, lambda: answer))


def check(function: Callable[..., Verdict], *, doors: tuple[Any, ...] = ()) -> Definition:
    return Definition("trial.check", "check", function, "Look at the book.", doors=doors)


def raising(error: Exception) -> Callable[..., Any]:
    def function(**_arguments: Any) -> Any:
        raise error

    return function


@pytest.mark.parametrize(
    ("outcome", "status", "summary", "remedy"),
    [
        (passed("It holds."), Status.PASSED, "It holds.", ""),
        (failed("It does not."), Status.FAILED, "It does not.", "Look at the book."),
        (failed("It does not.", "Do this."), Status.FAILED, "It does not.", "Do this."),
        (unknown("Nobody knows."), Status.UNKNOWN, "Nobody knows.", "Look at the book."),
        *(
            (kind("Not learnt."), Status.UNKNOWN, "Not learnt.", "Look at the book.")
            for kind in (Denied, Throttled, Unreachable, Malformed, ReadOnly, EvidenceError)
        ),
        (Absent("It is not there."), Status.FAILED, "It is not there.", "Look at the book."),
    ],
    ids=[
        "passes",
        "fails",
        "knows better",
        "unknown",
        "denied",
        "throttled",
        "unreachable",
        "malformed",
        "a write",
        "other",
        "absent",
    ],
)
def test_a_check_becomes_a_verdict(outcome: Verdict | Exception, status: Status, summary: str, remedy: str) -> None:
    function = raising(outcome) if isinstance(outcome, Exception) else lambda: outcome
    verdict = judge(check(function), {}, SESSION, Sample()).verdict

    assert (verdict.status, verdict.summary, verdict.remedy) == (status, summary, remedy)


def test_a_broken_check_is_not_taken_for_an_answer() -> None:
    with pytest.raises(KeyError, match="typo"):
        judge(check(raising(KeyError("typo"))), {}, SESSION, Sample())


def test_what_was_read_is_the_evidence_even_of_an_error() -> None:
    def reads(book: Book, *, word: str) -> Verdict:
        raise Denied(book.word(word))

    judgement = judge(check(reads, doors=(Book,)), {"word": "aloud"}, SESSION, Sample())

    assert [(each["door"], each["question"], each["answer"]) for each in judgement.evidence] == [("book", "aloud", "aloud")]


def test_nothing_secret_is_in_a_judgement() -> None:
    redact.learn("correct-horse-battery")

    def reads(book: Book) -> Verdict:
        word = book.word("correct-horse-battery")
        return Verdict(Status.FAILED, f"saw {word}", f"change {word}", {"word": word})

    assert "correct-horse" not in repr(judge(check(reads, doors=(Book,)), {}, SESSION, Sample()))


def test_several_checks_are_one_judgement() -> None:
    def reads(book: Book, *, word: str) -> Verdict:
        return passed(book.word(word), {word: word}) if word != "bad" else failed(book.word(word))

    definition = check(reads, doors=(Book,))
    judgement = judge_all([(definition, {"word": word}) for word in ("good", "bad", "fine")], SESSION, Sample())

    assert judgement.verdict == Verdict(Status.FAILED, "bad", "Look at the book.", {"good": "good", "fine": "fine"})
    assert [each["question"] for each in judgement.evidence] == ["good", "bad", "fine"]


def test_no_check_at_all_is_unknown() -> None:
    assert judge_all([], SESSION, Sample()) == Judgement(unknown("Nothing was judged."))


def action(**companions: Any) -> Definition:
    function = companions.pop("function", lambda *, name: Done(f"Did {name}.", {"name": name}))
    return Definition("trial.act", "action", function, "Mend it.", **companions)


def noted(*, name: str) -> Mapping[str, Any]:
    return {"was": name}


def test_an_action_notes_and_does() -> None:
    assert before(action(before=noted), {"name": "it"}, SESSION) == {"was": "it"}
    assert before(action(), {"name": "it"}, SESSION) == {}
    assert perform(action(), {"name": "it"}, SESSION) == Done("Did it.", {"name": "it"})


def test_nothing_secret_is_in_what_an_action_did() -> None:
    redact.learn("correct-horse-battery")

    assert "correct-horse" not in repr(perform(action(), {"name": "correct-horse-battery"}, SESSION))


@pytest.mark.parametrize(
    ("probe", "expected"),
    [
        (lambda *, name, before: "done" if before["was"] == name else "not done", "done"),
        (lambda *, name, before: "not done" if before["was"] == name else "done", "not done"),
        (raising(Unreachable("no answer")), "unknown"),
        (raising(Absent("gone")), "unknown"),
        (None, "unknown"),
    ],
    ids=["done", "not done", "not learnt", "absent", "no probe"],
)
def test_an_attempt_that_was_cut_off_is_settled_by_its_probe(probe: Any, expected: str) -> None:
    assert settle(action(settled=probe), {"name": "it"}, SESSION, {"was": "it"}) == expected


def test_an_action_is_undone_with_what_was_noted() -> None:
    definition = action(undo=lambda *, name, before: f"{name} is {before['was']} again.")

    assert undo(definition, {"name": "it"}, SESSION, {"was": "blue"}) == passed("it is blue again.")


def test_an_action_without_undo_says_why() -> None:
    verdict = undo(action(irreversible="Mail was sent."), {"name": "it"}, SESSION, {})

    assert verdict == failed("Cannot be undone: Mail was sent.", "Mend it.")


def test_an_undo_that_fails_is_for_the_rollback_to_tell() -> None:
    with pytest.raises(ActionError, match="stuck"):
        undo(action(undo=raising(ActionError("stuck"))), {"name": "it"}, SESSION, {})
