"""A world with the workflow in it: staging at the new version, production at the one before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox.step_functions.system import SYSTEM
from deployments.sandbox.world import World
from tests.sandbox.step_functions.walking import Walk


@pytest.fixture(scope="package")
def workflow_world(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("workflow"), sandbox_python)
    world.up([SYSTEM.name], SYSTEM.previous)
    yield world
    world.down()


@pytest.fixture
def walk(workflow_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Walk:
    for name, value in workflow_world.environ().items():
        monkeypatch.setenv(name, value)
    return Walk(workflow_world, tmp_path)
