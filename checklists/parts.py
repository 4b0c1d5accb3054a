"""What may stand in which part of a checklist: decisions that somebody makes, triggers that are looked at, later checks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from checklists.lines import Location
from checklists.model import Checklist, Section
from checklists.places import TRIGGERS, Place, sections
from checklists.references import Mistake
from checklists.suggestions import shown


def misplaced(checklist: Checklist, every: list[Place]) -> Iterator[Mistake]:
    """Every section or item that the part around it cannot run."""
    yield from _of_decisions(checklist)
    for place in every:
        if place.group == TRIGGERS and (place.item.action or place.item.approve):
            told = "is looked at after the release or given as a reason; write checks, or nothing"
            yield place.location, f"The rollback trigger {shown(place.item.title)} {told}."
        if place.group[0] == "post_deployment" and place.item.action:
            told = "Later checks only look, and nothing would take an action back"
            yield (*place.location, "action"), f"{told}; put {shown(place.item.title)} into a phase."
        if place.section.decision and place.item.action:
            yield (*place.location, "action"), "A go/no-go section only decides; put the action into another section."
    watched = [place for place in every if place.group == TRIGGERS and (place.item.check or place.item.checks)]
    if watched and not checklist.post_deployment:
        told = "is looked at by the post-deployment blocks, and there are none; add one under `post_deployment:`"
        yield watched[0].location, f"The rollback trigger {shown(watched[0].item.title)} {told}."


def _of_decisions(checklist: Checklist) -> Iterator[Mistake]:
    found = [(group, location, section) for group, location, section in sections(checklist)]
    for (group, decision), run in groupby(found, key=lambda each: (each[0], each[2].decision)):
        if not decision:
            continue
        together = list(run)
        location: Location = (*together[0][1], "decision")
        if group[0] not in ("phases", "sign_off"):
            yield location, "Go or no go is decided in a phase, not here."
        elif not any(_asks(section) for _, _, section in together):
            yield location, "Nobody says go or no go; give an item of the section, or of the one beside it, `approve:`."


def _asks(section: Section) -> bool:
    waiting = list(section.items)
    while waiting:
        item = waiting.pop()
        if item.approve:
            return True
        waiting += item.items
    return False
