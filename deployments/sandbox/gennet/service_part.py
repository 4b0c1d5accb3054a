"""The deployed platform as a part of a world: a process that answers as what the cluster holds would."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from deployments import processes
from deployments.sandbox.checkout import SYSTEMS
from deployments.sandbox.gateway_pages import answers
from deployments.sandbox.parts import ROOT, Started

from .naming import NAME

if TYPE_CHECKING:
    from deployments.sandbox.world import World

SERVER = "deployments.sandbox.gennet.platform"
_READY_SECONDS = 30


@dataclass(frozen=True)
class Service:
    """One process for every environment; the edge leads there by host."""

    name: str = NAME

    def start(self, world: World) -> Started:
        """Serve on loopback."""
        directory = world.directory / self.name
        directory.mkdir(parents=True, exist_ok=True)
        (port,) = processes.free_ports(1)
        python = str(world.sandbox_python.absolute())
        command = [python, "-m", SERVER, "--port", str(port), "--world", str(world.directory.resolve())]
        source = f"{ROOT}{os.pathsep}{SYSTEMS / NAME / 'src'}"
        environ = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": source, "PYTHONDONTWRITEBYTECODE": "1"}
        pid = processes.start(command, environ, directory, directory / "platform.log")
        processes.wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), pid, _READY_SECONDS)
        return Started({self.name: (pid, SERVER)}, ports={self.name: port})

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """It follows the cluster by itself; nothing is measured yet, and the tracker has no open issue."""
        httpx.get(f"http://127.0.0.1:{world.state()['ports'][self.name]}/forget", timeout=30).raise_for_status()
        (world.directory / self.name / "issues.json").unlink(missing_ok=True)
