"""The deployed platform as a part of a world: a process that answers as what the cluster holds would."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from deployments.sandbox.checkout import SYSTEMS
from deployments.sandbox.parts import ROOT, Started, serve

from .naming import NAME

if TYPE_CHECKING:
    from deployments.sandbox.world import World

SERVER = "deployments.sandbox.gennet.platform"


@dataclass(frozen=True)
class Service:
    """One process for every environment; the edge leads there by host."""

    name: str = NAME

    def start(self, world: World) -> Started:
        """Serve on loopback."""
        source = f"{ROOT}{os.pathsep}{SYSTEMS / NAME / 'src'}"
        return serve(world, self.name, SERVER, "--world", str(world.directory.resolve()), PYTHONPATH=source)

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """It follows the cluster by itself; nothing is measured yet, and the tracker has no open issue."""
        httpx.get(f"http://127.0.0.1:{world.state()['ports'][self.name]}/forget", timeout=30).raise_for_status()
        (world.directory / self.name / "issues.json").unlink(missing_ok=True)
