"""The sandbox's docker, first on the PATH of a test."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from unittest.mock import patch

from deployments.sandbox.checkout import write_launcher
from deployments.sandbox.compose.engine import Behaviour, Engine
from deployments.sandbox.world import ROOT
from tests.tasks.world import Place, write

PROGRAM = ROOT / "deployments" / "sandbox" / "compose" / "docker.py"
FILE = """
name: shop
services:
  api:
    image: shop/api:${VERSION:?the version to run}
    healthcheck: {test: [CMD, curl, localhost]}
  worker:
    image: shop/api:${VERSION:?the version to run}
  redis:
    image: redis:7
"""


@contextmanager
def engine_on_path(folder: Path) -> Iterator[Engine]:
    """An engine whose docker command lies first on the PATH; compose.yaml is in ``folder``."""
    write(folder, {"compose.yaml": FILE, ".env.prod": "VERSION=1\n"})
    with tempfile.TemporaryDirectory() as place:
        found = Engine(Path(place, "docker.json"))
        write_launcher(Path(place, "docker"), sys.executable, PROGRAM, "--state", found.path)
        with patch.dict("os.environ", {"PATH": f"{place}{os.pathsep}{os.environ['PATH']}"}):
            yield found


def running(
    *images: str, behaviours: Mapping[str, Behaviour] | None = None, unwatched: bool = False
) -> Callable[[], AbstractContextManager[Place]]:
    """A case's engine in which services run from images: ``api shop/api:1``, and then behave as told."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with tempfile.TemporaryDirectory() as folder, engine_on_path(Path(folder)) as engine:
            with engine.changing() as state:
                state["projects"]["shop"] = {
                    name: {
                        "image": image,
                        "state": "running",
                        "health": "" if unwatched else "healthy",
                        "exit_code": 0,
                        "started": "",
                    }
                    for name, _, image in (each.partition(" ") for each in images)
                }
                state["images"] = {each.partition(" ")[2]: "sha256:abc" for each in images}
            for what, behaviour in (behaviours or {}).items():
                engine.behave(what, behaviour)
            yield Place(settings={"workspaces": Path(folder)})

    return listen
