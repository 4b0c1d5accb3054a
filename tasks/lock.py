"""One release at a time per checklist and environment, from its first action to its end.

The lock is a log like the record: ``taken`` by a release, ``released`` by it, and so on. Who reads the last entry knows
the holder, whatever has become of the holder's process; taking it is appending, so of two takers one loses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tasks.core.errors import RecordConflict, RecordError
from tasks.record import Record
from tasks.store import Store


@dataclass(frozen=True)
class Holder:
    """Who holds the lock, and since when."""

    release: str
    since: datetime


class EnvironmentLock:
    """The lock of one checklist in one environment."""

    def __init__(self, store: Store, checklist: str, environment: str) -> None:
        self._store = store
        self._name = f"{checklist}.{environment}"

    def holder(self) -> Holder | None:
        """The holder, or None when the environment is free."""
        entries = self._log().entries
        if not entries or entries[-1].type == "released":
            return None
        return Holder(str(entries[-1].body["release"]), entries[-1].at)

    def take(self, release: str) -> None:
        """Take the lock, or find that this release has it. Raises ``RecordError`` naming who has it instead."""
        log = self._log()
        last = log.entries[-1] if log.entries else None
        if last is None or last.type == "released":
            try:
                log.append("taken", {"release": release})
            except RecordConflict:
                self.take(release)
        elif last.body["release"] != release:
            raise RecordError(
                f"{self._name} is being released by {last.body['release']} since {last.at:%Y-%m-%d %H:%M} UTC; "
                "wait for its end, or roll it back."
            )

    def release(self, release: str) -> None:
        """Give the lock back; nothing happens when this release does not hold it."""
        holder = self.holder()
        if holder is not None and holder.release == release:
            self._log().append("released", {"release": release})

    def last_holder(self) -> str:
        """The release that took the lock most recently, whether it still holds it or not."""
        taken = self._log().of("taken")
        return str(taken[-1].body["release"]) if taken else ""

    def taken_since(self, release: str) -> list[str]:
        """The other releases that took the lock after this one first had it, oldest first, each once."""
        takers = [str(entry.body["release"]) for entry in self._log().of("taken")]
        later = takers[takers.index(release) + 1 :] if release in takers else takers
        return [name for name in dict.fromkeys(later) if name != release]

    def _log(self) -> Record:
        return Record(self._store, self._name, "locks")
