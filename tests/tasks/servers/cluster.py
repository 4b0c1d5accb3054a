"""The stand-in Kubernetes API, started once for the run, holding exactly the objects of a case."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aiohttp import web

from deployments.sandbox.kubernetes import launch, server
from tests.tasks.servers import free_port
from tests.tasks.world import Place

Object = dict[str, Any]
Made = Object | Callable[[], Object]


@dataclass(frozen=True)
class StandIn:
    """A running stand-in."""

    port: int
    kubeconfig: str

    def hold(self, objects: Sequence[Object], faults: Sequence[Object] = (), *, still: bool = True) -> None:
        """Hold these objects and no others; with ``still`` they stay exactly so."""
        launch.ask(self.port, "faults", "PUT", list(faults))
        launch.ask(self.port, "objects", "PUT", {"objects": list(objects), "still": still})

    def ask(self, page: str, method: str = "GET", content: Any = None) -> Any:
        """Use one of the stand-in's own pages."""
        return launch.ask(self.port, page, method, content)


@cache
def stand_in() -> StandIn:
    """The one of this run; it ends with the process."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="cluster-"))
    listening = threading.Event()
    threading.Thread(target=lambda: asyncio.run(_serve(port, listening)), daemon=True).start()
    listening.wait(10)
    return StandIn(port, str(launch.write_kubeconfig(folder / "kubeconfig", port)))


def cluster(*objects: Made, faults: Sequence[Object] = ()) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server: a cluster that holds these objects; the settings lead to it.

    An object that tells of a time is given as a function, which makes it when the case is run and not when it is read.
    """

    @contextmanager
    def listen() -> Iterator[Place]:
        found = stand_in()
        found.hold([each() if callable(each) else each for each in objects], faults)
        yield Place(settings={"kubeconfig": found.kubeconfig})

    return listen


def refusing(*resources: str, status: int = 403) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server that refuses whatever is asked of these resources."""
    return cluster(faults=[{"name": each, "resource": each, "status": status} for each in resources])


async def _serve(port: int, listening: threading.Event) -> None:
    served = server.make(empty=True)
    served.tick = 0.02
    runner = web.AppRunner(server.application(served))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    listening.set()
    await asyncio.Event().wait()
