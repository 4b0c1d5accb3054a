"""Go or no go: a decision of people over criteria, and what calls for a rollback when it was wrong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checklists.standing import Standing
from flows.forms import describe
from flows.journey import reopen
from tasks.core.verdicts import Status, skipped
from tests.end_to_end.accidents import Trial, last, until
from tests.end_to_end.spoiling import SLOWLY
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]


def standing(release: str, title: str) -> Standing:
    """How a line of the release stands."""
    found: Mapping[str, Standing] = reopen(release).standings()
    return next(each for each in found.values() if each.item.title == title)


def test_people_say_no_go_then_go_and_a_watched_trigger_takes_it_back(stack: Stack, trial: Trial) -> None:
    (trial.folder / "steady").write_text("yes\n")
    run = stack.release("launch")
    review = stack.hold(run, SLOWLY)
    stack.sign(run, "ana", seconds=SLOWLY)
    waiting = stack.hold(run, SLOWLY)
    silent = stack.sign(run, "ben", "no go", seconds=SLOWLY)
    stack.sign(run, "ben", "no go", comment="Fog.", seconds=SLOWLY)
    aborted = stack.wait_for(run, ["Aborted"], SLOWLY)

    assert [item.title for item in review.hold.items] == ["The log was read"]
    assert (waiting.hold.title, sorted(waiting.hold.decisions)) == ("Go or no go? Go / No-Go", ["go", "no go"])
    assert "Confirm that this is not so: It is too dark to see" in describe(waiting.journey, waiting.hold)
    assert silent.body.get("reason") == "A no go needs its reason in the comment."
    assert aborted.message == "No go, said by Ben Okafor: Fog."
    assert trial.turned == []

    run = stack.release("launch")
    stack.hold(run, SLOWLY)
    stack.sign(run, "ana", seconds=SLOWLY)
    stack.hold(run, SLOWLY)
    stack.sign(run, "ben", "go", seconds=SLOWLY)
    released = stack.wait_for(run, ["Released"], SLOWLY)
    (trial.folder / "steady").unlink()
    record = stack.record(stack.release_of(run))
    kept = last(record, "ended").digest

    assert released.message == "11 of 12 lines decided: 8 passed, 3 skipped; 1 due later"
    assert standing(record.name, "The gas is shut").verdict == skipped("Not chosen: lamp is 'bulb'.")
    assert trial.turned == ["on"]

    until(lambda: last(record, "ended").body["state"] == "Rolled back", "the rollback", SLOWLY)
    flickers, complains = (standing(record.name, title) for title in ("The lamp flickers", "Somebody complains"))

    assert trial.turned == ["on", "off"]
    assert flickers.verdict
    assert flickers.verdict.status is Status.FAILED
    assert complains.verdict == skipped("Not what this rollback was for.")
    assert kept in [entry.digest for entry in record.entries]
