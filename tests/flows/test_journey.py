"""A release is what its record says, in whichever process and whatever has been edited meanwhile."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from flows.gates import run_gate
from flows.holds import Hold
from flows.journey import FOLDERS, begin, exists, names_ending_in, reopen, undecided
from tasks.core.errors import DefinitionError, RecordError
from tasks.core.verdicts import Status, Verdict, failed
from tests.flows import rehearsal
from tests.flows.rehearsal import again, gate, item, plan, signed, start, types

pytestmark = pytest.mark.usefixtures("house", "titles")
SEEN = item("seen", see="a", capture={"lamp": "found"})


def edited(house: Path, change: Any) -> None:
    """Change the frozen plan as another version of the program would have written it."""
    path = house / "records/releases/r1/000000.json"
    shape = json.loads(path.read_text())
    del shape["sum"]
    change(shape["body"])
    path.write_text(json.dumps(shape))


def test_the_plan_does_not_move_under_a_release() -> None:
    start(gate(SEEN))
    journey = begin(plan(gate(item("other", see="b")), version="9.9.9"), "r1")

    assert journey.plan == plan(gate(SEEN))
    assert types(journey) == ["planned"]


def test_a_release_is_the_same_in_another_process() -> None:
    journey = start(gate(SEEN))
    run_gate(journey, "0-0-1", journey.gate(0, 0))

    assert reopen("r1").standings() == journey.standings()


@pytest.mark.parametrize("kind", FOLDERS)
def test_each_kind_of_run_has_its_own_records(kind: str) -> None:
    begin(plan(gate(SEEN)), "r1", kind=kind)

    assert {each: exists("r1", kind=each) for each in FOLDERS} == {each: each == kind for each in FOLDERS}


def test_there_is_no_such_release() -> None:
    with pytest.raises(RecordError, match=r"There is no record r9 in .*; `gates status` lists what there is"):
        reopen("r9")


@pytest.mark.parametrize("name", ["../r1", "R1", ""])
def test_a_name_that_is_none_is_a_sentence(name: str) -> None:
    with pytest.raises(RecordError, match="is no name of a record"):
        reopen(name)


def test_a_release_is_found_by_the_end_of_its_name() -> None:
    for name in ("lamps-production-abc", "lamps-staging-def"):
        start(gate(SEEN), name=name)

    assert names_ending_in("def") == ["lamps-staging-def"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda body: body["plan"].update(format=0), "The plan has format 0 and this code runs format"),
        (lambda body: body["plan"].update(speed=3), "The plan of r1 was frozen by another version of this program"),
        (lambda body: body["plan"].pop("policy"), "The plan of r1 was frozen by another version of this program"),
        (lambda body: body.pop("plan"), "The plan of r1 was frozen by another version of this program"),
        (
            lambda body: body["plan"]["phases"][0]["gates"][0]["items"][0]["checks"][0].update(id="trial.gone"),
            "'Seen' cannot run any more: the catalogue has no 'trial.gone' any more",
        ),
        (
            lambda body: body["plan"]["phases"][0]["gates"][0]["items"][0]["checks"][0].update(arguments={"lamp": "a"}),
            "'Seen' cannot run any more",
        ),
    ],
    ids=["older format", "a key more", "a key less", "no plan", "a check that is gone", "an argument that is gone"],
)
def test_a_plan_that_this_code_cannot_run_is_refused_whole(house: Path, change: Any, says: str) -> None:
    start(gate(SEEN))
    edited(house, change)

    with pytest.raises((RecordError, DefinitionError), match=says):
        reopen("r1")


def test_something_was_changed_from_the_intent_on() -> None:
    journey = start(gate(item("on", do="a")))
    intent = {"item": "on", "attempt": 1, "action": "trial.switch", "arguments": {}, "before": {}}
    journey.record.append("intended", intent | {"matters": False})
    harmless = journey.changed
    journey.record.append("intended", intent | {"matters": True})

    assert (harmless, journey.changed) == (False, True)


def test_how_a_release_ended() -> None:
    journey = start(gate(SEEN))
    before = journey.ended
    journey.record.append("ended", {"state": "Released", "summary": "fine"})

    assert (before, journey.ended) == (None, {"state": "Released", "summary": "fine"})


def test_waivers_hold_until_their_end() -> None:
    journey, now = start(gate(SEEN)), datetime.now(UTC)
    for name, hours in (("a", 1), ("b", 3)):
        until = (now + timedelta(hours=hours)).isoformat()
        journey.record.append("waived", {"items": [name], "until": until, "name": "Max", "comment": "ordered"})

    assert [sorted(journey.waivers(now + timedelta(hours=each))) for each in (0, 2, 4)] == [["a", "b"], ["b"], []]


def test_checks_see_the_release_as_it_stands() -> None:
    journey = start(gate(SEEN), gate(item("go", ask="deployer")))
    rehearsal.lamps.seen["a"] = Verdict(Status.PASSED, "a is lit.", facts={"found": "a-42"})
    run_gate(journey, "0-0-1", journey.gate(0, 0))
    seen = again(journey).current_session().release

    assert (seen.id, seen.version, seen.requested_by, seen.facts) == ("r1", "1.2.0", "rita", {"lamp": "a-42"})
    assert seen.items["seen"] == {
        "title": "Seen",
        "phase": "Deployment",
        "section": "Lamps",
        "status": "PASSED",
        "summary": "a is lit.",
        "by": "",
    }
    assert seen.items["go"]["status"] == ""


def test_a_run_beside_the_release_knows_its_facts() -> None:
    journey = begin(plan(gate(SEEN)), "r1.day", kind="post-deployment", about={"facts": {"lamp": "a-42"}})

    assert journey.current_session().release.facts == {"lamp": "a-42"}


@pytest.mark.parametrize(
    ("verdict", "waits"),
    [(None, True), ("signed", False), (failed("dark"), True), (Verdict(Status.SKIPPED, "Not asked."), False)],
    ids=["nobody signed", "signed", "its check failed", "does not apply"],
)
def test_who_has_still_to_sign(verdict: Any, *, waits: bool) -> None:
    go = item("go", see="a", ask="deployer")
    journey = start(gate(go))
    if isinstance(verdict, Verdict):
        journey.record.append("sampled", {"place": "0-0-1", "verdicts": {"go": verdict.as_json()}})
    elif verdict:
        signed(journey, Hold("s", "sign-off", "", (go,), {}), "approve")

    assert bool(undecided(journey.standings(), (go, SEEN))) == waits


def test_commands_run_in_the_systems_own_folder(house: Path) -> None:
    assert start(gate(SEEN)).session.settings.workspaces == house / "workspaces/lamps"


def test_titles_are_of_the_plan() -> None:
    assert start(gate(SEEN)).titled(["seen", "gone"]) == ["Seen", "gone"]
