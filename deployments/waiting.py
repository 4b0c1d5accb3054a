"""What waits for people, read from the records: an inbox that needs no server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.holds import Hold, opened_at
from flows.journey import FOLDERS, Journey, open_store, reopen
from tasks.connect.settings import Settings
from tasks.core.errors import ApprovalError, GatesError
from tasks.record import Entry, Record, names

_KINDS = ("release", "post-deployment", "follow-up")


@dataclass(frozen=True)
class Waiting:
    """A hold that nobody has answered yet. ``key`` tells this suspension from the ones before; ``run`` is the Prefect run."""

    journey: Journey
    hold: Hold
    key: str
    run: str
    since: datetime

    @property
    def release(self) -> str:
        """The name of the record that waits."""
        return self.journey.id

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that may answer; empty: anybody in the registry."""
        if self.hold.signs:
            return tuple(sorted({item.ask.by for item in self.hold.items if item.ask}))
        return tuple(sorted({role for role in self.hold.decisions.values() if role}))


def waiting() -> Iterator[Waiting]:
    """Every hold that stands, in the order of the records' names. Records that this code cannot read are passed over."""
    store = open_store(Settings.from_environment())
    for kind in _KINDS:
        for name in names(store, FOLDERS[kind]):
            try:
                found = held(reopen(name, kind=kind)) if _stands(Record(store, name, FOLDERS[kind])) else None
            except GatesError:
                continue  # told by `gates status`
            if found:
                yield found


def held(journey: Journey) -> Waiting | None:
    """The hold that a release stands in, or None while it goes on."""
    journey.record.refresh()
    last = journey.record.entries[-1] if _stands(journey.record) else None
    if last is None:
        return None
    return Waiting(
        journey, _hold(journey, last), last.body["key"], last.body["flow_run"], opened_at(journey, last.body["hold"])
    )


def waiting_for(name: str) -> Waiting:
    """The hold of one record, by the record's name or the Prefect run's ID. Raises ``ApprovalError`` when it does not wait."""
    every = list(waiting())
    for each in every:
        if name in (each.release, each.run):
            return each
    told = ", ".join(each.release for each in every) or "nothing"
    raise ApprovalError(f"{name} does not wait for anybody; waiting: {told}.")


def _stands(record: Record) -> bool:
    return bool(record.entries) and record.entries[-1].type == "held"


def _hold(journey: Journey, entry: Entry) -> Hold:
    body: dict[str, Any] = dict(entry.body)
    by_id = {item.id: item for item in journey.plan.items()}
    items = tuple(by_id[name] for name in body["items"])
    return Hold(body["hold"], body["kind"], body["title"], items, body["decisions"])
