"""Judging an answer to a hold: is it this person, may they, and about these items? Only then is it a sign-off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from checklists.plan import PlanItem
from checklists.standing import SIGNING
from flows.forms import ALL_MINE, blank_name, choices
from flows.holds import Hold
from flows.journey import Journey
from tasks.approvals import Person, Registry, allowed_to_try, prove
from tasks.core.errors import ApprovalError
from tasks.core.redaction import redact

_LONGEST_TEXT = 4000
_LONGEST_WAIVER = timedelta(days=31)
_LOOKS = {"re-check"}
"""Answers that open nothing: the requester may give them too."""


def sign(journey: Journey, hold: Hold, key: str, answer: Mapping[str, Any], at: datetime) -> None:
    """Record the answer as a sign-off. Raises ``ApprovalError`` with the reason when it does not count."""
    person = Registry.load(journey.settings.approvers).who(_text(answer, "approver"))
    wrong = [
        entry.at for entry in journey.record.of("refused") if entry.body.get("guess") and entry.body["person"] == person.id
    ]
    allowed_to_try(wrong, at)
    proof = prove(journey.store, person, _text(answer, "code"), at=at, use=f"{journey.id} {key}")
    decision = _text(answer, "decision")
    role = _role(journey, hold, person, decision)
    items = _items(hold, person, decision, answer)
    blanks = _blanks(hold, items, decision, answer)
    comment = redact(_text(answer, "comment"))
    because = _because(journey, decision, answer)
    body = {
        "hold": hold.id,
        "key": key,
        "person": person.id,
        "name": person.name,
        "role": role or ", ".join(sorted({item.ask.by for item in items if item.ask})) or "registered",
        "decision": decision,
        "items": [item.id for item in items],
        "blanks": blanks,
        "comment": comment,
        **({"because": because} if because else {}),
        "digest": hold.digest,
        "proof": asdict(proof),
    }
    if decision == "no go" and not comment:
        raise ApprovalError("A no go needs its reason in the comment.")
    if decision == "waive":
        until = _until(answer, at)
        if not comment:
            raise ApprovalError("A waiver needs its reason in the comment.")
        journey.record.append("waived", body | {"until": until.isoformat()}, by=person.id)
    journey.record.append("signed", body, by=person.id)


def _role(journey: Journey, hold: Hold, person: Person, decision: str) -> str:
    if decision not in hold.decisions:
        raise ApprovalError(f"'{redact(decision)[:40]}' is no answer to this hold; it takes {', '.join(hold.decisions)}.")
    if person.goes_by(journey.plan.requested_by) and decision not in _LOOKS:
        raise ApprovalError(f"{person.name} requested this release and cannot decide on it; somebody else must.")
    role = hold.decisions[decision]
    if role and role not in person.roles:
        raise ApprovalError(f"{person.name} does not have the role {role}, which '{decision}' takes.")
    return role


def _items(hold: Hold, person: Person, decision: str, answer: Mapping[str, Any]) -> list[PlanItem]:
    """The items that the answer is about: those chosen, or all that the person's roles may decide."""
    chosen = answer.get("about", [ALL_MINE])
    by_choice = {text: item for item, text in zip(hold.items, choices(hold), strict=True)}
    if not isinstance(chosen, list) or any(not isinstance(each, str) for each in chosen):
        raise ApprovalError("The list of items is not a list of this hold's items.")
    strange = [each for each in chosen if each not in by_choice and each != ALL_MINE]
    if strange:
        raise ApprovalError(f"'{redact(strange[0])[:80]}' is not an open item of this hold.")
    if not chosen:
        raise ApprovalError("No item was chosen; choose some, or all items of your role.")
    picked = [item for text, item in by_choice.items() if text in chosen]
    if decision not in SIGNING:
        return picked or list(hold.items)
    mine = [item for item in hold.items if item.ask and item.ask.by in person.roles]
    items = picked or mine
    foreign = [item for item in items if item not in mine]
    if foreign:
        raise ApprovalError(
            f"{person.name} may not sign '{foreign[0].title}': it takes {foreign[0].ask.by if foreign[0].ask else 'no person'}."
        )
    if not items:
        wanted = sorted({item.ask.by for item in hold.items if item.ask})
        raise ApprovalError(f"{person.name} has none of the roles that are open here: {', '.join(wanted)}.")
    return items


def _blanks(hold: Hold, items: list[PlanItem], decision: str, answer: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The texts by item and blank: two items may each have a blank of the same name."""
    filled: dict[str, dict[str, str]] = {}
    for item in items if decision in SIGNING else ():
        for blank in item.ask.blanks if item.ask else ():
            text = redact(_text(answer, blank_name(hold, item, blank)))
            if blank.required and not text:
                raise ApprovalError(f"'{item.title}' needs '{blank.title}' to be filled in.")
            if text and blank.pattern and not re.fullmatch(blank.pattern, text):
                raise ApprovalError(f"'{blank.title}' of '{item.title}' does not have the form {blank.pattern}.")
            filled.setdefault(item.id, {})[blank.name] = text
    return filled


def _because(journey: Journey, decision: str, answer: Mapping[str, Any]) -> list[str]:
    """The checklist's own reasons to roll back, where that was decided."""
    chosen = answer.get("because", [])
    if decision != "roll back" or not chosen:
        return []
    if not isinstance(chosen, list) or any(each not in journey.plan.rollback.offered for each in chosen):
        raise ApprovalError("The reasons are not those that the checklist has for a rollback; choose among them.")
    return chosen


def _until(answer: Mapping[str, Any], at: datetime) -> datetime:
    text = _text(answer, "waive_until")
    try:
        until = datetime.fromisoformat(text) if text else at + timedelta(days=1)
    except ValueError as error:
        raise ApprovalError("The end of the waiver is not a date such as 2031-12-31.") from error
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    if not at < until <= at + _LONGEST_WAIVER:
        raise ApprovalError(f"A waiver ends within {_LONGEST_WAIVER.days} days from now.")
    return until


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not _writable(value):
        raise ApprovalError(f"The field '{name}' does not hold a short text.")
    return value.strip()


def _writable(text: str) -> bool:
    """Neither half a surrogate pair, which no file takes, nor a NUL, which no database takes."""
    return "\0" not in text and all(not 0xD800 <= ord(letter) <= 0xDFFF for letter in text)
