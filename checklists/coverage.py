"""How a checklist's lines are decided: by checks and actions, by reviews, by people, or by their children."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from checklists.items import Binding
from checklists.lines import Location
from checklists.loader import Loaded
from checklists.model import Checklist, Item
from checklists.parameters import default
from checklists.places import TRIGGERS, Place, places

How = Literal["automated", "reviewed", "manual", "by children", "not applicable"]
WAYS: tuple[How, ...] = ("automated", "reviewed", "manual", "by children", "not applicable")


@dataclass(frozen=True)
class Row:
    """One part of a checklist and how many of its lines are decided in which way; ``conditional`` ones may not apply."""

    checklist: str
    part: str
    counts: Counter[How]
    conditional: int

    @property
    def lines(self) -> int:
        """How many lines the part has."""
        return sum(self.counts.values())


def coverage(loaded: Loaded, environment: str = "") -> list[Row]:
    """A row for each part of the checklist, in its order.

    With an environment, lines that do not apply there, with every parameter at its default, count as that and nothing else.
    """
    spared = _spared(loaded, environment) if environment in loaded.checklist.environments else set()
    boxed = [place for place in places(loaded.checklist) if place.item.item]
    return [
        _row(loaded.checklist, part, list(found), spared) for part, found in groupby(boxed, lambda place: _part(place.group))
    ]


def how(item: Item) -> How:
    """How one line is decided. What nothing looks at is for people to notice."""
    if item.approve:
        return "reviewed" if item.approve.review else "manual"
    if item.check or item.checks or item.action:
        return "automated"
    return "by children" if item.items else "manual"


def _row(checklist: Checklist, part: Location, boxed: list[Place], spared: set[str]) -> Row:
    counts = Counter[How]("not applicable" if place.id in spared else how(place.item) for place in boxed)
    conditional = sum(bool(place.conditions or place.environments) for place in boxed)
    return Row(checklist.checklist, _titled(checklist, part), counts, conditional)


def _part(group: Location) -> Location:
    """The group around a line, where the parts of a rollback are one, apart from what calls for it."""
    return group if group == TRIGGERS or group[0] != "rollback" else ("rollback",)


def _titled(checklist: Checklist, part: Location) -> str:
    match part:
        case ("phases", int(number)):
            return f"{checklist.phases[number].title} ({checklist.phases[number].phase})"
        case ("post_deployment", int(number)):
            return f"{checklist.post_deployment[number].title} (later)"
        case ("sign_off",):
            return "Sign-off"
    return "Rollback triggers" if part == TRIGGERS else "Rollback"


def _spared(loaded: Loaded, environment: str) -> set[str]:
    checklist = loaded.checklist
    given = {name: default(each) for name, each in checklist.parameters.items()}
    values = given | checklist.environments[environment].values | {"environment": environment, "checklist": checklist.checklist}
    binding = Binding(loaded, environment, values | dict.fromkeys(("version", "requested_by", "change_ticket"), ""))
    return {place.id for place in places(checklist) if binding.why_not(place)}
