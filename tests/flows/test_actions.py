"""An action happens at most once, through every death of the process that does it."""

from typing import Any

import pytest

from checklists.plan import Call
from flows.gates import _attempt, perform, run_gate, sample
from flows.journey import Journey
from tasks.core.errors import Absent, ActionError, Denied, RecordError
from tasks.core.verdicts import failed
from tests.flows import rehearsal
from tests.flows.rehearsal import Killed, again, gate, item, last, start, types

pytestmark = pytest.mark.usefixtures("house", "titles")
SWITCH = item("on", do="a")


def dies_before(journey: Journey, type_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the process die just before an entry of this type is written."""
    append = journey.record.append

    def dying(kind: str, *given: Any, **named: Any) -> Any:
        if kind == type_:
            raise Killed
        return append(kind, *given, **named)

    monkeypatch.setattr(journey.record, "append", dying)


def test_an_action_is_intended_then_performed_under_the_lock() -> None:
    journey = start(gate(SWITCH))
    outcome = perform(journey, SWITCH)

    assert outcome == {"status": "open", "items": ["on"], "summary": "Switched a."}
    assert types(journey) == ["planned", "intended", "performed"]
    assert last(journey, "intended") == {
        "item": "on",
        "attempt": 1,
        "action": "trial.switch",
        "arguments": {"name": "a"},
        "before": {"was": "a dark", "turn": 0},
        "matters": True,
    }
    assert last(journey, "performed")["facts"] == {"lamp": "a"}
    assert journey.lock.last_holder() == "r1"


@pytest.mark.parametrize("turns", [2, 3])
def test_a_replay_finds_it_performed(turns: int) -> None:
    journey = start(gate(SWITCH))
    outcomes = [perform(again(journey), SWITCH)["status"] for _ in range(turns)]

    assert outcomes == ["open"] * turns
    assert rehearsal.lamps.done == ["a"]


@pytest.mark.parametrize(
    ("entry", "settles", "status", "done", "entries"),
    [
        ("intended", "unknown", "open", ["a"], ["intended", "performed"]),
        ("performed", "done", "open", ["a"], ["intended", "performed"]),
        ("performed", "unknown", "unsettled", ["a"], ["intended"]),
        ("performed", Denied("not learnt"), "unsettled", ["a"], ["intended"]),
        ("performed", KeyError("a bug of the probe"), "unsettled", ["a"], ["intended"]),
        ("performed", "not done", "open", ["a", "a"], ["intended", "not done", "intended", "performed"]),
    ],
    ids=[
        "before the intent",
        "after it was done",
        "after it was done and none can tell",
        "after it was done and the probe is denied",
        "after it was done and the probe breaks",
        "and the probe says that nothing was done",
    ],
)
def test_a_process_dies_around_an_action(  # noqa: PLR0917  one an argument of the table
    entry: str, settles: Any, status: str, done: list[str], entries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = start(gate(SWITCH))
    rehearsal.lamps.settles["a"] = settles
    dies_before(journey, entry, monkeypatch)
    with pytest.raises(Killed):
        perform(journey, SWITCH)
    outcome = perform(again(journey), SWITCH)

    assert outcome["status"] == status
    assert rehearsal.lamps.done == done
    assert types(journey) == ["planned", *entries]


@pytest.mark.parametrize(
    ("settles", "status", "done"),
    [("done", "open", ["a"]), ("not done", "open", ["a", "a"]), ("unknown", "unsettled", ["a"])],
)
def test_a_process_dies_inside_an_action(settles: str, status: str, done: list[str]) -> None:
    journey = start(gate(SWITCH))
    rehearsal.lamps.does["a"] = Killed()
    with pytest.raises(Killed):
        perform(journey, SWITCH)
    rehearsal.lamps.does.clear()
    rehearsal.lamps.settles["a"] = settles
    statuses = [perform(again(journey), SWITCH)["status"] for _ in range(2)]

    assert statuses == [status] * 2
    assert rehearsal.lamps.done == done


def test_what_undoing_needs_is_noted_before_the_first_attempt_and_kept() -> None:
    journey = start(gate(SWITCH))
    rehearsal.lamps.does["a"] = Killed()
    with pytest.raises(Killed):
        perform(journey, SWITCH)
    rehearsal.lamps.does.clear()
    rehearsal.lamps.settles["a"] = "not done"
    perform(again(journey), SWITCH)

    assert [change.before["turn"] for change in again(journey).changes()] == [0]


@pytest.mark.parametrize(
    "error", [ActionError("stuck"), Denied("not allowed"), Absent("no lamp")], ids=lambda each: type(each).__name__
)
def test_a_failed_action_stays_failed_and_is_not_tried_again(error: Exception) -> None:
    journey = start(gate(SWITCH))
    rehearsal.lamps.does["a"] = error
    first = perform(journey, SWITCH)
    rehearsal.lamps.does.clear()
    second = perform(again(journey), SWITCH)

    assert first == second == {"status": "action failed", "items": ["on"], "summary": str(error)}
    assert rehearsal.lamps.done == []
    assert types(journey) == ["planned", "intended", "action failed"]


@pytest.mark.parametrize(
    "error", [Denied("not allowed"), Absent("no lamp"), ActionError("no room")], ids=lambda each: type(each).__name__
)
def test_an_action_whose_undoing_cannot_be_prepared_is_not_begun(error: Exception) -> None:
    journey = start(gate(SWITCH))
    rehearsal.lamps.notes["a"] = error
    outcome = perform(journey, SWITCH)

    assert outcome["status"] == "action failed"
    assert outcome["summary"].startswith("Not begun: ")
    assert types(journey) == ["planned", "action failed"]
    assert not again(journey).changed


def test_an_action_that_breaks_is_for_a_person_to_settle() -> None:
    journey = start(gate(SWITCH))
    rehearsal.lamps.does["a"] = KeyError("a bug")
    outcome = perform(journey, SWITCH)

    assert outcome["status"] == "unsettled"
    assert types(journey) == ["planned", "intended"]
    assert journey.changed


def test_another_release_has_the_environment() -> None:
    start(gate(SWITCH), name="r0").lock.take("r0")
    journey = start(gate(SWITCH))

    with pytest.raises(RecordError, match=r"lamps\.production is being released by r0 since"):
        perform(journey, SWITCH)
    assert rehearsal.lamps.done == []
    assert types(journey) == ["planned"]


def test_an_action_that_leaves_nothing_takes_no_lock_and_needs_no_rollback() -> None:
    harmless = item("test", do="a", leaves_nothing=True)
    journey = start(gate(harmless))
    perform(journey, harmless)

    assert (journey.lock.holder(), journey.changed) == (None, False)
    assert rehearsal.lamps.done == ["a"]


@pytest.mark.parametrize(
    "given",
    [{"skip": "Not asked for."}, {"when": 'outcome("seen") == "FAILED"'}],
    ids=["by the plan", "by an earlier outcome"],
)
def test_an_action_that_does_not_apply_is_not_done(given: dict[str, str]) -> None:
    action = item("on", do="a", **given)
    journey = start(gate(item("seen", see="b")), gate(action))
    sample(journey, "0-0-1", journey.gate(0, 0).items)
    outcome = perform(journey, action)

    assert (outcome["status"], rehearsal.lamps.done) == ("open", [])
    assert "intended" not in types(journey)


def test_an_action_waits_for_the_outcome_it_depends_on() -> None:
    action = item("on", do="a", when='outcome("seen") == "PASSED"')
    journey = start(gate(item("seen", see="b")), gate(action))
    outcome = perform(journey, action)

    assert outcome["status"] == "action failed"
    assert "not begun" in outcome["summary"]
    assert rehearsal.lamps.done == []


@pytest.mark.parametrize("settles", ["done", "unknown"])
def test_a_begun_action_is_settled_whatever_its_condition_says_by_now(settles: str) -> None:
    action = item("on", do="a", when='outcome("seen") == "PASSED"')
    journey = start(gate(item("seen", see="b")), gate(action))
    sample(journey, "0-0-1", journey.gate(0, 0).items)
    rehearsal.lamps.does["a"] = Killed()
    with pytest.raises(Killed):
        perform(journey, action)
    rehearsal.lamps.seen["b"] = failed("b is dark.")
    rehearsal.lamps.settles["a"] = settles
    sample(journey, "0-0-2", journey.gate(0, 0).items)

    assert perform(again(journey), action)["status"] == {"done": "open", "unknown": "unsettled"}[settles]


def test_the_actions_of_a_gate_run_in_order_until_one_fails() -> None:
    journey = start(gate(item("x", do="a"), item("y", do="b"), item("z", do="c"), item("seen", see="d")))
    rehearsal.lamps.does["b"] = ActionError("stuck")
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert (outcome["status"], outcome["items"]) == ("action failed", ["y"])
    assert (rehearsal.lamps.done, rehearsal.lamps.looks) == (["a"], [])


def test_a_gate_that_may_not_act_only_looks() -> None:
    journey = start(gate(item("x", do="a"), item("seen", see="d")))
    outcome = run_gate(journey, "0-0-1", journey.gate(0, 0), act=False)

    assert (outcome["status"], rehearsal.lamps.done, rehearsal.lamps.looks) == ("open", [], ["d"])


def test_two_processes_that_go_on_with_one_release_do_not_both_act() -> None:
    journey = start(gate(SWITCH))
    twin = again(journey)
    perform(journey, SWITCH)

    with pytest.raises(RecordError, match="Another process has gone on with r1"):
        _attempt(twin, SWITCH, Call(id="trial.switch", arguments={"name": "a"}), twin.current_session(), 1)
    assert rehearsal.lamps.done == ["a"]
