"""The fleet and the partners as a part of a world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployments.sandbox.gateway_pages import answers
from deployments.sandbox.parts import Started, serve

from .naming import images
from .partners import STATE

if TYPE_CHECKING:
    from deployments.sandbox.world import World

SERVER = "deployments.sandbox.toombos.server"


@dataclass(frozen=True)
class Service:
    """One process; the edge leads there by host."""

    name: str = "toombos"

    def start(self, world: World) -> Started:
        """Serve on loopback whatever gets deployed."""
        images(world.directory).mkdir(exist_ok=True)
        return serve(world, self.name, SERVER, "--world", str(world.directory.resolve()))

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """Partners that are well, and nothing measured yet; the fleet follows the cluster by itself."""
        (world.directory / STATE).unlink(missing_ok=True)
        answers(f"http://127.0.0.1:{world.state()['ports'][self.name]}/forget")
