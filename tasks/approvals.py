"""Who may sign what, and the proof that it was they.

People stand in a registry file with their roles and the secret of their one-time codes (RFC 6238, 30 s, six digits). A
code is accepted once, in any release, by exclusive creation of its time step in the store.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tasks.core.errors import ApprovalError, DefinitionError, WrongCode
from tasks.core.redaction import redact
from tasks.store import Store

_STEP = 30
_STEPS_EITHER_SIDE = 1
_WRONG_CODES_ALLOWED = 5
_WRONG_CODES_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Person:
    """Somebody who may sign."""

    id: str
    name: str
    roles: frozenset[str]
    email: str = ""
    totp_secret: str = field(default="", repr=False)

    def goes_by(self, text: str) -> bool:
        """Whether a text means this person: a requester may have given a name or an address instead of the ID."""
        return " ".join(text.split()).casefold() in {self.id.casefold(), self.name.casefold(), self.email.casefold()} - {""}


@dataclass(frozen=True)
class Proof:
    """What showed who it was. ``step`` is the number of the 30-second interval of the code."""

    method: str
    step: int


class Registry:
    """The people of the registry file."""

    def __init__(self, people: Mapping[str, Person]) -> None:
        self.people = people

    @staticmethod
    def load(path: Path) -> Registry:
        """Read ``people: {ana: {name, roles, totp_secret}}``. Raises ``DefinitionError`` with what to mend."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        try:
            content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
            people = [_person(str(name).strip().lower(), each) for name, each in content["people"].items()]
        except FileNotFoundError as error:
            raise DefinitionError("there is no registry of approvers; set GATES_APPROVERS to its path", str(path)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise DefinitionError(f"the registry of approvers cannot be read: {error}", str(path)) from error
        except (YAMLError, KeyError, TypeError, AttributeError) as error:
            raise DefinitionError(
                "the registry of approvers must read `people: {<id>: {name: …, roles: […], totp_secret: …}}`", str(path)
            ) from error
        if not people:
            raise DefinitionError("the registry of approvers names nobody; add the people who may sign", str(path))
        return Registry({person.id: person for person in people})

    def who(self, name: str) -> Person:
        """The person with this ID. Raises ``ApprovalError`` for a stranger."""
        person = self.people.get(name.strip().lower())
        if person is None:
            raise ApprovalError(f"'{redact(name)[:60]}' is not in the registry of approvers.")
        return person

    def with_role(self, role: str) -> list[Person]:
        """Everyone who has the role, by ID."""
        return [person for _name, person in sorted(self.people.items()) if role in person.roles]


def prove(store: Store, person: Person, code: str, *, at: datetime, use: str) -> Proof:
    """Accept a one-time code that was given ``at`` this time, once for good. Raises ``WrongCode`` otherwise.

    ``use`` names what it is used for: a process that died after accepting a code and before writing down the sign-off
    finds the code taken by the very same use, and that is not a second use.
    """
    import pyotp

    if not person.totp_secret:
        raise ApprovalError(f"{person.name} has no secret for one-time codes in the registry; enrol first.")
    try:
        totp = pyotp.TOTP(person.totp_secret, interval=_STEP)
    except ValueError as error:
        raise ApprovalError(
            f"The secret of {person.name} in the registry is not base32 of at least 112 bits; enrol again."
        ) from error
    given_in = int(at.timestamp()) // _STEP
    for step in range(given_in - _STEPS_EITHER_SIDE, given_in + _STEPS_EITHER_SIDE + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.strip().encode(errors="replace")):
            key = f"codes/{person.id}/{step}"
            if not store.create(key, use.encode()) and store.read(key) != use.encode():
                raise WrongCode(f"This code of {person.name} has been used already; wait for the next one.")
            return Proof("totp", step)
    raise WrongCode(f"The code is not {person.name}'s current one; codes change every {_STEP} seconds.")


def allowed_to_try(wrong: list[datetime], now: datetime) -> None:
    """Stop guessing: after five wrong codes a person waits. Raises ``ApprovalError`` with the time to come back."""
    recent = [at for at in wrong if now - at < _WRONG_CODES_WINDOW]
    if len(recent) >= _WRONG_CODES_ALLOWED:
        again = min(recent) + _WRONG_CODES_WINDOW
        raise ApprovalError(f"Too many wrong codes; this person may try again at {again:%H:%M} UTC.")


def _person(name: str, shape: Mapping[str, Any]) -> Person:
    secret = str(shape.get("totp_secret") or "")
    redact.learn(secret)
    if isinstance(shape["roles"], str):
        raise TypeError("A text would be read as a role a letter.")
    roles = frozenset(str(role) for role in shape["roles"])
    return Person(name, str(shape["name"]), roles, str(shape.get("email") or ""), secret)
