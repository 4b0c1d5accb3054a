"""Playing the demo's approvers: look at what waits, and sign it as those people would, through the Prefect API."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tasks.approvals import Person, Registry
from tasks.connect.settings import Settings
from tasks.core.errors import ApprovalError

if TYPE_CHECKING:
    from checklists.plan import Blank
    from deployments.waiting import Waiting

_LOOK_EVERY = 0.5


def play(*, until: Callable[[], bool], said: Callable[[str], None], only: str = "") -> None:
    """Sign whatever waits until ``until`` says so; with ``only``, of this Prefect run alone.

    A hold that is about a failure is left to people: deciding on it is not a matter of course. Raises ``ApprovalError`` when
    a signature that should have counted did not.
    """
    from deployments.waiting import waiting

    told: set[str] = set()
    while not until():
        for each in waiting():
            if only and each.run != only:
                continue
            if each.hold.kind == "sign-off":
                said(approve(each))
            elif each.key not in told:
                told.add(each.key)
                said(f"'{each.hold.title}' is left to people: {', '.join(each.hold.decisions)}?")
        time.sleep(_LOOK_EVERY)


def approve(waiting: Waiting) -> str:
    """One approver signs what is theirs in the hold; the next look finds the rest. A sentence saying who signed what."""
    from deployments import answers

    person = next(_able(waiting), None)
    if person is None:
        raise ApprovalError(f"Nobody in the registry may sign '{waiting.hold.title}', which takes {', '.join(waiting.roles)}.")
    code = answers.fresh_code(waiting, person)
    yes = "go" if "go" in waiting.hold.decisions else "approve"
    answers.send(waiting, answers.filled(waiting, person.id, code, yes, blanks=plausible(waiting)))
    entry = answers.outcome(waiting)
    if entry.type == "refused":
        raise ApprovalError(f"The signature of {person.name} did not count: {entry.body['reason']}")
    return f"{person.name} ({entry.body['role']}) signed {len(entry.body['items'])} item(s)."


def plausible(waiting: Waiting) -> dict[str, str]:
    """A text for every blank of the hold, by ``number.name``."""
    return {
        f"{number}.{blank.name}": _text(blank)
        for number, item in enumerate(waiting.hold.items, start=1)
        for blank in (item.ask.blanks if item.ask else ())
    }


def current_code(name: str) -> str:
    """The one-time code that a person's authenticator shows now. Raises ``ApprovalError`` for a stranger."""
    import pyotp

    return pyotp.TOTP(Registry.load(Settings.from_environment().approvers).who(name).totp_secret).now()


def _able(waiting: Waiting) -> Iterator[Person]:
    """Those who may sign something here, whoever can sign most first; the requester never."""
    people = Registry.load(Settings.from_environment().approvers).people.values()
    requester = waiting.journey.plan.requested_by

    def share(person: Person) -> int:
        return sum(1 for item in waiting.hold.items if item.ask and item.ask.by in person.roles)

    able = [person for person in people if not person.goes_by(requester) and person.totp_secret and share(person)]
    yield from sorted(able, key=share, reverse=True)


def _text(blank: Blank) -> str:
    title = blank.title.casefold()
    link = "https://wiki.example.com/releases"
    likely = link if "link" in title or "url" in title else "none" if "issue" in title else f"{blank.title}: as agreed"
    candidates = (likely, link, "none", "1", "1.0", f"{datetime.now(UTC):%Y-%m-%d}", "CHG-1")
    return next((text for text in candidates if not blank.pattern or re.fullmatch(blank.pattern, text)), likely)
