"""The team's document against its checklist: every line with a box is an item, word for word and at its number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checklists.model import Checklist
from checklists.places import places
from checklists.suggestions import meant, shown

_BOX = re.compile(r"[ \t]*(?:[-*+]|\d+[.)])[ \t]+\[[ xX]\][ \t]+(.*?)[ \t]*")


def boxes(text: str) -> list[tuple[int, str]]:
    """The lines of a Markdown document that have a box: number and words. Those inside fences are no boxes."""
    found: list[tuple[int, str]] = []
    fenced = False
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and (match := _BOX.fullmatch(line)):
            found.append((number, match[1]))
    return found


def differences(checklist: Checklist, text: str) -> Iterator[str]:
    """A sentence for each line of the document that is missing, reworded or twice, and each item that it does not have."""
    wanted = dict(boxes(text))
    seen: dict[int, str] = {}
    for item in (place.item for place in places(checklist) if place.item.item):
        number = item.line or 0
        if number not in wanted:
            where = f"at line {number}" if number else f"anywhere: give it its `line:`{meant(item.item, wanted.values())[:-1]}"
            yield f"The item {shown(item.item)} stands in no box of the document {where}."
        elif number in seen:
            yield f"Line {number} is there twice, as {shown(seen[number])} and as {shown(item.item)}."
        elif item.item != wanted[number]:
            yield f"Line {number} reads {shown(wanted[number])} in the document and {shown(item.item)} in the checklist."
        seen.setdefault(number, item.item)
    for number in sorted(wanted.keys() - seen.keys()):
        yield f"Line {number} of the document is missing: {shown(wanted[number])}."


def document(checklist: Checklist, folder: Path) -> Path | None:
    """Where the document is: the ``source`` that the checklist names, from its folder upwards; None when it is not there."""
    around = (folder, *folder.resolve().parents)
    found = (each / checklist.source for each in around)
    return next((path for path in found if checklist.source and path.is_file()), None)
