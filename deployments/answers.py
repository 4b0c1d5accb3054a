"""Answering a hold from outside the UI: fill in its form, resume the run, and learn whether the answer counted."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import PrefectHTTPStatusError

from checklists.plan import PlanItem
from deployments import runs
from deployments.waiting import Waiting
from flows.forms import ALL_MINE, blank_name, choices
from tasks.approvals import Person
from tasks.core.errors import ApprovalError
from tasks.record import Entry

_STEP = 30
_UNTIL_OPEN = 60  # seconds from a hold in the record to its form, at most
_LOOK_EVERY = 0.5
_NO_FORM = "schema not found"


def filled(
    waiting: Waiting,
    person: str,
    code: str,
    decision: str,
    *,
    items: Sequence[str] = (),
    blanks: Mapping[str, str] | None = None,
    comment: str = "",
    until: str = "",
) -> dict[str, Any]:
    """The hold's form as this person fills it in.

    ``items`` are numbers, IDs or titles of the hold's items; none means all that the person's roles may decide. ``blanks``
    are named ``notes`` (in every item that has it) or ``2.notes`` (in the second item). Raises ``ApprovalError``.
    """
    about = [choices(waiting.hold)[index_of(waiting, name)] for name in items] or [ALL_MINE]
    answer: dict[str, Any] = {"approver": person, "code": code, "decision": decision, "comment": comment}
    answer |= {"about": about} if waiting.hold.items else {}
    answer |= {"waive_until": until} if until and "waive" in waiting.hold.decisions else {}
    return answer | _blanks(waiting, blanks or {})


def send(waiting: Waiting, answer: Mapping[str, Any]) -> None:
    """Resume the run with the answer. Raises ``ApprovalError`` with the server's reason when it refuses.

    A hold is in the record a moment before the run is suspended, and suspended a moment before it has its form: while the
    run goes on, that moment is waited for, which on a busy machine is a long one.
    """
    until = time.monotonic() + _UNTIL_OPEN
    while time.monotonic() < until:
        try:
            with get_client(sync_client=True) as client:
                result = client.resume_flow_run(UUID(waiting.run), run_input=dict(answer))
        except PrefectHTTPStatusError as error:
            if error.response.status_code == HTTPStatus.CONFLICT:
                raise ApprovalError(
                    f"An answer that nobody gave through the form is there already; `gates continue {waiting.release}` "
                    "has it judged and asks anew."
                ) from error
            raise ApprovalError(f"{waiting.release} could not be resumed: {error.response.text[:200]}") from error
        if result.status is SetStateStatus.ACCEPT:
            return
        reason = str(getattr(result.details, "reason", ""))
        if result.status is not SetStateStatus.ABORT and _NO_FORM not in reason:
            raise ApprovalError(f"The answer does not fit the form: {reason.removeprefix('Reason: ')}")
        if runs.state(waiting.run).is_final():
            break
        time.sleep(_LOOK_EVERY)
    raise ApprovalError(f"{waiting.release} is not suspended; look at its run, or `gates continue {waiting.release}`.")


def outcome(waiting: Waiting, seconds: float = 120) -> Entry:
    """What the release made of the answer, ``signed`` or ``refused``. Raises ``ApprovalError`` without one in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        waiting.journey.record.refresh()
        found = waiting.journey.record.last("signed", "refused", where=lambda body: body["key"] == waiting.key)
        if found:
            return found
        time.sleep(0.2)
    raise ApprovalError(
        f"The answer was sent, but {waiting.release} has not taken it up within {seconds:.0f} s; does a worker run?"
    )


def fresh_code(waiting: Waiting, person: Person) -> str:
    """A code of a person whose secret this process knows, not used before; waits for one when the last ones were used."""
    import pyotp

    totp = pyotp.TOTP(person.totp_secret)
    while True:
        now = int(datetime.now(UTC).timestamp())
        # A neighbouring step's code is accepted too; the earlier one may be too old by the time that it arrives.
        for step in (now // _STEP, now // _STEP + 1):
            if waiting.journey.store.read(f"codes/{person.id}/{step}") is None:
                return totp.generate_otp(step)
        time.sleep(_STEP - now % _STEP)


def index_of(waiting: Waiting, name: str) -> int:
    """The place of an item in the hold, by its number, ID or title. Raises ``ApprovalError`` when it is not open here."""
    items = waiting.hold.items
    if name.isdecimal() and 1 <= int(name) <= len(items):
        return int(name) - 1
    for index, item in enumerate(items):
        if name == item.id or name.casefold() == item.title.casefold():
            return index
    raise ApprovalError(f"'{name}' is not an open item here; the open ones are numbered 1 to {len(items)} in `gates inbox`.")


def _blanks(waiting: Waiting, given: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    used: set[str] = set()
    for number, item in enumerate(waiting.hold.items, start=1):
        for name, field in _fields(waiting, item).items():
            for key in (name, f"{number}.{name}"):
                if key in given:
                    found[field] = given[key]
                    used.add(key)
    unknown = sorted(set(given) - used)
    if unknown:
        raise ApprovalError(f"No open item has a blank '{unknown[0]}'.")
    return found


def _fields(waiting: Waiting, item: PlanItem) -> dict[str, str]:
    """The blanks of an item by name, with the form's names for them."""
    asked = item.ask.blanks if item.ask and waiting.hold.signs else ()
    return {blank.name: blank_name(waiting.hold, item, blank) for blank in asked}
