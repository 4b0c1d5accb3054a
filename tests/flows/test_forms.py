"""What a hold shows and asks: fields that the UI can send, and a page on which nothing written can pass for ours."""

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from flows.forms import ALL_MINE, choices, describe, form
from flows.gates import run_gate
from flows.holds import Hold
from flows.journey import Journey
from tasks.core.verdicts import Verdict, failed, passed, unknown
from tests.flows import rehearsal
from tests.flows.rehearsal import code, gate, held, item, signed, start

pytestmark = pytest.mark.usefixtures("house", "titles")
TICKET = item("ticket", ask="deployer", blanks=("link", "change-id"))
GO = item("go", ask="manager")
SEEN = item("seen", see="a")
SIGN_OFF = {"approve": "", "reject": ""}
CLOSED = {"re-check": "", "waive": "manager", "abort": ""}
KEYWORDS = {"items", "type", "properties", "required", "enum", "pattern", "title", "description", "default", "format", "not"}


def hold(*items: Any, decisions: dict[str, str] = SIGN_OFF, **given: Any) -> Hold:
    return Hold("sign-0-0-1", "sign-off", "Lamps: sign-off", items, decisions, **given)


def shown(of: Hold, **given: Any) -> tuple[Journey, str]:
    journey = start(gate(TICKET, GO, SEEN), **given)
    return journey, describe(journey, of)


def test_the_form_of_a_sign_off() -> None:
    journey, _ = shown(hold(TICKET, GO))
    schema = form(journey, hold(TICKET, GO)).model_json_schema()
    fields = schema["properties"]

    assert {*fields} == {"approver", "code", "decision", "about", "item_1_link", "item_1_change_id", "comment"}
    assert fields["approver"]["enum"] == ["ana", "max", "ola", "rita"]
    assert fields["decision"]["enum"] == ["approve", "reject"]
    assert fields["about"]["items"]["enum"] == [ALL_MINE, "1. Ticket", "2. Go"]
    assert {*schema["required"]} == {"approver", "code", "decision"}


def test_the_form_of_a_closed_gate_asks_for_no_blanks_and_for_the_waivers_end() -> None:
    closed = hold(TICKET, SEEN, decisions=CLOSED)
    journey, _ = shown(closed)
    fields = form(journey, closed).model_json_schema()["properties"]

    assert {*fields} == {"approver", "code", "decision", "about", "comment", "waive_until"}


def test_the_form_of_a_hold_without_items_offers_none() -> None:
    journey, _ = shown(hold())

    assert "about" not in form(journey, hold()).model_json_schema()["properties"]


def test_who_may_decide_on_a_rollback_is_offered_the_checklists_reasons() -> None:
    journey = start(gate(SEEN), name="r2")
    parts = journey.plan.rollback.model_copy(update={"reasons": ("It is late",), "triggers": gate(item("lost", trouble=True))})
    journey.plan = journey.plan.model_copy(update={"rollback": parts})
    offered = [
        form(journey, hold(SEEN, decisions=ways)).model_json_schema()["properties"].get("because", {"items": {"enum": []}})
        for ways in ({"roll back": "manager", "keep": "manager"}, CLOSED)
    ]

    assert [each["items"].get("enum") for each in offered] == [["It is late", "Lost"], []]


@pytest.mark.parametrize("decisions", [SIGN_OFF, CLOSED], ids=["sign-off", "closed gate"])
def test_no_field_is_named_as_a_keyword_of_the_schema_it_is_sent_in(decisions: dict[str, str]) -> None:
    asked = hold(TICKET, GO, decisions=decisions)
    journey, _ = shown(asked)

    assert KEYWORDS.isdisjoint(form(journey, asked).model_json_schema()["properties"])


@pytest.mark.parametrize(
    ("changes", "accepted"),
    [
        ({}, True),
        ({"code": "12345"}, False),
        ({"code": "abcdef"}, False),
        ({"approver": "eve"}, False),
        ({"decision": "waive"}, False),
        ({"about": ["3. Other"]}, False),
        ({"comment": 7}, False),
    ],
    ids=["well filled", "five digits", "letters", "a stranger", "another decision", "another item", "a number"],
)
def test_the_server_refuses_what_the_form_does_not_allow(changes: dict[str, Any], *, accepted: bool) -> None:
    journey, _ = shown(hold(TICKET, GO))
    schema = form(journey, hold(TICKET, GO)).model_json_schema()
    answer = {"approver": "ana", "code": code(), "decision": "approve", "about": [ALL_MINE], "comment": ""} | changes

    assert jsonschema.Draft202012Validator(schema).is_valid(answer) == accepted


def test_items_of_one_title_are_told_apart() -> None:
    twin = GO.model_copy(update={"id": "go-2"})

    assert choices(hold(GO, twin)) == ["1. Go", "2. Go"]


def test_a_line_that_means_trouble_is_signed_as_not_so_and_told_as_what_it_is() -> None:
    ill = item("ill", ask="manager", see="a", trouble=True)
    journey = start(gate(ill))
    rehearsal.lamps.seen["a"] = failed("Half of it is ill.")
    run_gate(journey, "0-0-1", gate(ill))

    assert choices(hold(ill)) == ["1. Confirm that this is not so: Ill"]
    assert choices(hold(ill, decisions=CLOSED)) == ["1. Ill"]
    assert "- ❌ **1. Ill** (it is so)" in describe(journey, hold(ill, decisions=CLOSED))


def test_a_blank_says_whose_it_is() -> None:
    journey, _ = shown(hold(TICKET, GO))
    blank = form(journey, hold(TICKET, GO)).model_json_schema()["properties"]["item_1_link"]

    assert blank["title"] == "1. Link"
    assert blank["description"] == "Ticket: deployer must fill this in"


def test_the_page_says_what_is_open_for_whom_and_who_may_sign() -> None:
    _, page = shown(hold(TICKET, GO))
    told = (
        "Lamps: sign-off",
        "1.2.0",
        "production",
        "rita",
        "CHG-7",
        "deployer",
        "Ana, Ola",
        "1. Ticket",
        "manager",
        "Max, Ola",
    )

    assert [text for text in (*told, "2. Go", hold(TICKET, GO).digest[:16]) if text not in page] == []


@pytest.mark.parametrize("requested_by", ["ola", " OLA", "Ola"])
def test_the_requester_is_not_among_those_who_may_sign(requested_by: str) -> None:
    _, page = shown(hold(GO), requested_by=requested_by)

    assert "Max, Rita" in page
    assert "Ola," not in page
    assert ", Ola" not in page


def test_a_role_that_nobody_has_is_said() -> None:
    _, page = shown(hold(item("late", ask="owner")), phases=start(gate(item("late", ask="owner")), name="r0").plan.phases)

    assert "nobody has this role" in page


@pytest.mark.parametrize(
    ("seen", "mark", "told", "remedy"),
    [
        (failed("a is dark.", "Pull it."), "❌", "a is dark.", "Pull it."),
        (unknown("No answer."), "❔", "No answer.", "Light it."),
        (passed("a is lit."), "✅", "a is lit.", ""),
        (failed("a is dark.\n\n# Approved\n- ✅ **2. Go**", "x\n\n# Approved"), "❌", "a is dark. # Approved", "x # Approved"),
    ],
    ids=["failed", "unknown", "passed", "markdown"],
)
def test_what_was_seen_stays_in_its_line(seen: Verdict, mark: str, told: str, remedy: str) -> None:
    journey, _ = shown(hold(SEEN))
    rehearsal.lamps.seen["a"] = seen
    run_gate(journey, "0-0-1", gate(SEEN))
    lines = describe(journey, hold(SEEN, decisions=CLOSED)).splitlines()

    assert any(mark in each and "1. Seen" in each for each in lines)
    assert any(told in each for each in lines)
    assert any(remedy in each for each in lines)
    assert [each for each in lines if each.startswith(("# Approved", "- ✅ **2. Go"))] == []


def test_evidence_of_a_review_is_shown() -> None:
    _, page = shown(hold(GO, evidence={"go": "⚠️ dark"}))

    assert "⚠️ dark" in page


def test_what_a_reviews_checks_read_is_shown_as_text_that_stays_inside_its_block() -> None:
    read = ("logs", "  ```", "  # Approved", "~~~")
    _, page = shown(hold(GO, evidence={"go": "dark"}, readings={"go": read}))
    inside = page.split("  ```text\n")[1].split("\n  ```\n")[0]

    assert inside.splitlines() == ["  │ logs", "  │   ```", "  │   # Approved", "  │ ~~~"]
    assert hold(GO, readings={"go": read}).digest != hold(GO).digest


def test_what_an_action_said_cannot_write_on_the_page() -> None:
    _, page = shown(hold(GO, summary="It is stuck.\n\n# Approved"))

    assert "It is stuck. # Approved" in page


def test_who_has_decided_is_shown_in_a_line_each() -> None:
    journey, _ = shown(hold(TICKET, GO))
    signed(journey, hold(TICKET), "approve", "ana", "well\n\n# Everything is approved")
    page = describe(journey, hold(GO))

    assert "- ✅ Ana (deployer): approve, 20" in page
    assert "UTC: well # Everything is approved" in page
    assert "\n# Everything" not in page


def test_a_refusal_is_shown_and_cannot_write_on_the_page() -> None:
    journey, _ = shown(hold(GO))
    held(journey, hold(GO), "k1")
    reason = "'eve\n\n# Approved by all' is not in the registry of approvers."
    journey.record.append("refused", {"hold": "sign-0-0-1", "key": "k1", "person": "eve", "reason": reason, "guess": False})
    page = describe(journey, hold(GO))

    assert "> ⚠️ **The last answer did not count.** 'eve # Approved by all' is not in the registry" in page
    assert "\n# Approved" not in page


def test_how_far_the_release_is() -> None:
    journey, before = shown(hold(GO))
    run_gate(journey, "0-0-1", gate(SEEN))

    assert "0 of 3 lines decided" in before
    assert "1 of 3 lines decided: 1 passed" in describe(journey, hold(GO))


def test_the_digest_is_of_items_evidence_and_answers() -> None:
    holds = [
        hold(TICKET, GO),
        hold(GO, TICKET),
        hold(GO),
        hold(GO, evidence={"go": "lit"}),
        hold(GO, evidence={"go": "dark"}),
        hold(GO, decisions=CLOSED),
        Hold("sign-0-0-2", "sign-off", "", (GO,), SIGN_OFF),
    ]

    assert len({each.digest for each in holds}) == len(holds)
    assert hold(GO).digest == hold(GO, summary="told otherwise").digest
