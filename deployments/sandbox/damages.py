"""The damages of a world's systems by name, and doing and undoing one so that the world remembers it."""

from __future__ import annotations

import difflib

from .damage import Damage
from .errors import WorldError
from .world import World


def damages(world: World) -> dict[str, Damage]:
    """Every damage that can be done to this world, by name."""
    return {damage.name: damage for system in world.held() for damage in system.damages}


def named(world: World, name: str) -> Damage:
    """Find a damage. WorldError, with the nearest name, when there is none."""
    every = damages(world)
    if name in every:
        return every[name]
    near = difflib.get_close_matches(name, every, n=1)
    hint = f"did you mean {near[0]}?" if near else "see: gates sandbox damages."
    raise WorldError(f"There is no damage named {name}; {hint}")


def standing(world: World) -> list[str]:
    """Names of the damages done and not repaired, oldest first."""
    return list(world.state().get("damages", []))


def break_(world: World, name: str) -> Damage:
    """Damage an upright world; a damage that stands already is left as it is."""
    if not world.is_up():
        raise WorldError(f"The world in {world.directory} is not up; bring it up with: gates sandbox up.")
    damage = named(world, name)
    if name not in standing(world):
        damage.break_(world)
        world.save(damages=[*standing(world), name])
    return damage


def repair(world: World, name: str) -> Damage:
    """Undo a damage. WorldError when it does not stand. What a deploy carried stays deployed until the next one."""
    damage = named(world, name)
    if name not in standing(world):
        raise WorldError(f"The damage {name} does not stand in {world.directory}; there is nothing to repair.")
    damage.repair(world)
    world.save(damages=[other for other in standing(world) if other != name])
    return damage
