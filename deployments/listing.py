"""Every release in a row: how it stands and where it is, from its record alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from checklists.standing import changes
from checklists.suggestions import meant
from flows.journey import FOLDERS, open_store
from tasks.connect.settings import Settings
from tasks.core.errors import DefinitionError, RecordError
from tasks.record import Entry, Record, names
from tasks.store import Store


@dataclass(frozen=True)
class Row:
    """One release. ``state`` is how it ended, or "Waiting", "Running" or "Unreadable"; ``since`` is its last entry's time.

    ``run`` is the ID of its Prefect run.
    """

    release: str
    title: str
    state: str
    where: str
    since: datetime | None
    changed: bool = False
    run: str = ""


def rows() -> Iterator[Row]:
    """The releases, newest first."""
    store = open_store(Settings.from_environment())
    found = [_row(store, name) for name in names(store, FOLDERS["release"])]
    yield from sorted(found, key=lambda row: row.since.timestamp() if row.since else 0, reverse=True)


def record_of(name: str) -> tuple[Record, str]:
    """A record and its folder, whatever kind it is of. Raises ``DefinitionError`` when there is none."""
    folder = folder_of(name)
    return Record(open_store(Settings.from_environment()), name, folder), folder


def folder_of(name: str) -> str:
    """The folder of a record. Raises ``DefinitionError`` when there is none, saying what there is."""
    settings = Settings.from_environment()
    store = open_store(settings)
    for folder in FOLDERS.values():
        if name in names(store, folder):
            return folder
    there = names(store, FOLDERS["release"])
    told = meant(name, there) if there else "; there are none yet."
    raise DefinitionError(f"There is no record '{name}' in {settings.records}{told} See `gates record list`.")


def _row(store: Store, name: str) -> Row:
    try:
        record = Record(store, name)
    except RecordError as error:
        return Row(name, "", "Unreadable", str(error), None)
    if not record.entries:
        return Row(name, "", "Unreadable", "It has no entries.", None)
    plan, last = record.entries[0].body["plan"], record.entries[-1]
    ended = record.last("ended")
    state = str(ended.body["state"]) if ended else "Waiting" if last.type == "held" else "Running"
    title = f"{plan['title']} {plan['version']} → {plan['environment']}"
    changed = any(change.matters for change in changes(record.entries))
    run = str(record.entries[0].body.get("flow_run", ""))
    return Row(name, title, state, "" if ended else _where(record, last), last.at, changed, run)


def _where(record: Record, last: Entry) -> str:
    plan = record.entries[0].body["plan"]
    if last.type == "held":
        return str(last.body["title"])
    if record.last("rollback begun"):
        return "Rollback"
    sampled = record.last("sampled")
    number = str(sampled.body["place"]).partition("-")[0] if sampled else ""
    return str(plan["phases"][int(number)]["title"]) if number.isdecimal() else ""
