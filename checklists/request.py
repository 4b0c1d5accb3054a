"""What the person who triggers a release asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checklists.model import Checklist
from checklists.parameters import unprintable
from checklists.suggestions import meant, shown

VERSION = "[A-Za-z0-9][A-Za-z0-9._+-]{0,63}"
_LONGEST = 200  # characters of a name or a ticket


@dataclass(frozen=True)
class Request:
    """One release as asked for. ``answers`` are the checklist's own parameters by name."""

    environment: str
    version: str
    requested_by: str
    change_ticket: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


def mistaken(checklist: Checklist, request: Request) -> Iterator[str]:
    """A sentence for each thing that the checklist cannot be released with."""
    if request.environment not in checklist.environments:
        hint = meant(request.environment, checklist.environments)
        there = f" It has {', '.join(checklist.environments)}." if hint == "." else ""
        yield f"The checklist '{checklist.checklist}' has no environment '{request.environment}'{hint}{there}"
    if not re.fullmatch(VERSION, request.version):
        told = f"The version {shown(request.version)} is not allowed"
        yield f"{told}; use up to 64 letters, digits and . _ + -, beginning with a letter or digit."
    if not request.requested_by.strip():
        yield "Who requests the release must be named, for nobody may sign a release of their own."
    for name, text in (("requested by", request.requested_by), ("change ticket", request.change_ticket)):
        if unprintable(text) or len(text) > _LONGEST:
            yield f"The text of '{name}' must be one line of plain text of at most {_LONGEST} characters."
