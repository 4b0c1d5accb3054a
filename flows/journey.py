"""One release as its flows see it: the plan, the record, and how things stand.

A flow process can end at any line and another machine may go on. So nothing is remembered here: what has been decided
is read from the record, and whatever must not be lost is written there before it is relied upon.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from checklists.binding import refuse_unrunnable
from checklists.plan import Gate, Plan, PlanItem
from checklists.standing import Change, Standing, captured, changes, standings
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.core.errors import RecordError
from tasks.core.verdicts import Status
from tasks.lock import EnvironmentLock
from tasks.record import Record
from tasks.store import DirectoryStore, Store

FOLDERS = {"release": "releases", "post-deployment": "checks-later", "follow-up": "follow-ups", "phase": "phases"}


@dataclass
class Journey:
    """A release, or a run beside it, on its way. ``record`` is its own; ``plan`` is the release's, or the part that it runs.

    ``earlier`` is the release that a later check looks at: its items, changes and begin are seen as it left them.
    """

    plan: Plan
    record: Record
    store: Store
    settings: Settings
    earlier: Journey | None = None
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        narrowed = replace(self.settings, workspaces=self.settings.workspaces / self.plan.workspace)
        self.session = Session(narrowed)

    @property
    def id(self) -> str:
        """The name of the record."""
        return self.record.name

    @property
    def lock(self) -> EnvironmentLock:
        """The lock of the plan's checklist and environment."""
        return EnvironmentLock(self.store, self.plan.checklist, self.plan.environment)

    def standings(self) -> dict[str, Standing]:
        """How every item stands, from the record."""
        return standings(self.plan, self.record.entries)

    def changes(self) -> list[Change]:
        """The actions begun so far."""
        return changes(self.record.entries)

    @property
    def changed(self) -> bool:
        """Whether anything was begun that a rollback would have to take back."""
        return any(change.matters for change in self.changes())

    @property
    def ended(self) -> Mapping[str, Any] | None:
        """How the release ended, or None while it goes on."""
        last = self.record.last("ended")
        return last.body if last else None

    def waivers(self, now: datetime | None = None) -> dict[str, str]:
        """The waivers in force: item ID to the reason with its giver."""
        moment = now or datetime.now(UTC)
        given: dict[str, str] = {}
        for entry in self.record.of("waived"):
            if datetime.fromisoformat(entry.body["until"]) > moment:
                reason = f"Waived by {entry.body['name']} until {entry.body['until'][:16]} UTC: {entry.body['comment']}"
                given |= dict.fromkeys(entry.body["items"], reason)
        return given

    def current_session(self) -> Session:
        """The session with the release as it stands now, for the checks that look at the release itself."""
        found = self.standings()
        before = self.earlier.current_session().release if self.earlier else None
        items = {
            name: {
                "title": each.item.title,
                "phase": self._phase_of.get(name, ""),
                "section": each.item.section,
                "status": each.verdict.status.value if each.verdict else "",
                "summary": each.verdict.summary if each.verdict else "",
                "by": each.by,
            }
            for name, each in found.items()
        }
        told = Release(
            id=self.id,
            checklist=self.plan.checklist,
            environment=self.plan.environment,
            version=self.plan.version,
            requested_by=self.plan.requested_by,
            started=before.started if before else self.record.entries[0].at.isoformat(timespec="seconds"),
            items={**(before.items if before else {}), **items},
            facts={**self.record.entries[0].body.get("facts", {}), **captured(self.plan, found)},
            changes=before.changes if before else tuple(_told(change) for change in self.changes()),
        )
        return replace(self.session, release=told)

    def gate(self, phase: int, gate: int) -> Gate:
        """A gate by its place in the plan."""
        return self.plan.phases[phase].gates[gate]

    def titled(self, names: list[str]) -> list[str]:
        """The titles of items."""
        by_id = {item.id: item.title for item in self.plan.items()}
        return [by_id.get(name, name) for name in names]

    @property
    def _phase_of(self) -> dict[str, str]:
        return {item.id: phase.title for phase in self.plan.phases for gate in phase.gates for item in gate.all()}


def open_store(settings: Settings) -> Store:
    """The store that the settings name."""
    return DirectoryStore(settings.records)


def _told(change: Change) -> dict[str, Any]:
    return {
        "item": change.item,
        "action": change.action,
        "arguments": change.arguments,
        "before": change.before,
        "status": change.outcome,
    }


def begin(plan: Plan, name: str, *, kind: str = "release", about: Mapping[str, Any] | None = None) -> Journey:
    """The journey of a new record, or of the one that this name has had since an earlier process began it.

    What counts is the plan that the record froze, not the one given: a checklist edited meanwhile changes nothing.
    """
    settings = Settings.from_environment()
    store = open_store(settings)
    record = Record(store, name, FOLDERS[kind])
    if not record.entries:
        record.append("planned", {"plan": plan.model_dump(mode="json"), **(about or {})})
        return Journey(plan, record, store, settings)
    return _opened(record, store, settings)


def reopen(name: str, *, kind: str = "release") -> Journey:
    """The journey of an existing record. Raises ``RecordError`` when there is none, ``DefinitionError`` for an old plan."""
    settings = Settings.from_environment()
    store = open_store(settings)
    return _opened(Record(store, name, FOLDERS[kind]), store, settings)


def exists(name: str, *, kind: str = "release") -> bool:
    """Whether a record of this name was begun."""
    return bool(Record(open_store(Settings.from_environment()), name, FOLDERS[kind]).entries)


def _opened(record: Record, store: Store, settings: Settings) -> Journey:
    if not record.entries:
        raise RecordError(f"There is no record {record.name} in {settings.records}; `gates status` lists what there is.")
    shape = record.entries[0].body.get("plan", {})
    plan = _plan(shape, record.name)
    refuse_unrunnable(plan)
    return Journey(plan, record, store, settings)


def _plan(shape: Mapping[str, Any], name: str) -> Plan:
    from pydantic import ValidationError

    try:
        return Plan.model_validate(shape)
    except ValidationError as error:
        raise RecordError(
            f"The plan of {name} was frozen by another version of this program, which reads it differently; "
            "finish or roll back that release with the version that began it."
        ) from error


def undecided(found: Mapping[str, Standing], items: tuple[PlanItem, ...]) -> list[PlanItem]:
    """The items among ``items`` that a person has still to sign."""
    return [item for item in items if item.ask and not _decided(found[item.id])]


def _decided(standing: Standing) -> bool:
    """Signed, or not asked for. How a parent stands says nothing of that: its children may keep it open or be waived."""
    return bool(standing.by) or (standing.verdict is not None and standing.verdict.status is Status.SKIPPED)


def names_ending_in(ending: str) -> list[str]:
    """The releases whose record's name ends so."""
    from tasks.record import names

    return [name for name in names(open_store(Settings.from_environment())) if name.endswith(ending)]
