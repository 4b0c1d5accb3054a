"""How a checklist's lines are decided: by checks and actions, by reviews, by people, or by their children."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from checklists.model import Checklist, Item, Section

How = Literal["automated", "reviewed", "manual", "by children"]
WAYS: tuple[How, ...] = ("automated", "reviewed", "manual", "by children")


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


def coverage(checklist: Checklist) -> list[Row]:
    """A row for each phase, for the sign-off and for the rollback, in the checklist's order."""
    parts = [(f"{phase.title} ({phase.phase})", phase.sections) for phase in checklist.phases]
    parts += [("Sign-off", checklist.sign_off)] if checklist.sign_off else []
    if rollback := checklist.rollback:
        parts.append(("Rollback", rollback.diagnosis + rollback.steps + rollback.verification + rollback.follow_up))
    return [_row(checklist.checklist, title, sections) for title, sections in parts]


def how(item: Item) -> How:
    """How one line is decided."""
    if item.approve:
        return "reviewed" if item.approve.review else "manual"
    return "automated" if item.check or item.checks or item.action else "by children"


def _row(checklist: str, part: str, sections: Iterable[Section]) -> Row:
    boxed = [(section, item) for section in sections for item in _lines(section.items)]
    conditional = [item for section, item in boxed if item.when or item.environments or section.when or section.environments]
    return Row(checklist, part, Counter(how(item) for _section, item in boxed), len(conditional))


def _lines(items: Iterable[Item]) -> Iterable[Item]:
    for item in items:
        if item.item:
            yield item
        yield from _lines(item.items)
