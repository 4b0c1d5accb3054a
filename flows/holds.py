"""A hold as data: what people are asked, and what the record says of their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from checklists.plan import PlanItem
from checklists.standing import SIGNING
from flows.journey import Journey
from tasks.record import Entry, digest_of

Kind = Literal["sign-off", "closed gate", "unsettled action", "failure"]


@dataclass(frozen=True)
class Hold:
    """What people are asked. ``decisions`` maps each answer to the role that may give it; empty: anybody in the registry.

    ``evidence`` and ``readings`` are what was seen of each, in a sentence and in lines of plain text.
    ``items`` are the items still open in it; ``id`` is stable over replays: place and attempt. ``notice`` is told to people
    who are waited for, instead of the title.
    """

    id: str
    kind: Kind
    title: str
    items: tuple[PlanItem, ...]
    decisions: Mapping[str, str]
    evidence: Mapping[str, str] = field(default_factory=dict)
    readings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    summary: str = ""
    notice: str = ""

    @property
    def signs(self) -> bool:
        """Whether its items are signed by the roles that they name."""
        return not SIGNING.isdisjoint(self.decisions)

    @property
    def digest(self) -> str:
        """What a sign-off is bound to: the items, what was seen of each, and the possible answers."""
        return digest_of(
            {
                "id": self.id,
                "items": [item.id for item in self.items],
                "evidence": dict(self.evidence),
                "decisions": sorted(self.decisions),
            }
            | ({"readings": {name: list(lines) for name, lines in self.readings.items()}} if self.readings else {})
        )


def answered(journey: Journey, hold_id: str) -> list[Entry]:
    """The sign-offs of a hold, oldest first."""
    return [entry for entry in journey.record.of("signed") if entry.body["hold"] == hold_id]


def said(body: Mapping[str, Any]) -> str:
    """Why somebody decided so: the checklist's reasons that they chose, and their comment."""
    return " ".join(part for part in (*(f"{reason}." for reason in body.get("because", ())), body["comment"]) if part)


def refusals(journey: Journey, hold_id: str) -> list[Entry]:
    """The answers to a hold that did not count, oldest first."""
    return [entry for entry in journey.record.of("refused") if entry.body["hold"] == hold_id]


def held_entries(journey: Journey, hold_id: str) -> list[Entry]:
    """Every time that the hold was put to people, oldest first."""
    return [entry for entry in journey.record.of("held") if entry.body["hold"] == hold_id]


def opened_at(journey: Journey, hold_id: str) -> datetime:
    """When the hold first stood."""
    return held_entries(journey, hold_id)[0].at
