"""Getting through one gate over many processes: each starts from the first line, and none decides anything a second time."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from checklists.plan import Gate
from flows import passing
from flows.gates import Outcome
from flows.holds import Hold
from tasks.core.errors import ActionError
from tasks.core.verdicts import failed
from tests.flows import rehearsal
from tests.flows.passage import Passage, Watch, changed, phases, really
from tests.flows.rehearsal import again, gate, item, opened, signed, start, types

pytestmark = pytest.mark.usefixtures("house", "titles")
SEEN = gate(item("seen", see="a"))
ASKED = gate(item("asked", ask="deployer"))
OPEN, CLOSED = opened(), opened(closed="seen")


@pytest.fixture
def passage(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Passage]:
    monkeypatch.setattr("tasks.record.datetime", Watch)

    def make(where: Gate, outcomes: Iterable[Any], **given: Any) -> Passage:
        ways = {name: given.pop(name) for name in ("answers", "last", "minutes") if name in given}
        made = Passage(start(where, **given), where, list(outcomes), **ways)
        monkeypatch.setattr(passing, "stand", made.stand)
        return made

    return make


def test_an_open_gate_that_asks_nobody_is_passed(passage: Callable[..., Passage]) -> None:
    walk = passage(SEEN, [OPEN])

    assert (walk.through(), walk.calls, walk.holds) == ("passed", [[1]], [])


@pytest.mark.parametrize(
    ("outcomes", "answers", "told"),
    [
        ([CLOSED], {}, "waits"),
        ([CLOSED, OPEN], {"closed-0-0-1": ["re-check"]}, "passed"),
        ([CLOSED, OPEN], {"closed-0-0-1": ["waive"]}, "passed"),
        ([CLOSED, CLOSED, OPEN], {"closed-0-0-1": ["re-check"], "closed-0-0-2": ["re-check"]}, "passed"),
        ([CLOSED, CLOSED], {"closed-0-0-1": ["re-check"]}, "waits"),
        ([CLOSED], {"closed-0-0-1": ["abort"]}, "The gate is closed. seen is dark. Ola decided to abort."),
        (
            [CLOSED, CLOSED],
            {"closed-0-0-1": ["re-check"], "closed-0-0-2": [("abort", "ana", "too late")]},
            "The gate is closed. seen is dark. Ana decided to abort: too late",
        ),
    ],
    ids=["nobody answers", "re-check", "waive", "twice", "still closed", "abort", "abort at the second look"],
)
def test_a_closed_gate_before_anything_changed(
    passage: Callable[..., Passage], outcomes: list[Outcome], answers: dict[str, list[Any]], told: str
) -> None:
    walk = passage(SEEN, outcomes, answers=answers)

    assert walk.through() == told
    assert {tuple(sorted(hold.decisions)) for hold in walk.holds} == {("abort", "re-check", "waive")}
    for earlier, later in zip(walk.calls, walk.calls[1:], strict=False):
        assert later[: len(earlier)] == earlier


def test_only_the_role_that_waives_may_waive(passage: Callable[..., Passage]) -> None:
    strict, none = passage(SEEN, [CLOSED]), passage(SEEN, [CLOSED], waive_by="", name="r2")
    none.process()
    ways = none.holds[-1].decisions
    passing_hold = passage(SEEN, [CLOSED], name="r3")
    passing_hold.process()

    assert strict.journey.plan.policy.waive_by == "manager"
    assert dict(passing_hold.holds[-1].decisions) == {"re-check": "", "waive": "manager", "abort": ""}
    assert dict(ways) == {"re-check": "", "abort": ""}


def test_after_a_change_a_strict_environment_rolls_back_at_once(passage: Callable[..., Passage]) -> None:
    walk = passage(SEEN, [CLOSED])
    changed(walk.journey)

    assert (walk.through(), walk.holds) == ("The gate is closed. seen is dark.", [])


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        ("re-check", "passed"),
        ("waive", "passed"),
        ("roll back", "The gate is closed. seen is dark. Ola decided to roll back."),
        ("keep", "The gate is closed. seen is dark. Ola decided to keep. (kept)"),
    ],
)
def test_after_a_change_a_lenient_environment_asks(passage: Callable[..., Passage], decision: str, told: str) -> None:
    walk = passage(SEEN, [CLOSED, OPEN], answers={"closed-0-0-1": [decision]}, on_failure="ask")
    changed(walk.journey)

    assert walk.through() == told
    assert dict(walk.holds[0].decisions) == {"re-check": "", "waive": "manager", "roll back": "manager", "keep": "manager"}


@pytest.mark.parametrize(
    ("decision", "done", "entries"),
    [
        ("try again", ["a"], ["action failed", "held", "signed", "to retry", "intended", "performed"]),
        ("done by hand", [], ["action failed", "held", "signed", "performed"]),
    ],
)
@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
def test_a_failed_action_is_tried_again_only_when_a_person_says_so(
    passage: Callable[..., Passage], decision: str, done: list[str], entries: list[str], *, begun: bool
) -> None:
    walk = passage(
        gate(item("on", do="a")), [really("0-0-1"), really("0-0-2")], answers={"closed-0-0-1": [decision]}, on_failure="ask"
    )
    error = ActionError("stuck")
    (rehearsal.lamps.does if begun else rehearsal.lamps.notes)["a"] = error
    walk.process()
    rehearsal.lamps.does.clear()
    rehearsal.lamps.notes.clear()
    told = [walk.through(), walk.process()]

    assert told == ["passed", "passed"]
    assert rehearsal.lamps.done == done
    assert [each for each in types(walk.journey) if each != "sampled"] == ["planned", *(["intended"] * begun), *entries]
    others = {"roll back": "manager", "keep": "manager"} if begun else {"abort": ""}
    assert dict(walk.holds[0].decisions) == {"try again": "manager", "done by hand": "manager"} | others


def test_what_was_done_by_hand_before_it_could_begin_is_not_done_again(passage: Callable[..., Passage]) -> None:
    late = item("on", do="a", when='outcome("later") == "PASSED"')
    walk = passage(
        gate(late), [really("0-0-1"), really("0-0-2")], answers={"closed-0-0-1": ["done by hand"]}, phases=phases(late)
    )

    assert (walk.through(), rehearsal.lamps.done) == ("passed", [])


@pytest.mark.parametrize(
    ("for_good", "told"), [(False, "An action failed. on is stuck."), (True, "waits")], ids=["a change", "a notice"]
)
def test_after_a_change_a_failed_action_rolls_a_strict_environment_back(
    passage: Callable[..., Passage], told: str, *, for_good: bool
) -> None:
    walk = passage(gate(item("on", do="a", for_good=for_good)), [opened(failed="on")])
    changed(walk.journey)

    assert walk.through() == told


@pytest.mark.parametrize("on_failure", ["roll back", "ask"])
def test_an_answered_closure_is_not_judged_anew_after_the_world_has_changed(
    passage: Callable[..., Passage], on_failure: str
) -> None:
    walk = passage(SEEN, [CLOSED, OPEN], answers={"closed-0-0-1": ["re-check"]}, on_failure=on_failure)
    before = walk.through()
    changed(again(walk.journey))
    after = walk.process()

    assert (before, after, walk.calls[-1]) == ("passed", "passed", [1, 2])


# sign-offs


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, "waits"),
        ({"sign-0-0-1": ["approve"]}, "passed"),
        ({"sign-0-0-1": [("reject", "ola", "not today")]}, "Rejected by Ola: not today"),
        ({"sign-0-0-1": ["reject"]}, "Rejected by Ola: no comment"),
    ],
    ids=["nobody signs", "approved", "rejected", "rejected without a word"],
)
def test_an_open_gate_waits_for_its_people(passage: Callable[..., Passage], answers: dict[str, list[Any]], told: str) -> None:
    walk = passage(ASKED, [OPEN], answers=answers)

    assert walk.through() == told
    assert all(calls == [1] for calls in walk.calls)


GO_OR_NOT = Gate(decision=True, items=(item("seen", see="a"), item("asked", ask="deployer")))


@pytest.mark.parametrize(
    ("outcome", "answers", "ways", "told"),
    [
        (OPEN, {"sign-0-0-1": ["go"]}, ["go", "no go"], "passed"),
        (OPEN, {"sign-0-0-1": [("no go", "ola", "The team is ill.")]}, ["go", "no go"], "No go, said by Ola: The team is ill."),
        (
            CLOSED,
            {"closed-0-0-1": [("no go", "max", "Not today.")]},
            ["no go", "re-check"],
            "The gate is closed. seen is dark. Max said no go: Not today.",
        ),
    ],
    ids=["go", "no go", "a criterion is not met"],
)
def test_people_say_go_or_no_go_and_nobody_waives_a_criterion(
    passage: Callable[..., Passage], outcome: Outcome, answers: dict[str, list[Any]], ways: list[str], told: str
) -> None:
    walk = passage(GO_OR_NOT, [outcome], answers=answers)

    assert (walk.through(), sorted(walk.holds[0].decisions)) == (told, ways)


def test_who_says_go_sees_which_criteria_are_met(passage: Callable[..., Passage]) -> None:
    criteria = (item("seen", see="a"), item("broken", see="b", trouble=True), item("asked", ask="deployer"))
    walk = passage(Gate(decision=True, items=criteria), [really("0-0-1")])
    walk.process()

    assert walk.holds[0].summary == "Met so far: Seen; Not so: Broken."


def test_a_parent_signed_once_is_not_asked_for_again_while_a_child_is_open(passage: Callable[..., Passage]) -> None:
    family = gate(item("parent", ask="deployer", children=("child",)), item("child", ask="manager"))
    walk = passage(family, [OPEN])
    walk.process()
    hold = walk.holds[-1]
    signed(again(walk.journey), Hold(hold.id, hold.kind, hold.title, hold.items[:1], hold.decisions), "approve", "ana")
    walk.process()

    assert [[each.id for each in hold.items] for hold in walk.holds] == [["parent", "child"], ["child"]]


def test_a_review_is_asked_about_with_what_its_checks_read(passage: Callable[..., Passage]) -> None:
    reviewed, guarded = (item(name, see="a", ask="deployer", review=name == "reviewed") for name in ("reviewed", "guarded"))
    walk = passage(gate(reviewed, guarded), [OPEN])
    kept = again(walk.journey).record.keep([{"door": "lamps", "question": "watts", "answer": [40, 60]}])
    shape = {"status": "FAILED", "summary": "Too bright.", "evidence": kept}
    again(walk.journey).record.append("sampled", {"place": "0-0-1", "verdicts": {"reviewed": shape, "guarded": shape}})
    walk.process()

    assert dict(walk.holds[0].evidence) == {"reviewed": "⚠️ Too bright.", "guarded": "⚠️ Too bright."}
    assert walk.holds[0].readings == {"reviewed": ("watts", "  ▁█ lowest 40, mean 50, highest 60, last 60")}


def test_two_people_sign_in_turn(passage: Callable[..., Passage]) -> None:
    both = gate(item("one", ask="deployer"), item("two", ask="manager"))
    walk = passage(both, [OPEN])
    walk.process()
    shown = [each.id for each in walk.holds[-1].items]
    hold = walk.holds[-1]
    signed(again(walk.journey), Hold(hold.id, hold.kind, hold.title, hold.items[:1], hold.decisions), "approve", "ana")
    walk.process()
    left = [each.id for each in walk.holds[-1].items]
    signed(again(walk.journey), walk.holds[-1], "approve", "max")

    assert (shown, left) == (["one", "two"], ["two"])
    assert walk.process() == "passed"


@pytest.mark.parametrize(
    ("minutes", "last", "calls"),
    [(59, False, [1]), (61, False, [1, 2]), (61, True, [1])],
    ids=["in time", "too long", "too long, but nothing follows"],
)
def test_a_gate_that_waited_long_is_looked_at_once_more(
    passage: Callable[..., Passage], minutes: float, calls: list[int], *, last: bool
) -> None:
    walk = passage(ASKED, [OPEN, OPEN], last=last, minutes=minutes, answers={"sign-0-0-1": ["approve"]})
    told = [walk.through(), walk.process(), walk.process()]

    assert told == ["passed"] * 3
    assert walk.calls[-3:] == [calls] * 3


def test_what_is_dark_after_a_long_wait_closes_the_gate(passage: Callable[..., Passage]) -> None:
    mixed = gate(item("seen", see="a"), item("asked", ask="deployer"))
    walk = passage(mixed, [OPEN, CLOSED, OPEN], minutes=61, answers={"sign-0-0-1": ["approve"], "closed-0-0-2": ["re-check"]})

    assert (walk.through(), walk.calls[-1]) == ("passed", [1, 2, 3])


def test_a_signature_that_a_later_look_made_void_is_asked_for_there_and_only_once(passage: Callable[..., Passage]) -> None:
    review = gate(item("review", see="a", ask="deployer", review=True))
    answers = {"sign-0-0-1": ["approve"], "sign-0-0-2": ["approve", "approve"]}
    walk = passage(review, [really("0-0-1"), really("0-0-2"), really("0-0-3")], minutes=61, answers=answers)
    walk.process()
    rehearsal.lamps.seen["a"] = failed("dark")
    walk.process()
    walk.minutes = 1
    told = walk.through()

    assert told == "passed"
    assert [entry.body["hold"] for entry in again(walk.journey).record.of("signed")] == ["sign-0-0-1", "sign-0-0-2"]
    assert walk.holds[-1].evidence == {"review": "⚠️ dark"}


def test_an_approval_that_does_not_apply_is_asked_of_nobody(passage: Callable[..., Passage]) -> None:
    late = gate(item("seen", see="a"), item("asked", ask="deployer", when='outcome("seen") == "FAILED"'))
    walk = passage(late, [really("0-0-1"), really("0-0-2")], answers={"closed-0-0-1": ["re-check"]})

    assert (walk.through(), {hold.id for hold in walk.holds}) == ("passed", {"closed-0-0-1"})


# actions that nobody knows the end of


def unsettled(passage: Callable[..., Passage], decision: str, *outcomes: Outcome) -> Passage:
    walk = passage(
        gate(item("on", do="a")), [opened(unsettled="on"), *outcomes], answers={"unsettled-0-0-1": [decision, decision]}
    )
    changed(walk.journey)
    return walk


@pytest.mark.parametrize(
    ("decision", "told", "entries"),
    [
        ("it happened", "passed", ["performed"]),
        ("it did not happen", "passed", ["not done"]),
        ("roll back", "Ola decided to roll back: Nobody knows.", []),
    ],
)
def test_a_person_says_what_became_of_an_action(
    passage: Callable[..., Passage], decision: str, told: str, entries: list[str]
) -> None:
    walk = unsettled(passage, decision, OPEN)
    ends = [walk.through(), walk.process()]

    assert ends == [told] * 2
    assert types(walk.journey) == ["planned", "intended", "held", "signed", *entries]
    assert dict(walk.holds[0].decisions) == dict.fromkeys(("it happened", "it did not happen", "roll back"), "manager")


@pytest.mark.parametrize("later", ["intended", "action failed"], ids=["is cut off too", "fails"])
def test_what_was_said_of_one_attempt_is_not_said_of_the_next(passage: Callable[..., Passage], later: str) -> None:
    walk = unsettled(passage, "it did not happen", OPEN)
    walk.through()
    changed(again(walk.journey), attempt=2)
    if later != "intended":
        again(walk.journey).record.append(later, {"item": "on", "attempt": 2, "summary": "stuck"})
    before = types(walk.journey)
    walk.process()

    assert types(walk.journey) == before


def test_what_broke_before_it_was_begun_ends_the_release(passage: Callable[..., Passage]) -> None:
    walk = passage(gate(item("on", do="a")), [opened(unsettled="on")])

    assert (walk.through(), walk.holds) == ("Nobody knows.", [])


def test_a_process_that_dies_between_a_decision_and_its_consequence_writes_it_later(
    passage: Callable[..., Passage], monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = unsettled(passage, "it did not happen", OPEN)
    walk.process()
    with monkeypatch.context() as dying:
        dying.setattr(passing, "_write_settlement", lambda *_given: walk.answers["never"])
        with pytest.raises(KeyError):
            walk.process()
    between = types(walk.journey)[-1]

    assert (between, walk.process(), types(walk.journey)[-1]) == ("signed", "passed", "not done")
