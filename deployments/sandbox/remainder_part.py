"""AWS services that neither emulator has, as a part of a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from .parts import Started, serve

if TYPE_CHECKING:
    from .world import World

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
_PAGE = "/__remainder/answers"


@dataclass(frozen=True)
class Remainder:
    """A process that answers for ``SERVICES`` what the world has laid out with ``lay``."""

    name: str = NAME

    def start(self, world: World) -> Started:
        """Serve on loopback, with no answer yet."""
        return serve(world, self.name, SERVER, page=_PAGE).serving(self.name, SERVICES)

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
    return f"http://127.0.0.1:{port}{_PAGE}"


REMAINDER = Remainder()
