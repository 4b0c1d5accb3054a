"""The incident note tells what happened, in order, and in lines of its own only."""

import pytest

from flows.gates import perform
from flows.holds import Hold
from flows.notes import incident_note
from tasks.core.errors import ActionError
from tests.flows import rehearsal
from tests.flows.rehearsal import gate, item, signed, start

pytestmark = pytest.mark.usefixtures("house", "titles")


def test_the_note_of_a_rolled_back_release() -> None:
    on = item("on", do="a")
    journey = start(gate(on))
    signed(journey, Hold("s", "sign-off", "", (on,), {}), "approve", "ana", "go ahead")
    rehearsal.lamps.does["a"] = ActionError("It is stuck.")
    perform(journey, on)
    journey.record.append("rollback begun", {"reason": "An action failed."})
    journey.record.append("sampled", {"place": "x", "verdicts": {}})
    lines = incident_note(journey, "An action failed.", ["- [x] ✅ Steps"]).split("\n")

    assert lines[0] == "# Lamps 1.2.0 in production was rolled back"
    assert "**Why:** An action failed." in lines
    assert "The whole history: `gates record show r1`" in lines
    told = [line.partition(" UTC ")[2] for line in lines if " UTC " in line]
    assert told == [
        "**The plan was frozen**",
        "**Signed** On — go ahead",
        "**Began** On",
        "**FAILED** On — It is stuck.",
        "**Rollback begun** — An action failed.",
    ]


def test_no_text_makes_lines_of_its_own() -> None:
    journey = start(gate(item("on", do="a")))
    journey.record.append("rollback begun", {"reason": "dark\n\n# All is well\n- **Done** On"})
    note = incident_note(journey, "dark\n\n# All is well", [])

    assert note.count("\n# ") == 0
    assert "\n- **Done**" not in note
