"""Docker as a part of the world: its command among the tools, and a file in the place of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployments.sandbox.checkout import write_launcher
from deployments.sandbox.parts import Started

from .engine import Engine

if TYPE_CHECKING:
    from pathlib import Path

    from deployments.sandbox.world import World


@dataclass(frozen=True)
class Docker:
    """The docker command with its compose; no process of its own."""

    name: str = "docker"

    def start(self, world: World) -> Started:
        """An engine that knows no image and runs nothing."""
        self.reset(world)
        self.lay_out(world)
        return Started()

    def lay_out(self, world: World) -> None:
        """The command, which finds its state wherever it is called."""
        from deployments.sandbox.world import ROOT

        program = ROOT / "deployments" / "sandbox" / "compose" / "docker.py"
        world.tools.mkdir(parents=True, exist_ok=True)
        write_launcher(world.tools / "docker", world.sandbox_python, program, "--state", state_file(world).resolve())

    def reset(self, world: World) -> None:
        """Forget images, containers and behaviours."""
        state_file(world).unlink(missing_ok=True)


def state_file(world: World) -> Path:
    """Where the engine of this world remembers."""
    return world.directory / "docker" / "docker.json"


def engine(world: World) -> Engine:
    """The engine of this world, to look at what runs or to damage it."""
    return Engine(state_file(world))


DOCKER = Docker()
