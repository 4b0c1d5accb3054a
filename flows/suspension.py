"""Suspending the run for a hold, and reading what came back.

Prefect's resume carries no identity and can be forged in many ways, so nothing of it is trusted. What was answered is
read raw from the run's inputs and judged by ``flows.signing``; the record says whether the hold is decided. Every
suspension has a key never used before: a used key is asked again after a retry and its form then cannot be saved.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import get_client, suspend_flow_run
from prefect.runtime import flow_run

from checklists.standing import SIGNING
from flows.forms import form
from flows.holds import Hold, answered, held_entries, opened_at
from flows.journey import Journey
from flows.pages import this_run_url
from flows.scheduling import set_waiting, wake_at
from flows.signing import sign
from tasks.core.errors import ApprovalError, GatesError, StopRelease, WrongCode
from tasks.core.redaction import redact
from tasks.notices import notify
from tasks.record import Entry, digest_of

log = logging.getLogger("gates.flow")

_FOR_EVER = timedelta(days=3650)
"""Prefect ends a run whose pause has expired, with nobody left to roll back; our own expiry wakes the run instead."""


class HoldExpired(GatesError):
    """Nobody decided the hold in time."""


def stand(journey: Journey, hold: Hold) -> Entry:
    """Return the answer that decides the hold or brings it on, or suspend the run: then this never returns.

    An approval brings a sign-off hold on by the items it signs; every other answer decides, and a replay finds it here
    again. Raises ``HoldExpired`` when the hold's time is over.
    """
    decisive = [entry for entry in answered(journey, hold.id) if entry.body["decision"] not in SIGNING]
    if decisive:
        return decisive[0]
    known = len(answered(journey, hold.id))
    set_waiting(UUID(str(flow_run.get_id())), [])
    for held in _unanswered(journey, hold.id):
        answer = raw_answer(UUID(held.body["flow_run"]), held.body["key"])
        if answer is None:
            _refuse(journey, hold, held, "The run was resumed without an answer.")
            continue
        if held.body["digest"] != hold.digest:
            _refuse(journey, hold, held, "What was to be decided has changed since that answer was given; look again.")
            continue
        try:
            sign(journey, hold, held.body["key"], answer.value, answer.at)
        except ApprovalError as error:
            _refuse(
                journey,
                hold,
                held,
                str(error),
                person=str(answer.value.get("approver", "")),
                guess=isinstance(error, WrongCode),
            )
    fresh = answered(journey, hold.id)[known:]
    if fresh:
        return fresh[-1]
    _expire(journey, hold)
    run = UUID(str(flow_run.get_id()))
    turn = len(held_entries(journey, hold.id)) + 1
    key = f"{hold.id}-{turn}-{digest_of(str(run))[:6]}-{flow_run.get_run_count()}"
    opening = {
        "hold": hold.id,
        "key": key,
        "kind": hold.kind,
        "title": hold.title,
        "items": [item.id for item in hold.items],
        "decisions": dict(hold.decisions),
        "digest": hold.digest,
        "flow_run": str(run),
    }
    journey.record.append("held", opening)
    # At every turn, for the process may have died before it could the first time; the key has it scheduled once.
    wake_at(journey, run, opened_at(journey, hold.id) + timedelta(seconds=journey.plan.policy.hold_expires), hold.id)
    if turn == 1:
        _announce(journey, hold)
    set_waiting(run, _roles(hold))
    suspend_flow_run(wait_for_input=form(journey, hold), key=key, timeout=int(_FOR_EVER.total_seconds()))
    raise StopRelease(f"{journey.id} was to be suspended for '{hold.title}' and was not; resume or retry the run.")


def _roles(hold: Hold) -> list[str]:
    """The roles that may answer, each once."""
    asked = [item.ask.by for item in hold.items if item.ask] if hold.signs else list(hold.decisions.values())
    return sorted({role or "anyone" for role in asked})


def _announce(journey: Journey, hold: Hold) -> None:
    plan = journey.plan
    log.info("Waiting for people: %s", hold.title)
    who = ", ".join(_roles(hold))
    notify(
        journey.session,
        f"{plan.title} {plan.version} → {plan.environment} waits for {who}. {hold.notice or hold.title}: {this_run_url()}",
    )


@dataclass(frozen=True)
class RawAnswer:
    """What somebody sent to a suspended run, as the server stored it, and when it arrived."""

    value: Mapping[str, Any]
    at: datetime


def raw_answer(run: UUID, key: str) -> RawAnswer | None:
    """The answer stored for one suspension, or None. The server has hydrated it already: take every field as hostile."""
    name = f"suspended-{key}-response"
    with get_client(sync_client=True) as client:
        rows = client.filter_flow_run_input(run, key_prefix=name, limit=1, exclude_keys=set())
    if not rows:
        return None
    try:
        value = json.loads(rows[0].value)
    except ValueError:
        value = {}
    return RawAnswer(value if isinstance(value, dict) else {}, rows[0].created or datetime.now(UTC))


def _unanswered(journey: Journey, hold_id: str) -> list[Entry]:
    closed = {entry.body["key"] for entry in journey.record.of("signed", "refused")}
    return [entry for entry in held_entries(journey, hold_id) if entry.body["key"] not in closed]


def _refuse(journey: Journey, hold: Hold, held: Entry, reason: str, person: str = "", *, guess: bool = False) -> None:
    log.warning("An answer to '%s' does not count: %s", hold.title, reason)
    body = {
        "hold": hold.id,
        "key": held.body["key"],
        "person": redact(person.strip().lower())[:60],
        "reason": reason,
        "guess": guess,
    }
    journey.record.append("refused", body)


def _expire(journey: Journey, hold: Hold) -> None:
    held = held_entries(journey, hold.id)
    limit = timedelta(seconds=journey.plan.policy.hold_expires)
    if held and datetime.now(UTC) - held[0].at > limit:
        journey.record.append("expired", {"hold": hold.id, "title": hold.title})
        raise HoldExpired(f"Nobody decided '{hold.title}' within {limit}.")
