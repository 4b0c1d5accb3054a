"""What the stand-in remembers: images, projects with their containers, and what a container does when it is started.

State is one JSON file: ``{"images": {"shop/api:1.0.0": "sha256:…"}, "projects": {"shop": {"api": {"image", "state", "health",
"started"}}}, "behaviours": {"api": "unhealthy", "shop/api:1.1.0": "exits", "shop/api:1.2.0": "no image"}}``.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

Behaviour = Literal["unhealthy", "exits", "no image"]
State = dict[str, Any]


class Refused(Exception):
    """What docker would print before it ends with 1."""


@dataclass(frozen=True)
class Engine:
    """The state in ``path``; every change is whole, also between two programs at once."""

    path: Path

    def seen(self) -> State:
        """The state as it is; empty at first."""
        try:
            found: State = json.loads(self.path.read_text())
        except FileNotFoundError:
            found = {}
        return {"images": {}, "projects": {}, "behaviours": {}} | found

    @contextmanager
    def changing(self) -> Iterator[State]:
        """The state to change; what is changed in it is kept also when docker then ends with 1."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            state = self.seen()
            try:
                yield state
            finally:
                fresh = self.path.with_suffix(".new")
                fresh.write_text(json.dumps(state, indent=2) + "\n")
                fresh.replace(self.path)

    def behave(self, what: str, behaviour: Behaviour | None) -> None:
        """From now on a service, or whatever runs an image, does so when it is started; None: it is healthy again.

        A container of the service that runs already does so at once.
        """
        with self.changing() as state:
            state["behaviours"].pop(what, None)
            if behaviour:
                state["behaviours"][what] = behaviour
            for project in state["projects"].values():
                for service, container in project.items():
                    if what in (service, container["image"]):
                        project[service] = started(state, service, container["image"], known=container["health"] != "")


def build(state: State, image: str) -> str:
    """Have the image, as ``docker build`` would; its digest."""
    digest = "sha256:" + hashlib.sha256(image.encode()).hexdigest()
    state["images"][image] = digest
    return digest


def fetch(state: State, image: str) -> None:
    """Have the image from here or from its registry. Raises ``Refused`` for one that no registry has."""
    if state["behaviours"].get(image) == "no image":
        raise Refused(f"Error response from daemon: manifest for {image} not found: manifest unknown: manifest unknown")
    if image not in state["images"]:
        build(state, image)


def started(state: State, service: str, image: str, *, known: bool) -> Mapping[str, Any]:
    """A container as it stands after its start; ``known`` says whether anybody looks after its health."""
    does = state["behaviours"].get(service) or state["behaviours"].get(image)
    running = does != "exits"
    health = ("unhealthy" if does == "unhealthy" else "healthy") if running and known else ""
    return {
        "image": image,
        "state": "running" if running else "exited",
        "health": health,
        "exit_code": 0 if running else 1,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
    }
