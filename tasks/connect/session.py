"""What the doors of one release share: settings, clients, and what the release knows of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from tasks.connect.aws_clients import Clients
from tasks.connect.settings import Settings
from tasks.core.sample import Trail


@dataclass(frozen=True)
class Release:
    """The release as its checks may see it: who asked for what, and how its items stand so far.

    ``items`` maps an item's ID to ``{"title", "phase", "section", "status", "summary", "by"}``; ``status`` is a verdict or
    empty while undecided. ``facts`` are the values captured so far. ``changes`` are the actions begun, in order:
    ``{"item", "action", "arguments", "before", "status"}``.
    """

    id: str = ""
    checklist: str = ""
    environment: str = ""
    version: str = ""
    requested_by: str = ""
    started: str = ""
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Session:
    """Shared by all doors of a release; made once a process."""

    settings: Settings
    clients: Clients = field(default_factory=Clients)
    release: Release = field(default_factory=Release)


class Door(Protocol):
    """What a check or an action may reach the outside world by. Opened anew for each item: the trail is the item's own."""

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Self:
        """The door for one item. Opens no connection yet."""
