"""Prometheus, Alertmanager, Grafana, Jaeger, Loki and Elasticsearch as one part of a world; see observability/README.md."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from deployments import processes

from .gateway_pages import answers
from .parts import Started

if TYPE_CHECKING:
    from .world import World

ROOT = Path(__file__).parents[2]
SERVER = "deployments.sandbox.observability.server"
_READY_SECONDS = 30


@dataclass(frozen=True)
class Observability:
    """The stand-in, at the port ``observability``, with an empty state."""

    name: str = "observability"

    def start(self, world: World) -> Started:
        """Serve on loopback."""
        directory = (world.directory / self.name).resolve()
        directory.mkdir(parents=True, exist_ok=True)
        (port,) = processes.free_ports(1)
        command = [str(world.sandbox_python.absolute()), "-m", SERVER, "--port", str(port)]
        environ = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        pid = processes.start(command, environ, directory, directory / "observability.log")
        processes.wait_until(lambda: answers(_page(port)), pid, _READY_SECONDS)
        return Started({self.name: (pid, SERVER)}, ports={self.name: port})

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """An empty state."""
        httpx.delete(_page(world.state()["ports"][self.name]), timeout=10).raise_for_status()


OBSERVABILITY = Observability()


def tell(world: World, changes: Mapping[str, Any]) -> None:
    """Merge into the state; None removes."""
    httpx.put(_page(world.state()["ports"]["observability"]), json=dict(changes), timeout=10).raise_for_status()


def told(world: World) -> dict[str, Any]:
    """The state as it is, so that a damage can keep what it replaces."""
    found: dict[str, Any] = httpx.get(_page(world.state()["ports"]["observability"]), timeout=10).raise_for_status().json()
    return found


def address(world: World, system: str) -> str:
    """The base address of one of the systems, such as ``grafana``."""
    return f"http://127.0.0.1:{world.state()['ports']['observability']}/{system}"


def _page(port: int) -> str:
    return f"http://127.0.0.1:{port}/__stand-in/state"
