"""A world with kalendlytic 1.0.0 in production and development, started once; what a test damages it repairs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox import systems
from deployments.sandbox.world import World


@pytest.fixture(scope="package")
def world(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    built = World(tmp_path_factory.mktemp("kalendlytic"), sandbox_python)
    try:
        built.up(["kalendlytic"])
        for suffix in ("prod", "dev"):
            systems.named("kalendlytic").seed(built, suffix, "1.0.0")
        yield built
    finally:
        built.down()


@pytest.fixture(autouse=True)
def _in_the_world(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in world.environ().items():
        monkeypatch.setenv(name, value)
