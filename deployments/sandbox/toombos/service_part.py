"""The fleet and the partners as a part of a world."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployments import processes
from deployments.sandbox.edge_part import ROOT
from deployments.sandbox.gateway_pages import answers
from deployments.sandbox.parts import Started

from .naming import images
from .partners import STATE

if TYPE_CHECKING:
    from deployments.sandbox.world import World

SERVER = "deployments.sandbox.toombos.server"
_READY_SECONDS = 30


@dataclass(frozen=True)
class Service:
    """One process; the edge leads there by host."""

    name: str = "toombos"

    def start(self, world: World) -> Started:
        """Serve on loopback whatever gets deployed."""
        directory = world.directory / self.name
        directory.mkdir(parents=True, exist_ok=True)
        images(world.directory).mkdir(exist_ok=True)
        (port,) = processes.free_ports(1)
        python = str(world.sandbox_python.absolute())
        command = [python, "-m", SERVER, "--port", str(port), "--world", str(world.directory.resolve())]
        environ = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        pid = processes.start(command, environ, directory, directory / "service.log")
        processes.wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), pid, _READY_SECONDS)
        return Started({self.name: (pid, SERVER)}, ports={self.name: port})

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """Partners that are well, and nothing measured yet; the fleet follows the cluster by itself."""
        (world.directory / STATE).unlink(missing_ok=True)
        answers(f"http://127.0.0.1:{world.state()['ports'][self.name]}/forget")
