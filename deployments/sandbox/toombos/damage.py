"""The ways in which this system gets damaged: partners, settings, images, the cluster, a certificate."""

from __future__ import annotations

import json
from typing import Any

from deployments.sandbox.damage import Damage, Edit, Stage, edited, replace
from deployments.sandbox.kubernetes import launch
from deployments.sandbox.world import World

from . import images, partners, project
from .naming import NAME, SUFFIXES, VERSION


def partner(name: str, description: str, key: str, value: Any) -> Damage:
    """Something is the matter with a service of others; see ``partners.said`` for what."""

    def tell(world: World, told: dict[str, Any]) -> None:
        (world.directory / partners.STATE).write_text(json.dumps(told))

    def break_(world: World) -> None:
        tell(world, {**partners.state(world.directory), key: value})

    def repair(world: World) -> None:
        tell(world, {name: told for name, told in partners.state(world.directory).items() if name != key})

    return Damage(name, description, "before", break_, repair)


def configured(name: str, description: str, setting: str, wrong: str) -> Damage:
    """One value of every environment's settings file is wrong."""
    place = f"toombos-right-{setting}"

    def break_(world: World) -> None:
        world.save(**{place: {suffix: project.setting(world, suffix, setting) for suffix in SUFFIXES}})
        for suffix in SUFFIXES:
            project.change_setting(world, suffix, setting, wrong)

    def repair(world: World) -> None:
        for suffix, value in world.state()[place].items():
            project.change_setting(world, suffix, setting, value)

    return Damage(name, description, "before", break_, repair)


def manifest(name: str, description: str, *edits: Edit) -> Damage:
    """An edit of the manifests: the next deploy carries it."""
    return edited(NAME, name, "after", description, *edits)


def built(name: str, description: str, edit: Edit, stage: Stage = "after") -> Damage:
    """An edit of the application, and the next version's image is built with it."""
    plain = edited(NAME, name, stage, description, edit)

    def break_(world: World) -> None:
        plain.break_(world)
        images.build(world, VERSION)

    def repair(world: World) -> None:
        plain.repair(world)
        images.build(world, VERSION)

    return Damage(name, description, stage, break_, repair)


def behaving(name: str, description: str, *rules: dict[str, Any]) -> Damage:
    """Containers that do not do what they should; see the cluster's behaviours."""

    def set_rules(world: World, rules: list[dict[str, Any]]) -> None:
        launch.ask(world.state()["ports"]["kubernetes"], "behaviours", "PUT", rules)

    return Damage(name, description, "after", lambda world: set_rules(world, list(rules)), lambda world: set_rules(world, []))


def refusing(name: str, description: str, stage: Stage, **fault: Any) -> Damage:
    """The cluster's API refuses or breaks off; see the cluster's faults."""

    def others(world: World) -> list[dict[str, Any]]:
        found = launch.ask(world.state()["ports"]["kubernetes"], "faults")
        return [each for each in found if each["name"] != name]

    def put(world: World, faults: list[dict[str, Any]]) -> None:
        launch.ask(world.state()["ports"]["kubernetes"], "faults", "PUT", faults)

    return Damage(
        name,
        description,
        stage,
        lambda world: put(world, [*others(world), {"name": name, **fault}]),
        lambda world: put(world, others(world)),
    )


def in_file(world: World, path: str, old: str, new: str) -> None:
    """Replace a text in a file of the project."""
    replace(world.project(NAME) / path, old, new)
