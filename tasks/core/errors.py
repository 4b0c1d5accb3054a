"""Every error the program raises on purpose.

    GatesError
    ├── DefinitionError         a checklist, a plan or a setting is wrong; carries file:line when it has one
    ├── EvidenceError           a check could not learn what it must know: its verdict is UNKNOWN
    │   ├── Denied              the caller may not read it, or nobody proved who the caller is
    │   ├── Throttled           the other side asked us to come back later, more often than we were willing to
    │   ├── Unreachable         no answer: refused, timed out, name not found
    │   ├── Malformed           an answer that does not have the promised shape
    │   └── ReadOnly            a check asked a read door for something that is not a read
    ├── Absent                  the other side answered that the thing does not exist: the verdict is FAILED
    ├── ActionError             an action could not change what it was to change
    ├── ApprovalError           a sign-off that does not count: wrong role, wrong item, nothing filled in, …
    │   └── WrongCode           the proof of identity does not hold; too many of these and the person must wait
    ├── RecordError             the release record cannot be read, written or believed
    │   └── RecordConflict      another process appended first; this one must stop
    └── StopRelease             this process must end now and leave the release as it stands

The message of each is one sentence for the person at the console: what is wrong, where, what to do.
"""

from __future__ import annotations


class GatesError(Exception):
    """Root of the tree above; nothing raises it directly."""


class DefinitionError(GatesError):
    """Something a person wrote is wrong. ``where`` is ``file:line``, ``file`` or empty."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(f"{where}: {message}" if where else message)
        self.message = message
        self.where = where


class DefinitionErrors(DefinitionError):
    """Several mistakes found in one reading, so that they can be mended together."""

    def __init__(self, errors: list[DefinitionError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


class EvidenceError(GatesError):
    """What a check needs to know could not be learnt."""


class Denied(EvidenceError):
    """The read was refused for lack of permission or credentials."""


class Throttled(EvidenceError):
    """The read was refused because of too many requests, after the door's own retries."""


class Unreachable(EvidenceError):
    """The other side did not answer, after the door's own retries."""


class Malformed(EvidenceError):
    """The other side answered something that cannot be understood."""


class ReadOnly(EvidenceError):
    """A read door was asked for an operation that is not a read."""


class Absent(GatesError):
    """The other side answered, and the answer is that the thing does not exist."""


class ActionError(GatesError):
    """An action, or its undoing, did not reach its goal."""


class ApprovalError(GatesError):
    """A sign-off that does not count; the hold stands."""


class WrongCode(ApprovalError):
    """The one-time code is wrong, late or used."""


class RecordError(GatesError):
    """The release record cannot be read, written or believed."""


class RecordConflict(RecordError):
    """Another process appended to the record first; the loser stops."""


class StopRelease(GatesError):
    """This process ends here and leaves the release as the record has it."""
