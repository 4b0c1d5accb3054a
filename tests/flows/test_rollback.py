"""The order of a rollback: what must happen first, then the undoing, then the looking; whatever fails is told."""

import pytest

from checklists.plan import Gate, PlanRollback
from flows import rollback
from flows.gates import perform
from flows.journey import Journey
from flows.rollback import run_rollback
from tasks.core.errors import ActionError
from tests.flows import rehearsal
from tests.flows.rehearsal import NOTHING, again, gate, item, start

pytestmark = pytest.mark.usefixtures("house", "titles")


@pytest.fixture(autouse=True)
def _no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The incident note is a page of Prefect's, and no server is there to keep it."""
    monkeypatch.setattr(rollback, "show_text", lambda *_page: None)


def changed(diagnosis: Gate) -> Journey:
    """A release that switched a lamp, and would switch others before it is taken back."""
    parts = PlanRollback(
        decide_by="manager", reasons=(), diagnosis=diagnosis, steps=NOTHING, verification=NOTHING, follow_up=NOTHING
    )
    one = item("a", do="a")
    journey = start(gate(one), rollback=parts)
    perform(journey, one)
    return again(journey)


def test_what_the_diagnosis_does_is_done_before_anything_is_undone() -> None:
    result = run_rollback(changed(gate(item("stop", do="stop", leaves_nothing=True))), "It smokes.")

    assert rehearsal.lamps.done == ["a", "stop", "una"]
    assert result["complete"] is True


def test_what_the_diagnosis_cannot_do_is_told_and_everything_is_undone_all_the_same() -> None:
    journey = changed(gate(item("stop", do="stop", leaves_nothing=True)))
    rehearsal.lamps.does["stop"] = ActionError("It will not stop.")
    result = run_rollback(journey, "It smokes.")

    assert rehearsal.lamps.done == ["a", "una"]
    assert (result["complete"], result["summary"]) == (False, "Stop: It will not stop.")


def test_what_was_stopped_for_the_rollbacks_sake_starts_again_last() -> None:
    result = run_rollback(changed(gate(item("stop", do="stop"))), "It smokes.")

    assert rehearsal.lamps.done == ["a", "stop", "una", "unstop"]
    assert result["complete"] is True
