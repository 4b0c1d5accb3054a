"""What a damage is, and the ways to do and undo one: an edit of the project, a fault of the gateway, a setting."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .world import World

Change = Callable[[World], None]
Stage = Literal["before", "after"]


@dataclass(frozen=True)
class Damage:
    """One named way to damage a world.

    ``stage`` tells who sees it: "before", the checks before a deploy; "after", the checks after it, because the next
    deploy carries the damage or because it is done to what was deployed.
    """

    name: str
    description: str
    stage: Stage
    break_: Change
    repair: Change


@dataclass(frozen=True)
class Edit:
    """Text of one file of a system's project, as it is and as the damage makes it."""

    path: str
    old: str
    new: str


class EditError(Exception):
    """A file of the project does not hold the text that a damage changes."""


def replace(file: Path, old: str, new: str) -> None:
    """Replace the one occurrence of ``old``; do nothing when it is done already. EditError when it cannot be."""
    text = file.read_text()
    if text.count(old) == 1:
        before = file.stat().st_mtime_ns
        file.write_text(text.replace(old, new))
        _make_newer(file, before)
    elif new not in text:
        raise EditError(f"{file} does not hold the text to change: {old.strip().splitlines()[0]}")


def _make_newer(file: Path, than: int) -> None:
    """Python takes a compiled module for fresh while its source has the same size and is of the same second."""
    now = max(file.stat().st_mtime_ns, than + 1_000_000_000)
    os.utime(file, ns=(now, now))


def edited(system: str, name: str, stage: Stage, description: str, *edits: Edit) -> Damage:
    """A damage by edits of the system's project, such as a hasty change could make."""

    def break_(world: World) -> None:
        for edit in edits:
            replace(world.project(system) / edit.path, edit.old, edit.new)

    def repair(world: World) -> None:
        for edit in reversed(edits):
            replace(world.project(system) / edit.path, edit.new, edit.old)

    return Damage(name, description, stage, break_, repair)


def faulty(name: str, stage: Stage, description: str, *faults: dict[str, Any]) -> Damage:
    """A damage by faults of the gateway."""

    def others(world: World) -> list[dict[str, Any]]:
        return [fault for fault in world.gateway.faults() if fault["name"] != name]

    def break_(world: World) -> None:
        world.gateway.set_faults([*others(world), *({"name": name, **fault} for fault in faults)])

    def repair(world: World) -> None:
        world.gateway.set_faults(others(world))

    return Damage(name, description, stage, break_, repair)
