"""How items stand, from the record alone: the same record says the same, whoever reads it and how often."""

from typing import Any

import pytest

from checklists.plan import Plan
from checklists.standing import captured, changes
from tasks.core.verdicts import Status, Verdict
from tests.checklists.standing_cases import (
    DARK,
    LIT,
    SKIPPED,
    UNKNOWN,
    WAIVED,
    block,
    entries,
    gate,
    intended,
    item,
    plan,
    sampled,
    signed,
    stands,
    statuses,
    told,
)

CHECKED = plan(item("a", check=True))
ASKED = plan(item("a", ask="deployer"))
GUARDED = plan(item("a", check=True, ask="deployer"))
REVIEWED = plan(item("a", check=True, ask="deployer", review=True))
ACTED = plan(item("a", act=True))
PROVEN = plan(item("a", act=True, check=True))
AWAITED = Verdict(Status.PASSED, "Waits for deployer.", facts={"awaiting": "deployer"})

CASES: dict[str, tuple[Plan, list[Any], str]] = {
    "a check that nobody ran": (CHECKED, [], ""),
    "a check that passed": (CHECKED, [sampled(a=LIT)], "PASSED"),
    "a check that failed": (CHECKED, [sampled(a=DARK)], "FAILED"),
    "a check that learnt nothing": (CHECKED, [sampled(a=UNKNOWN)], "UNKNOWN"),
    "a check that does not apply": (CHECKED, [sampled(a=SKIPPED)], "SKIPPED"),
    "a waived check": (CHECKED, [sampled(a=DARK), sampled(a=WAIVED)], "WAIVED"),
    "a waiver that is over by the next look": (CHECKED, [sampled(a=WAIVED), sampled(a=DARK)], "FAILED"),
    "the newest look counts": (CHECKED, [sampled(a=DARK), sampled(a=LIT)], "PASSED"),
    "the newest look counts, for the worse too": (CHECKED, [sampled(a=LIT), sampled(a=DARK)], "FAILED"),
    "what the plan leaves out": (plan(item("a", skip="Not asked for.")), [], "SKIPPED"),
    "an approval that is asked for": (ASKED, [sampled(a=AWAITED)], ""),
    "an approval that is signed": (ASKED, [sampled(a=AWAITED), signed("a")], "PASSED"),
    "a rejection is no signature": (ASKED, [sampled(a=AWAITED), signed("a", decision="reject")], ""),
    "a signature lasts over another look": (ASKED, [sampled(a=AWAITED), signed("a"), sampled(a=AWAITED)], "PASSED"),
    "an approval that does not apply": (ASKED, [sampled(a=SKIPPED)], "SKIPPED"),
    "a guarded approval whose check failed": (GUARDED, [sampled(a=DARK)], "FAILED"),
    "a guarded approval whose check passed": (GUARDED, [sampled(a=LIT)], ""),
    "a guarded approval with a waiver": (GUARDED, [sampled(a=WAIVED)], ""),
    "a guarded approval, signed": (GUARDED, [sampled(a=LIT), signed("a")], "PASSED"),
    "a guarded approval, signed and then dark": (GUARDED, [sampled(a=LIT), signed("a"), sampled(a=DARK)], "FAILED"),
    "a guarded approval, dark after it was signed and lit again": (
        GUARDED,
        [sampled(a=LIT), signed("a"), sampled(a=DARK), sampled(a=LIT)],
        "",
    ),
    "a review of what failed": (REVIEWED, [sampled(a=DARK)], ""),
    "a review of what failed, signed": (REVIEWED, [sampled(a=DARK), signed("a")], "PASSED"),
    "a review of what failed after it was signed": (REVIEWED, [sampled(a=LIT), signed("a"), sampled(a=DARK)], ""),
    "an action that is begun": (ACTED, [intended("a")], ""),
    "an action that is performed": (ACTED, [intended("a"), told("performed", "a")], "PASSED"),
    "an action that failed": (ACTED, [intended("a"), told("action failed", "a")], "FAILED"),
    "an action that failed and was tried again": (
        ACTED,
        [intended("a"), told("action failed", "a"), told("to retry", "a"), intended("a", 2), told("performed", "a")],
        "PASSED",
    ),
    "an action that was found not done": (ACTED, [intended("a"), told("not done", "a")], ""),
    "an action whose check fails": (PROVEN, [intended("a"), told("performed", "a"), sampled(a=DARK)], "FAILED"),
    "an action to be signed": (
        plan(item("a", act=True, ask="deployer")),
        [intended("a"), told("performed", "a"), sampled(a=AWAITED)],
        "",
    ),
}


@pytest.mark.parametrize(("made", "happened", "status"), CASES.values(), ids=CASES.keys())
def test_an_item_stands(made: Plan, happened: list[Any], status: str) -> None:
    assert statuses(made, *happened)["a"] == status
    assert stands(made, *happened)["a"].open == (status in ("", "UNKNOWN", "FAILED"))


@pytest.mark.parametrize(("made", "happened", "status"), CASES.values(), ids=CASES.keys())
def test_entries_of_other_kinds_change_nothing(made: Plan, happened: list[Any], status: str) -> None:
    noise = [(kind, {"hold": "h", "reason": "", "item": "a"}) for kind in ("held", "refused", "waived", "scheduled", "expired")]

    assert statuses(made, *noise, *happened, *noise)["a"] == status


def test_who_signed_when_and_what_they_filled_in() -> None:
    made = plan(item("a", ask="deployer", blanks=("link", "name")), item("b", ask="deployer", blanks=("link",)))
    found = stands(made, signed("a", "b", a={"link": "x/1", "name": ""}, b={"link": "x/2"}))

    assert [(each.by, dict(each.blanks)) for each in found.values()] == [
        ("ana", {"Link": "x/1", "Name": ""}),
        ("ana", {"Link": "x/2"}),
    ]
    assert found["a"].verdict == Verdict(Status.PASSED, "Signed by Ana (deployer): Link: x/1.")
    assert found["a"].at == entries(signed())[0].at


def test_a_signature_keeps_the_evidence_that_was_seen() -> None:
    kind, body = sampled(a=LIT)
    body["verdicts"]["a"]["evidence"] = "d1"

    assert stands(GUARDED, (kind, body), signed("a"))["a"].evidence == "d1"


HEADED = plan(item("p", children=("x", "y")), item("x", check=True), item("y", ask="deployer"))
NESTED = plan(item("p", children=("q",)), item("q", children=("x",)), item("x", check=True))
HEADINGS: dict[str, tuple[Plan, list[Any], str]] = {
    "undecided while one is": (HEADED, [sampled(x=LIT)], ""),
    "met when all are": (HEADED, [sampled(x=LIT), signed("y")], "PASSED"),
    "as bad as the worst": (HEADED, [sampled(x=DARK), signed("y")], "FAILED"),
    "through another heading": (NESTED, [sampled(x=UNKNOWN)], "UNKNOWN"),
    "not by what was sampled of itself": (HEADED, [sampled(x=LIT, y=AWAITED, p=LIT)], ""),
    "with a check of its own": (
        plan(item("p", check=True, children=("x",)), item("x", check=True)),
        [sampled(p=DARK, x=LIT)],
        "FAILED",
    ),
    "with a check of its own that nobody ran": (
        plan(item("p", check=True, children=("x",)), item("x", check=True)),
        [sampled(x=LIT)],
        "",
    ),
    "not by what does not apply": (HEADED, [sampled(x=LIT, y=SKIPPED)], "PASSED"),
    "left out when nothing below applies": (HEADED, [sampled(x=SKIPPED, y=SKIPPED)], "SKIPPED"),
    "waived with what is below": (HEADED, [sampled(x=WAIVED), signed("y")], "WAIVED"),
    "with an action of its own": (
        plan(item("p", act=True, children=("x",)), item("x", check=True)),
        [intended("p"), told("performed", "p"), sampled(x=LIT)],
        "PASSED",
    ),
    "with an action of its own that failed": (
        plan(item("p", act=True, children=("x",)), item("x", check=True)),
        [intended("p"), told("action failed", "p"), sampled(x=LIT)],
        "FAILED",
    ),
    "with a signature of its own that is still asked for": (
        plan(item("p", ask="deployer", children=("x",)), item("x", check=True)),
        [sampled(p=AWAITED, x=LIT)],
        "",
    ),
    "with a signature of its own": (
        plan(item("p", ask="deployer", children=("x",)), item("x", check=True)),
        [sampled(p=AWAITED, x=LIT), signed("p")],
        "PASSED",
    ),
    "left out by the plan": (plan(item("p", skip="No."), item("x", skip="No.")), [], "SKIPPED"),
}


@pytest.mark.parametrize(("made", "happened", "status"), HEADINGS.values(), ids=HEADINGS.keys())
def test_a_heading_stands_as_its_items_do(made: Plan, happened: list[Any], status: str) -> None:
    assert statuses(made, *happened)["p"] == status


def test_a_heading_says_how_much_is_below_it_and_not_all_that_was_seen() -> None:
    found = stands(HEADED, sampled(x=LIT, y=SKIPPED))
    dark = stands(HEADED, sampled(x=DARK), signed("y"))

    assert found["p"].verdict == Verdict(Status.PASSED, "Met by the one line below; 1 not asked for.")
    assert dark["p"].verdict == DARK


ROLLBACK = {
    "diagnosis": gate(item("look", check=True), item("why")),
    "verification": gate(item("ok", check=True)),
    "follow_up": gate(item("write", ask="deployer")),
}


def test_the_lines_of_a_rollback_that_was_not_needed_are_spared() -> None:
    found = stands(plan(rollback=ROLLBACK), ("finished", {}))

    assert {name: each.verdict and each.verdict.summary for name, each in found.items()} == dict.fromkeys(
        ("look", "why", "ok", "write"), "No rollback was needed."
    )


def test_a_rollback_that_begins_later_decides_them_anew() -> None:
    made = plan(rollback=ROLLBACK)
    end = [("rollback begun", {"reason": "It is dark."}), sampled(ok=LIT), ("rollback ended", {"complete": True})]

    assert statuses(made, ("finished", {}), *end)["ok"] == "PASSED"
    assert statuses(made, *end) == {"look": "PASSED", "why": "PASSED", "ok": "PASSED", "write": ""}
    assert statuses(made) == dict.fromkeys(("look", "why", "ok", "write"), "")


TRIGGERED = plan(
    rollback={"triggers": gate(item("slow", check=True, trouble=True, title="Far too slow"), item("lost", trouble=True))},
    later=(block("day", item("calm", check=True)), block("week", item("still", check=True))),
)


def test_triggers_are_accounted_for_by_who_watches_them_or_by_nobody_having_named_them() -> None:
    found = stands(TRIGGERED, ("finished", {}))

    assert {name: found[name].verdict for name in ("slow", "lost")} == {
        "slow": Verdict(Status.SKIPPED, "Watched after the release by Day and Week."),
        "lost": Verdict(Status.SKIPPED, "Nobody has given it as a reason to roll back."),
    }


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("Day: Far too slow: p95 is 3 s.", {"slow": "FAILED", "lost": "SKIPPED"}),
        ("LOST. Started by hand", {"slow": "SKIPPED", "lost": "FAILED"}),
        ("The gate is closed.", {"slow": "SKIPPED", "lost": "SKIPPED"}),
    ],
    ids=["by a later check", "by a person", "neither"],
)
def test_the_reason_of_a_rollback_ticks_the_trigger_that_it_names(reason: str, expected: dict[str, str]) -> None:
    found = statuses(TRIGGERED, ("finished", {}), ("rollback begun", {"reason": reason}))

    assert {name: found[name] for name in expected} == expected


def test_a_later_line_says_when_it_is_due_and_what_became_of_it() -> None:
    due = ("scheduled", {"name": "day-1", "title": "Day", "flow_run": "x", "at": "2031-05-05T12:00:00+00:00"})
    again = ("scheduled", {**due[1], "name": "day-2", "at": "2031-05-06T12:00:00+00:00"})
    before = stands(TRIGGERED, ("finished", {}), due, again)
    after = stands(TRIGGERED, ("finished", {}), due, ("ended", {"state": "Rolled back", "summary": ""}))

    assert (before["calm"].verdict, before["calm"].due, before["still"].due) == (None, "Due 2031-05-05 12:00 UTC.", "")
    assert after["calm"].verdict == Verdict(Status.SKIPPED, "Not looked at: the release was taken back.")


FACTS = {"shown": "fact"}
FOUND = Verdict(Status.PASSED, "lit", facts={"fact": "a-42"})
CAPTURES: dict[str, tuple[Plan, list[Any], dict[str, str]]] = {
    "nothing yet": (plan(item("a", check=True, capture=FACTS)), [], {}),
    "by a check": (plan(item("a", check=True, capture=FACTS)), [sampled(a=FOUND)], {"shown": "a-42"}),
    "not by a look that did not find it": (plan(item("a", check=True, capture=FACTS)), [sampled(a=FOUND), sampled(a=DARK)], {}),
    "by an action": (plan(item("a", act=True, capture=FACTS)), [told("performed", "a", fact="a-42")], {"shown": "a-42"}),
    "by an action with a check": (
        plan(item("a", act=True, check=True, capture=FACTS)),
        [told("performed", "a", fact="a-42"), sampled(a=LIT)],
        {"shown": "a-42"},
    ),
    "by an action that is to be signed": (
        plan(item("a", act=True, ask="deployer", capture=FACTS)),
        [told("performed", "a", fact="a-42"), sampled(a=AWAITED)],
        {"shown": "a-42"},
    ),
    "by a check that was signed": (
        plan(item("a", check=True, ask="deployer", capture=FACTS)),
        [sampled(a=FOUND), signed("a")],
        {"shown": "a-42"},
    ),
}


@pytest.mark.parametrize(("made", "happened", "facts"), CAPTURES.values(), ids=CAPTURES.keys())
def test_facts_are_captured(made: Plan, happened: list[Any], facts: dict[str, str]) -> None:
    assert captured(made, stands(made, *happened)) == facts


CHANGES: dict[str, tuple[list[Any], list[tuple[str, int, str]]]] = {
    "none": ([], []),
    "cut off": ([intended("a")], [("a", 1, "")]),
    "performed": ([intended("a"), told("performed", "a")], [("a", 1, "performed")]),
    "failed": ([intended("a"), told("action failed", "a")], [("a", 1, "failed")]),
    "found not done": ([intended("a"), told("not done", "a")], []),
    "found not done and begun again": ([intended("a"), told("not done", "a"), intended("a", 2)], [("a", 2, "")]),
    "failed and to be tried again": ([intended("a"), told("action failed", "a"), told("to retry", "a")], [("a", 1, "failed")]),
    "undone": ([intended("a"), told("performed", "a"), told("undone", "a")], [("a", 1, "undone")]),
    "not undone": ([intended("a"), told("undo failed", "a")], [("a", 1, "undo failed")]),
    "not undone, then undone": ([intended("a"), told("undo failed", "a"), told("undone", "a")], [("a", 1, "undone")]),
    "failed before it began": ([told("action failed", "a")], []),
    "in their order": ([intended("b"), intended("a"), told("performed", "b")], [("b", 1, "performed"), ("a", 1, "")]),
}


@pytest.mark.parametrize(("happened", "expected"), CHANGES.values(), ids=CHANGES.keys())
def test_what_a_rollback_would_take_back(happened: list[Any], expected: list[tuple[str, int, str]]) -> None:
    found = changes(entries(*happened))

    assert [(each.item, each.attempt, each.outcome) for each in found] == expected


def test_an_action_begun_again_is_undone_to_what_was_before_its_first_attempt() -> None:
    found = changes(entries(intended("a"), told("not done", "a"), intended("a", 2), told("performed", "a")))

    assert [dict(each.before) for each in found] == [{"turn": 1}]
