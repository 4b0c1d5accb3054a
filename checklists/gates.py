"""Cutting a phase into its gates: a new one begins at each action that stands after something to decide.

A decision on go or no go is a gate of its own: its criteria look at what the gates before it have decided.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from checklists.plan import Gate, PlanItem


@dataclass
class _Part:
    actions: list[PlanItem] = field(default_factory=list)
    items: list[PlanItem] = field(default_factory=list)
    decision: bool = False

    def gate(self) -> Gate:
        return Gate(decision=self.decision, actions=tuple(self.actions), items=tuple(self.items))


def cut(
    items: Iterable[PlanItem], parents: Mapping[str, tuple[str, ...]], decisions: Collection[str] = frozenset()
) -> tuple[Gate, ...]:
    """The gates of a phase, in order, at least one. ``parents`` maps an item's ID to those around it.

    A parent is decided where the last of its children is, or the gates would wait for each other. ``decisions`` are the IDs of
    the items by which people say go or no go.
    """
    parts = [_Part()]
    for item in items:
        if (item.id in decisions) != parts[-1].decision:
            parts = [*(part for part in parts if part.actions or part.items), _Part(decision=item.id in decisions)]
        if item.action is not None:
            _begin(parts, parents[item.id])
            parts[-1].actions.append(item)
        if item.action is None or item.checks or item.ask:
            parts[-1].items.append(item)
    return tuple(_settled(part).gate() for part in parts)


def joined(items: Iterable[PlanItem]) -> Gate:
    """One gate of all the items: every action first."""
    part = _Part()
    for item in items:
        if item.action is not None:
            part.actions.append(item)
        if item.action is None or item.checks or item.ask:
            part.items.append(item)
    return _settled(part).gate()


def _begin(parts: list[_Part], around: tuple[str, ...]) -> None:
    """Start a new part unless nothing is to be decided before the action; parents of the action move along."""
    moving = [item for item in parts[-1].items if item.id in around]
    staying = [item for item in parts[-1].items if item.id not in around]
    if staying:
        parts[-1].items = staying
        parts.append(_Part(items=moving))


def _settled(part: _Part) -> _Part:
    """A heading over nothing but actions has nothing to decide: it stands with them."""
    deciding = {item.id for item in part.items}
    changed = True
    while changed:
        bare = [each for each in part.items if _heading(each) and not deciding & set(each.children)]
        changed = bool(bare)
        deciding -= {each.id for each in bare}
        part.items = [each for each in part.items if each not in bare]
        part.actions = [*bare, *part.actions]
    return part


def _heading(item: PlanItem) -> bool:
    return bool(item.children) and not (item.checks or item.ask or item.skip)
