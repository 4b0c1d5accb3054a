"""A world for the sandbox's tests: started once for the run, fresh for each test that asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox.world import ROOT, World


@pytest.fixture(scope="session")
def sandbox_python() -> Path:
    python = Path(os.environ.get("GATES_SANDBOX_PYTHON", ROOT / ".venv-sandbox" / "bin" / "python"))
    if not python.is_file():
        pytest.skip(f"{python} does not exist: make sandbox")
    return python


@pytest.fixture(scope="session")
def standing_world(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("sandbox"), sandbox_python)
    world.up()
    yield world
    world.down()


@pytest.fixture
def world(standing_world: World) -> World:
    standing_world.reset()
    return standing_world
