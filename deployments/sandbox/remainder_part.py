"""AWS services that neither emulator has, as a part of a world."""

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
SERVER = "deployments.sandbox.remainder"
NAME = "remainder"
SERVICES = (
    "xray",
    "accessanalyzer",
    "compute-optimizer",
    "ce",
    "inspector2",
    "servicequotas",
    "ecr.DescribeImageScanFindings",
    "application-autoscaling.DescribeScalingActivities",
    "logs.DescribeQueryDefinitions",
)
"""Whole services, and single operations of those that another emulator has."""
_READY_SECONDS = 30


@dataclass(frozen=True)
class Remainder:
    """A process that answers for ``SERVICES`` what the world has laid out with ``lay``."""

    name: str = NAME

    def start(self, world: World) -> Started:
        """Serve on loopback, with no answer yet."""
        directory = world.directory / self.name
        directory.mkdir(parents=True, exist_ok=True)
        (port,) = processes.free_ports(1)
        command = [str(world.sandbox_python.absolute()), "-m", SERVER, "--port", str(port)]
        environ = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        pid = processes.start(command, environ, directory, directory / "remainder.log")
        processes.wait_until(lambda: answers(_page(port)), pid, _READY_SECONDS)
        routes = dict.fromkeys(SERVICES, f"http://127.0.0.1:{port}")
        return Started({self.name: (pid, SERVER)}, ports={self.name: port}, routes=routes)

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """No answer."""
        httpx.delete(_page(world.state()["ports"][self.name]), timeout=30).raise_for_status()


def lay(world: World, found: Mapping[str, Any]) -> None:
    """Lay out answers by ``service.Operation``, beside those there are."""
    httpx.put(_page(world.state()["ports"][NAME]), json=dict(found), timeout=30).raise_for_status()


def laid(world: World) -> dict[str, Any]:
    """The answers there are."""
    found: dict[str, Any] = httpx.get(_page(world.state()["ports"][NAME]), timeout=30).raise_for_status().json()
    return found


def _page(port: int) -> str:
    return f"http://127.0.0.1:{port}/__remainder/answers"


REMAINDER = Remainder()
