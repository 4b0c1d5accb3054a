"""What counts as a sign-off, and everything that changes nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.plan import Blank
from flows.forms import ALL_MINE
from flows.holds import Hold, answered
from flows.journey import Journey, undecided
from flows.signing import sign
from tasks.core.errors import ApprovalError, DefinitionError, WrongCode
from tests.flows.rehearsal import NOON, again, code, gate, item, last, later, start, types

pytestmark = pytest.mark.usefixtures("house")
TICKET = item("ticket", ask="deployer", blanks=("link",))
GO = item("go", ask="manager")
DOCS = item("docs", ask="deployer", blanks=("link",))
SIGN_OFF = {"approve": "", "reject": ""}
CLOSED = {"re-check": "", "waive": "manager", "abort": ""}
FILLED = {"item_1_link": "https://example.com/1", "item_3_link": "https://example.com/3"}
GOOD = {"approver": "ana", "code": code(), "decision": "approve", "about": [ALL_MINE], "comment": "fine", **FILLED}


def release(**given: Any) -> Journey:
    return start(gate(TICKET, GO, DOCS), **given)


def hold(decisions: Mapping[str, str] = SIGN_OFF) -> Hold:
    return Hold("sign-0-0-1", "sign-off", "Lamps: sign-off", (TICKET, GO, DOCS), decisions)


def answer(journey: Journey, of: Hold | None = None, at: datetime = NOON, key: str = "k1", **changes: Any) -> str:
    """Why the answer does not count, or nothing."""
    given = {name: value for name, value in {**GOOD, **changes}.items() if value is not ...}
    try:
        sign(journey, of or hold(), key, given, at)
    except ApprovalError as error:
        return str(error)
    return ""


def waiting(journey: Journey) -> list[str]:
    return [each.id for each in undecided(again(journey).standings(), (TICKET, GO, DOCS))]


def test_a_sign_off_names_person_role_items_digest_and_proof() -> None:
    journey = release()
    told = answer(journey)

    assert told == ""
    assert last(journey, "signed") == {
        "hold": "sign-0-0-1",
        "key": "k1",
        "person": "ana",
        "name": "Ana",
        "role": "deployer",
        "decision": "approve",
        "items": ["ticket", "docs"],
        "blanks": {"ticket": {"link": "https://example.com/1"}, "docs": {"link": "https://example.com/3"}},
        "comment": "fine",
        "digest": hold().digest,
        "proof": {"method": "totp", "step": int(NOON.timestamp()) // 30},
    }
    assert again(journey).record.entries[-1].by == "ana"
    assert waiting(journey) == ["go"]


def test_two_blanks_of_one_name_keep_what_was_written_in_each() -> None:
    journey = release()
    answer(journey)
    found = again(journey).standings()

    assert [found[name].blanks for name in ("ticket", "docs")] == [
        {"Link": "https://example.com/1"},
        {"Link": "https://example.com/3"},
    ]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an empty answer": (dict.fromkeys(GOOD, ...), "'' is not in the registry"),
    "nobody": ({"approver": ""}, "'' is not in the registry"),
    "a stranger": ({"approver": "eve"}, "'eve' is not in the registry"),
    "no code": ({"code": ...}, "The code is not Ana's current one"),
    "a wrong code": ({"code": "000000"}, "The code is not Ana's current one"),
    "the code of another minute": ({"code": code(later(minutes=-2))}, "The code is not Ana's current one"),
    "the requester": ({"approver": "rita"}, "Rita requested this release and cannot decide on it"),
    "the requester in capitals with blanks": ({"approver": " RITA "}, "Rita requested this release"),
    "the requester rejecting": ({"approver": "rita", "decision": "reject"}, "Rita requested this release"),
    "a wrong role": ({"approver": "max", "about": ["1. Ticket"]}, "Max may not sign 'Ticket': it takes deployer"),
    "one item too many": ({"about": ["1. Ticket", "2. Go"]}, "Ana may not sign 'Go': it takes manager"),
    "an item of another hold": ({"about": ["1. Other"]}, "'1. Other' is not an open item of this hold"),
    "an item by its ID": ({"about": ["ticket"]}, "'ticket' is not an open item of this hold"),
    "an emptied list": ({"about": []}, "No item was chosen; choose some, or all items of your role"),
    "items as a text": ({"about": "1. Ticket"}, "The list of items is not a list"),
    "items as a mapping": ({"about": {"1. Ticket": True}}, "The list of items is not a list"),
    "items as nothing": ({"about": None}, "The list of items is not a list"),
    "items as a number": ({"about": 0}, "The list of items is not a list"),
    "lists of items": ({"about": [["1. Ticket"]]}, "The list of items is not a list"),
    "no decision": ({"decision": ...}, "'' is no answer to this hold; it takes approve, reject"),
    "a decision of another hold": ({"decision": "waive"}, "'waive' is no answer to this hold"),
    "a decision in capitals": ({"decision": "APPROVE"}, "'APPROVE' is no answer to this hold"),
    "a rendered template as decision": ({"decision": 49}, "The field 'decision' does not hold a short text"),
    "a rendered template as code": ({"code": int(code())}, "The field 'code' does not hold a short text"),
    "a list as approver": ({"approver": ["ana"]}, "The field 'approver' does not hold a short text"),
    "nothing as approver": ({"approver": None}, "The field 'approver' does not hold a short text"),
    "a mapping as comment": ({"comment": {"a": 1}}, "The field 'comment' does not hold a short text"),
    "a huge comment": ({"comment": "x" * 4001}, "The field 'comment' does not hold a short text"),
    "half a letter in the comment": ({"comment": "\ud800"}, "The field 'comment' does not hold a short text"),
    "a NUL in the comment": ({"comment": "a\0b"}, "The field 'comment' does not hold a short text"),
    "a blank left open": ({"item_1_link": ...}, "'Ticket' needs 'Link' to be filled in"),
    "a blank of blanks": ({"item_3_link": "  "}, "'Docs' needs 'Link' to be filled in"),
    "a number in a blank": ({"item_3_link": 7}, "The field 'item_3_link' does not hold a short text"),
}


@pytest.mark.parametrize(("changes", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_an_answer_that_does_not_count_changes_nothing(changes: dict[str, Any], says: str) -> None:
    journey = release()
    told = answer(journey, **changes)

    assert says in told
    assert types(journey) == ["planned"]
    assert waiting(journey) == ["ticket", "go", "docs"]


def test_a_used_code_changes_nothing() -> None:
    journey = release()
    answer(journey, about=["1. Ticket"])
    told = answer(journey, key="k2", about=["3. Docs"])

    assert "This code of Ana has been used already" in told
    assert waiting(journey) == ["go", "docs"]


def test_a_code_used_in_another_release_changes_nothing() -> None:
    answer(release(name="r0"))
    journey = release()

    assert "This code of Ana has been used already" in answer(journey)


def test_a_process_that_died_after_taking_the_code_may_judge_the_same_answer_again() -> None:
    journey = release()
    refused = answer(journey, item_1_link=...)
    accepted = answer(journey)

    assert "needs 'Link'" in refused
    assert accepted == ""


@pytest.mark.parametrize("requested_by", ["rita", "Rita", " RITA ", "ana", "Ana"])
def test_nobody_signs_their_own_release_whatever_they_called_themselves(requested_by: str) -> None:
    who = requested_by.strip().lower()
    told = answer(release(requested_by=requested_by), approver=who)

    assert f"{who.capitalize()} requested this release and cannot decide on it; somebody else must" in told


def test_the_requester_may_have_the_checks_run_again() -> None:
    journey = release()
    told = answer(journey, hold(CLOSED), approver="rita", decision="re-check")

    assert (told, last(journey, "signed")["person"]) == ("", "rita")


def test_two_people_sign_in_turn_and_one_cannot_sign_for_both() -> None:
    journey = release()
    first = answer(journey, about=["3. Docs", "3. Docs"])
    rest = Hold("sign-0-0-1", "sign-off", "Lamps: sign-off", (TICKET, GO), SIGN_OFF)
    second = answer(journey, rest, key="k2", approver="max", about=...)
    own = answer(
        journey,
        Hold(rest.id, rest.kind, rest.title, (GO,), SIGN_OFF),
        key="k3",
        at=later(seconds=90),
        code=code(later(seconds=90)),
    )

    assert (first, second) == ("", "")
    assert "Ana has none of the roles that are open here: manager" in own
    assert [(entry.body["person"], entry.body["items"]) for entry in answered(again(journey), "sign-0-0-1")] == [
        ("ana", ["docs"]),
        ("max", ["go"]),
    ]
    assert waiting(journey) == ["ticket"]


def test_signing_an_item_twice_is_no_second_signature() -> None:
    journey = release()
    answer(journey, about=["1. Ticket"])
    rest = Hold("sign-0-0-1", "sign-off", "Lamps: sign-off", (GO, DOCS), SIGN_OFF)
    told = answer(journey, rest, key="k2", approver="ola", about=["1. Ticket"])

    assert told == "'1. Ticket' is not an open item of this hold."
    assert types(journey).count("signed") == 1


@pytest.mark.parametrize(
    ("decision", "who", "refused"),
    [
        ("waive", "ana", "Ana does not have the role manager, which 'waive' takes"),
        ("waive", "max", ""),
        ("abort", "ana", ""),
        ("re-check", "ana", ""),
    ],
)
def test_each_decision_takes_its_role(decision: str, who: str, refused: str) -> None:
    assert refused in (told := answer(release(), hold(CLOSED), approver=who, decision=decision))
    assert bool(told) == bool(refused)


@pytest.mark.parametrize(
    ("decision", "comment", "refused", "left"),
    [
        ("go", "", "", ["go"]),
        ("no go", "The team is ill.", "", ["ticket", "go", "docs"]),
        ("no go", " ", "A no go needs its reason in the comment.", ["ticket", "go", "docs"]),
    ],
    ids=["go", "no go", "no go without a reason"],
)
def test_a_go_signs_and_a_no_go_says_why(decision: str, comment: str, refused: str, left: list[str]) -> None:
    journey = release()
    told = answer(journey, hold({"go": "", "no go": ""}), decision=decision, comment=comment)

    assert (told, waiting(journey)) == (refused, left)


@pytest.mark.parametrize(
    ("because", "refused", "kept"),
    [
        (["Lost"], "", ["Lost"]),
        ([], "", None),
        (["Bored"], "The reasons are not those that the checklist has for a rollback; choose among them.", None),
        ("Lost", "The reasons are not those that the checklist has for a rollback; choose among them.", None),
    ],
    ids=["one of them", "none", "another", "a text"],
)
def test_the_reasons_of_a_rollback_are_the_checklists(because: Any, refused: str, kept: list[str] | None) -> None:
    journey = release()
    parts = journey.plan.rollback.model_copy(update={"triggers": gate(item("lost", trouble=True))})
    journey.plan = journey.plan.model_copy(update={"rollback": parts})
    told = answer(journey, hold({"roll back": "manager"}), approver="max", decision="roll back", because=because)
    signed = journey.record.last("signed")

    assert told == refused
    assert (signed.body.get("because") if signed else None) == kept


def test_a_decision_is_about_the_items_that_were_chosen() -> None:
    journey = release()
    answer(journey, hold(CLOSED), approver="max", decision="waive", about=["3. Docs"])

    assert last(journey, "waived")["items"] == last(journey, "signed")["items"] == ["docs"]
    assert sorted(again(journey).waivers(later(hours=1))) == ["docs"]


WAIVERS: dict[str, tuple[str, datetime | None]] = {
    "no end given": ("", NOON + timedelta(days=1)),
    "a date": ("2031-05-10", datetime(2031, 5, 10, tzinfo=UTC)),
    "a time elsewhere": ("2031-05-10T02:00+02:00", datetime(2031, 5, 10, tzinfo=UTC)),
    "the last day": ("2031-06-04", datetime(2031, 6, 4, tzinfo=UTC)),
    "too long": ("2031-06-05", None),
    "for ever": ("9999-12-31", None),
    "in the past": ("2031-05-03", None),
    "the very moment": ("2031-05-04T12:00", None),
    "no date": ("tomorrow", None),
    "a huge text": ("2" * 3999, None),
}


@pytest.mark.parametrize(("until", "expected"), WAIVERS.values(), ids=WAIVERS.keys())
def test_a_waiver_ends(until: str, expected: datetime | None) -> None:
    journey = release()
    told = answer(journey, hold(CLOSED), approver="max", decision="waive", waive_until=until)
    ends = [datetime.fromisoformat(entry.body["until"]) for entry in again(journey).record.of("waived")]

    assert ends == ([expected] if expected else [])
    assert bool(told) == (expected is None)


@pytest.mark.parametrize("comment", ["", "  ", ...])
def test_a_waiver_says_why(comment: Any) -> None:
    journey = release()
    told = answer(journey, hold(CLOSED), approver="max", decision="waive", comment=comment)

    assert told == "A waiver needs its reason in the comment."
    assert types(journey) == ["planned"]


@pytest.mark.parametrize(("text", "fits"), [("INC-12", True), ("INC-12 ", True), ("inc-12", False), ("INC-12 or so", False)])
def test_a_blank_has_its_form(text: str, *, fits: bool) -> None:
    ask = (
        TICKET.ask.model_copy(update={"blanks": (Blank(name="link", title="Link", pattern="INC-[0-9]+"),)})
        if TICKET.ask
        else None
    )
    strict = TICKET.model_copy(update={"ask": ask})
    journey = start(gate(strict))
    told = answer(journey, Hold("s", "sign-off", "Lamps", (strict,), SIGN_OFF), item_1_link=text)

    assert told == ("" if fits else "'Link' of 'Ticket' does not have the form INC-[0-9]+.")


def test_secrets_in_a_comment_are_hidden() -> None:
    journey = release()
    answer(journey, comment="key AKIAABCDEFGHIJKLMNOP", item_1_link="xoxb-123456789-abc")

    assert (last(journey, "signed")["comment"], last(journey, "signed")["blanks"]["ticket"]) == (
        "key [hidden]",
        {"link": "[hidden]"},
    )


def test_who_guesses_must_wait_even_with_the_right_code() -> None:
    journey = release()
    for _ in range(5):
        journey.record.append("refused", {"hold": "h", "key": "k", "person": "ana", "reason": "", "guess": True})
    now = datetime.now(UTC)
    told = answer(journey, at=now, code=code(now))
    other = answer(journey, at=now, code=code(now), approver="ola")

    assert told.startswith("Too many wrong codes; this person may try again at ")
    assert other == ""


def test_a_form_filled_in_badly_is_no_guess() -> None:
    journey = release()
    for _ in range(9):
        journey.record.append("refused", {"hold": "h", "key": "k", "person": "ana", "reason": "", "guess": False})
    now = datetime.now(UTC)

    assert answer(journey, at=now, code=code(now)) == ""


def test_a_wrong_code_is_told_apart_from_other_mistakes() -> None:
    with pytest.raises(WrongCode):
        sign(release(), hold(), "k1", {**GOOD, "code": "000000"}, NOON)


def test_a_registry_that_broke_meanwhile_lets_nobody_sign() -> None:
    journey = release()
    journey.settings.approvers.write_text("people: {}")

    with pytest.raises(DefinitionError, match="names nobody"):
        sign(journey, hold(), "k1", GOOD, NOON)
    assert types(journey) == ["planned"]


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    st.dictionaries(st.sampled_from([*GOOD, "waive_until", "strange"]), HOSTILE, min_size=1),
    st.sampled_from([SIGN_OFF, CLOSED]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_answer_breaks_the_release(changes: dict[str, Any], decisions: dict[str, str]) -> None:
    journey = again(release())
    before = len(journey.record.entries)
    told = answer(journey, hold(decisions), **changes)

    assert told or changes.keys() <= {"comment", "strange", "waive_until", "about", "item_1_link", "item_3_link"}
    assert (len(journey.record.entries) > before) == (told == "")
