"""What a system of the sandbox brings: its checkout, what stands before a release, its earlier version, its damages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .damage import Damage
    from .parts import Part
    from .people import Person
    from .world import World


@dataclass(frozen=True)
class System:
    """One system, named as its checklist is and as its project's folder below ``systems/``.

    ``fill`` lays out what is there before any release (it runs on an empty account, with every part up); ``seed`` puts a
    version into an environment as an earlier release would have, by the name the project gives that environment.
    ``answers`` are what the demo answers in the trigger form. ``people`` are approvers beside the sandbox's own: name and
    roles by ID.
    """

    name: str
    fill: Callable[[World], None]
    seed: Callable[[World, str, str], None]
    suffixes: tuple[str, ...] = ("dev", "staging", "prod")
    parts: tuple[Part, ...] = ()
    damages: tuple[Damage, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    people: Mapping[str, Person] = field(default_factory=dict)
    previous: str = "1.0.0"
    version: str = "1.1.0"
