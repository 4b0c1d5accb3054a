"""What a world may hold beside emulated AWS: each part is started before the world is filled, and is as new after a reset."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import httpx

from deployments import processes

from . import account, checkout
from .gateway_pages import answers
from .kubernetes import launch
from .terraform import install

if TYPE_CHECKING:
    from .world import World

ROOT = Path(__file__).parents[2]
KUBECTL = "deployments.sandbox.kubernetes.kubectl"
_READY_SECONDS = 30


@dataclass(frozen=True)
class Started:
    """What starting a part came to.

    ``pids`` are its processes by name, each with a word that its command line holds; ``environ`` leads a release to the part;
    ``ports`` are where it listens; ``routes`` are the AWS services that it serves in the emulator's place, by their URL.
    """

    pids: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)

    def serving(self, name: str, services: Iterable[str]) -> Started:
        """The same, with the way of these AWS services to the port of that name."""
        return replace(self, routes=dict.fromkeys(services, f"http://127.0.0.1:{self.ports[name]}"))


def serve(world: World, name: str, module: str, *options: str, page: str = "/health", **environ: str) -> Started:
    """Start a module as a server on a free loopback port, with its files in a folder of that name, and wait for its page."""
    directory = (world.directory / name).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    (port,) = processes.free_ports(1)
    command = [str(world.sandbox_python.absolute()), "-m", module, "--port", str(port), *options]
    known = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    pid = processes.start(command, known | environ, directory, directory / f"{name}.log")
    processes.wait_until(lambda: answers(f"http://127.0.0.1:{port}{page}"), pid, _READY_SECONDS)
    return Started({name: (pid, module)}, ports={name: port})


class Part(Protocol):
    """One part of a world."""

    @property
    def name(self) -> str:
        """Of the part, of its folder and of its process."""

    def start(self, world: World) -> Started:
        """Start it, with its files in ``world.directory / name``, and wait until it answers."""

    def lay_out(self, world: World) -> None:
        """Write what belongs into ``world.tools``; the folder was just written afresh."""

    def reset(self, world: World) -> None:
        """Bring it back to how it started; ``world.state()["ports"]`` tells where it listens."""


@dataclass(frozen=True)
class Cluster:
    """The stand-in Kubernetes API; releases find it by KUBECONFIG."""

    name: str = "kubernetes"

    def start(self, world: World) -> Started:
        """A fresh cluster: what an earlier world left is forgotten."""
        directory = world.directory / self.name
        (directory / "cluster.json").unlink(missing_ok=True)
        found = launch.start(directory, world.sandbox_python)
        return Started({self.name: (found.pid, launch.SERVER)}, {"KUBECONFIG": found.kubeconfig}, ports={self.name: found.port})

    def lay_out(self, world: World) -> None:
        """A small kubectl, on a machine without one."""
        if shutil.which("kubectl") is None:
            found = ("env", f"PYTHONPATH={ROOT}", world.sandbox_python.absolute(), "-P", "-m", KUBECTL)
            checkout.write_launcher(world.tools / "kubectl", *found)

    def reset(self, world: World) -> None:
        """A fresh cluster: nodes and the system's own workloads, no faults, no behaviours; the controllers go on."""
        launch.ask(world.state()["ports"][self.name], "fresh", "PUT")


@dataclass(frozen=True)
class Terraform:
    """The terraform command and the sandbox's own provider; no process of its own."""

    name: str = "terraform"

    def start(self, world: World) -> Started:
        """Lay out the provider and, on a machine without one, the command."""
        return Started(environ=install.install(world.directory / self.name, world.tools, world.sandbox_python))

    def lay_out(self, world: World) -> None:
        """The command."""
        install.install(world.directory / self.name, world.tools, world.sandbox_python)

    def reset(self, world: World) -> None:
        """State is kept in the account and in the checkout."""


@dataclass(frozen=True)
class Moto:
    """A second emulator, for AWS services that the first lacks; the gateway sends those services' calls there."""

    services: tuple[str, ...]
    name: str = "moto"

    def joined(self, other: Moto) -> Moto:
        """One for the services of both."""
        return Moto(tuple(sorted({*self.services, *other.services})))

    def start(self, world: World) -> Started:
        """Serve on loopback."""
        environ = {"HOME": str((world.directory / self.name).resolve()), "MOTO_ACCOUNT_ID": account.ACCOUNT}
        started = serve(world, self.name, "moto.server", "--host", "127.0.0.1", page="/moto-api/data.json", **environ)
        return started.serving(self.name, self.services)

    def lay_out(self, world: World) -> None:
        """No tools."""

    def reset(self, world: World) -> None:
        """An empty account."""
        page = f"http://127.0.0.1:{world.state()['ports'][self.name]}/moto-api/reset"
        httpx.post(page, timeout=30).raise_for_status()


@runtime_checkable
class Joined(Protocol):
    """A part that several systems ask for in different ways: one serves what all of them want."""

    def joined(self, other: Any) -> Part:
        """One part for what this and the other were for."""


def behind(world: World, service: str) -> Any:
    """Open a boto3 client on a service that a part serves in the emulator's place, past the gateway and its faults."""
    return account.client(service, world.own_environ() | {"AWS_ENDPOINT_URL": world.state()["routes"][service]})


KUBERNETES = Cluster()
TERRAFORM = Terraform()


def distinct(parts: tuple[Part, ...]) -> list[Part]:
    """Each part once, by name; of those that can be joined one that serves what all of them do."""
    found: dict[str, Part] = {}
    for each in parts:
        known = found.get(each.name)
        found[each.name] = known.joined(each) if isinstance(known, Joined) else each
    return list(found.values())


def as_state(started: Started) -> dict[str, Any]:
    """What world.json keeps of a started part."""
    return {
        "pids": {name: pid for name, (pid, _) in started.pids.items()},
        "words": {name: word for name, (_, word) in started.pids.items()},
        "ports": dict(started.ports),
        "environ": dict(started.environ),
        "routes": dict(started.routes),
    }
