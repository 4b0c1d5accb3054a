"""Damages of session-management's project: edits of its files, and fields of its configuration."""

from __future__ import annotations

from functools import partial
from typing import Any

from deployments.sandbox.damage import Damage, Stage
from deployments.sandbox.damage import edited as edited_in
from deployments.sandbox.world import World

from . import project

edited = partial(edited_in, project.NAME)


def configured(name: str, stage: Stage, description: str, field: str, wrong: Any) -> Damage:
    """A damage by one field of every environment's configuration file."""

    def right(world: World, suffix: str) -> Any:
        filled_in = world.state()["identities"][suffix]
        return filled_in.get(field, project.pristine_config(suffix)[field])

    def break_(world: World) -> None:
        for suffix in project.SUFFIXES:
            project.change_config(world, suffix, **{field: wrong})

    def repair(world: World) -> None:
        for suffix in project.SUFFIXES:
            project.change_config(world, suffix, **{field: right(world, suffix)})

    return Damage(name, description, stage, break_, repair)
