"""Undoing one action: every step is tried and told, and nothing that failed passes for undone."""

from contextlib import suppress
from typing import Any

import pytest

from flows.gates import perform
from flows.journey import Journey
from flows.rollback import to_undo
from flows.undoing import undo_change
from tasks.core.errors import Absent, ActionError, Denied
from tests.flows import rehearsal
from tests.flows.rehearsal import Killed, again, gate, item, last, start, types

pytestmark = pytest.mark.usefixtures("house", "titles")


def acted(*names: str) -> Journey:
    """A release that switched these lamps, in this order."""
    items = [item(name, do=name) for name in names]
    journey = start(gate(*items))
    for each in items:
        perform(journey, each)
    return journey


def undo(journey: Journey) -> list[str]:
    """Undo everything that was begun, the newest first, in a process of its own."""
    fresh = again(journey)
    return [undo_change(fresh, change) for change in reversed(to_undo(fresh))]


def test_the_newest_is_undone_first_with_what_was_noted_before_it() -> None:
    journey = acted("a", "b")
    wrong = undo(journey)

    assert wrong == ["", ""]
    assert rehearsal.lamps.done == ["a", "b", "unb", "una"]
    assert last(journey, "undone") == {"item": "a", "attempt": 1, "summary": "It is a dark again."}
    assert to_undo(again(journey)) == []


def test_the_task_run_says_what_it_does(titles: list[str]) -> None:
    undo(acted("a"))

    assert titles == ["A", "Undo: A"]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ActionError("It is stuck."), "It is stuck."),
        (Denied("Not allowed."), "Not allowed."),
        (Absent("No lamp."), "No lamp."),
        (KeyError("a bug"), "Judging 'Undo: B' broke."),
    ],
    ids=["fails", "denied", "absent", "breaks"],
)
def test_what_could_not_be_undone_is_told_and_the_others_are_tried(error: Exception, says: str) -> None:
    journey = acted("a", "b", "c")
    rehearsal.lamps.undoes["b"] = error
    wrong = undo(journey)

    assert wrong == ["", f"Undo of 'B': {says}", ""]
    assert types(journey)[-3:] == ["undone", "undo failed", "undone"]
    assert [change.item for change in to_undo(again(journey))] == ["b"]


def test_another_rollback_tries_only_what_is_left() -> None:
    journey = acted("a", "b")
    rehearsal.lamps.undoes["b"] = ActionError("It is stuck.")
    undo(journey)
    rehearsal.lamps.undoes.clear()

    assert undo(journey) == [""]
    assert rehearsal.lamps.done == ["a", "b", "una", "unb"]


@pytest.mark.parametrize("entries", [["intended"], ["intended", "action failed"]], ids=["cut off", "failed"])
def test_an_action_that_was_only_begun_is_undone_too(entries: list[str]) -> None:
    journey = start(gate(item("a", do="a")))
    rehearsal.lamps.does["a"] = Killed() if len(entries) == 1 else ActionError("stuck")
    with suppress(Killed):
        perform(journey, item("a", do="a"))

    assert types(journey) == ["planned", *entries]
    assert undo(journey) == [""]
    assert rehearsal.lamps.done[-1] == "una"


def test_a_process_that_dies_while_undoing_has_it_undone_again() -> None:
    journey = acted("a")
    rehearsal.lamps.undoes["a"] = Killed()
    with pytest.raises(Killed):
        undo(journey)
    rehearsal.lamps.undoes.clear()

    assert undo(journey) == [""]
    assert rehearsal.lamps.done == ["a", "una"]


@pytest.mark.parametrize(
    "given", [{"leaves_nothing": True}, {"skip": "Not asked for."}], ids=["leaves nothing", "does not apply"]
)
def test_what_left_nothing_is_not_undone(given: dict[str, Any]) -> None:
    only = item("a", do="a", **given)
    journey = start(gate(only))
    perform(journey, only)

    assert (to_undo(again(journey)), journey.changed) == ([], False)


def test_what_has_no_way_back_is_left_and_says_so() -> None:
    burnt = item("a", do="a", for_good=True)
    journey = start(gate(burnt))
    perform(journey, burnt)

    assert undo(journey) == [""]
    assert last(journey, "undone")["summary"] == "Not undone: Ash stays ash."
    assert rehearsal.lamps.done == ["a"]
