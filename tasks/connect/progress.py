"""Read door to the release itself: how its items stand, who asked for it, what it has changed so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tasks.connect.session import Release
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session


class Progress:
    """What the release knows of itself at this moment."""

    def __init__(self, release: Release, trail: Trail) -> None:
        self.release = release
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Progress:
        """The door to the session's release."""
        return cls(session.release, trail)

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def items(self, *, phase: str = "", section: str = "") -> dict[str, Mapping[str, Any]]:
        """The items of one phase, of one section, or of one section of one phase, by ID; nobody's when none is named."""
        question = f"items of phase '{phase}', section '{section}'"
        found: dict[str, Mapping[str, Any]] = self._trail.read("progress", question, lambda: self._select(phase, section))
        return found

    def _select(self, phase: str, section: str) -> dict[str, Mapping[str, Any]]:
        return {
            name: item
            for name, item in self.release.items.items()
            if (phase or section) and phase in ("", item["phase"]) and section in ("", item["section"])
        }
