"""Where each item of a checklist stands: its location in the file, its ID, and what it inherits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from checklists.lines import Location
from checklists.model import Checklist, Environment, Item, Section

TRIGGERS: Location = ("rollback", "triggers")
"""The group of what tells that a release must be taken back."""


@dataclass(frozen=True)
class Place:
    """One item. ``group`` is the location of the phase, block or rollback part around it; ``parents`` run outermost first."""

    item: Item
    id: str
    location: Location
    section: Section
    section_location: Location
    group: Location
    parents: tuple[Place, ...] = ()

    @property
    def conditions(self) -> list[tuple[Location, str]]:
        """Every condition that it stands under, from the section's to its own."""
        around: list[tuple[Location, Section | Item]] = [(self.section_location, self.section)]
        around += [(each.location, each.item) for each in (*self.parents, self)]
        return [((*location, "when"), part.when) for location, part in around if part.when]

    @property
    def environments(self) -> list[tuple[str, ...]]:
        """Every limit to environments that it stands under."""
        around: list[Section | Item] = [self.section, *(each.item for each in self.parents), self.item]
        return [part.environments for part in around if part.environments]

    @property
    def trouble(self) -> bool:
        """Whether a tick means trouble here: what the item, a parent or the section says, the nearest first."""
        said = [each.item.trouble for each in (self, *reversed(self.parents)) if each.item.trouble is not None]
        return said[0] if said else self.section.trouble or self.group == TRIGGERS

    def applies_to(self, environment: str) -> bool:
        """Whether no limit excludes the environment."""
        return all(environment in limit for limit in self.environments)

    def calls(self) -> Iterator[tuple[Location, Literal["check", "action"], str, Mapping[str, Any]]]:
        """Its checks and its action: location, "check" or "action", ID, arguments."""
        item = self.item
        if item.check:
            yield self.location, "check", item.check, {} if item.action else item.arguments
        for index, each in enumerate(item.checks):
            yield (*self.location, "checks", index), "check", each.check, each.arguments
        if item.action:
            yield self.location, "action", item.action, item.arguments


@dataclass(frozen=True)
class _Heading:
    slug: str
    section: Section
    location: Location
    group: Location


def places(checklist: Checklist) -> list[Place]:
    """Every item in the order in which a release comes to them, a parent before its children."""
    found: list[Place] = []
    taken: set[str] = set()
    for group, location, section in sections(checklist):
        heading = _Heading(_free(slug(section.title), taken), section, location, group)
        taken.add(heading.slug)
        found += _items(heading, section.items, (*location, "items"), ())
    return found


def sections(checklist: Checklist) -> Iterator[tuple[Location, Location, Section]]:
    """Every section with its group's location and its own: phases, sign-off, rollback, post-deployment."""
    for number, phase in enumerate(checklist.phases):
        yield from _listed(("phases", number), ("phases", number, "sections"), phase.sections)
    yield from _listed(("sign_off",), ("sign_off",), checklist.sign_off)
    if checklist.rollback:
        for part in ("triggers", "diagnosis", "steps", "verification", "follow_up"):
            yield from _listed(("rollback", part), ("rollback", part), getattr(checklist.rollback, part))
    for number, block in enumerate(checklist.post_deployment):
        yield from _listed(("post_deployment", number), ("post_deployment", number, "sections"), block.sections)


def common_values(checklist: Checklist, environment: Environment) -> set[str]:
    """The names that templates and conditions may use in this environment, beside ``captured``."""
    return {*checklist.parameters, *environment.values, *RESERVED}


RESERVED = ("environment", "version", "requested_by", "change_ticket", "checklist")
"""What every template may use of the release itself."""


def slug(title: str) -> str:
    """The words of a title in lower case with hyphens: ``task-13-1-deploy-dynamodb-tables``; at most 80 characters."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "untitled"


def _listed(group: Location, location: Location, parts: tuple[Section, ...]) -> Iterator[tuple[Location, Location, Section]]:
    yield from ((group, (*location, number), section) for number, section in enumerate(parts))


def _items(heading: _Heading, items: tuple[Item, ...], location: Location, parents: tuple[Place, ...]) -> Iterator[Place]:
    for number, item in enumerate(items):
        name = item.id or f"{heading.slug}/{slug(item.title)}"
        place = Place(item, name, (*location, number), heading.section, heading.location, heading.group, parents)
        yield place
        yield from _items(heading, item.items, (*place.location, "items"), (*parents, place))


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number when an earlier section of the same title has it."""
    numbered = (name if count == 1 else f"{name}-{count}" for count in range(1, len(taken) + 2))
    return next(each for each in numbered if each not in taken)
