"""Every damage by its name, and doing and undoing one so that the world remembers it."""

from __future__ import annotations

import difflib

from .damage import Damage
from .damages_after import AFTER
from .damages_before import BEFORE
from .world import World, WorldError

DAMAGES: dict[str, Damage] = {damage.name: damage for damage in (*BEFORE, *AFTER)}


def named(name: str) -> Damage:
    """Find a damage. WorldError, with the nearest name, when there is none."""
    if name in DAMAGES:
        return DAMAGES[name]
    near = difflib.get_close_matches(name, DAMAGES, n=1)
    hint = f"did you mean {near[0]}?" if near else "see: gates sandbox damages."
    raise WorldError(f"There is no damage named {name}; {hint}")


def standing(world: World) -> list[str]:
    """Names of the damages done and not repaired, oldest first."""
    return list(world.state().get("damages", []))


def break_(world: World, name: str) -> Damage:
    """Damage an upright world; a damage that stands already is left as it is."""
    damage = named(name)
    if not world.is_up():
        raise WorldError(f"The world in {world.directory} is not up; bring it up with: gates sandbox up.")
    if name not in standing(world):
        damage.break_(world)
        world.save(damages=[*standing(world), name])
    return damage


def repair(world: World, name: str) -> Damage:
    """Undo a damage. WorldError when it does not stand. What a deploy carried stays deployed until the next one."""
    damage = named(name)
    if name not in standing(world):
        raise WorldError(f"The damage {name} does not stand in {world.directory}; there is nothing to repair.")
    damage.repair(world)
    world.save(damages=[other for other in standing(world) if other != name])
    return damage
