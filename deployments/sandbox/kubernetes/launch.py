"""Starting the stand-in cluster beside the rest of a world, and the kubeconfig that leads there."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from deployments import processes

ROOT = Path(__file__).parents[3]
SERVER = "deployments.sandbox.kubernetes.server"
CONTEXT = "sandbox"
_READY_SECONDS = 20


class ClusterError(Exception):
    """The stand-in cluster did not start; the message says where to look."""


@dataclass(frozen=True)
class Started:
    """A running stand-in: its process, its port, and the kubeconfig for its clients."""

    pid: int
    port: int
    kubeconfig: str

    def as_json(self) -> dict[str, Any]:
        """The three as world.json may keep them."""
        return asdict(self)


def start(directory: Path, python: Path, context: str = CONTEXT) -> Started:
    """Start a cluster that lives in ``directory`` and wait until it answers.

    What it held when it was last stopped is there again. ClusterError when it does not answer in time.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (port,) = processes.free_ports(1)
    environ = {"PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        str(python.absolute()),
        "-m",
        SERVER,
        "--port",
        str(port),
        "--snapshot",
        str((directory / "cluster.json").resolve()),
    ]
    pid = processes.start(command, environ, directory, directory / "cluster.log")
    _wait(pid, port, directory)
    return Started(pid, port, str(write_kubeconfig(directory / "kubeconfig", port, context)))


def stop(pid: int) -> None:
    """End the process gently, so that it writes its snapshot."""
    processes.stop(pid, SERVER)


def write_kubeconfig(path: Path, port: int, context: str = CONTEXT, namespace: str = "default") -> Path:
    """Write a kubeconfig with one context that leads to the stand-in on ``port``; return its full path."""
    cluster = {"name": context, "cluster": {"server": f"http://127.0.0.1:{port}"}}
    user = {"name": "release", "user": {"token": "sandbox-release"}}
    lines = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": context,
        "clusters": [cluster],
        "users": [user],
        "contexts": [{"name": context, "context": {"cluster": context, "user": "release", "namespace": namespace}}],
    }
    # JSON is YAML too.
    path.write_text(json.dumps(lines, indent=2) + "\n")
    path.chmod(0o600)
    return path.resolve()


def ask(port: int, page: str, method: str = "GET", content: Any = None) -> Any:
    """Read or set one of the stand-in's own pages, such as ``faults``."""
    answer = _client().request(method, f"http://127.0.0.1:{port}/__stand-in/{page}", json=content)
    return answer.raise_for_status().json()


@cache
def _client() -> httpx.Client:
    """One for all calls: making one takes longer than a call."""
    return httpx.Client(timeout=10)


def _wait(pid: int, port: int, directory: Path) -> None:
    until = time.monotonic() + _READY_SECONDS
    while True:
        try:
            ask(port, "health")
        except httpx.TransportError:
            if time.monotonic() > until or not processes.alive(pid):
                raise ClusterError(f"The stand-in cluster did not start; see {directory / 'cluster.log'}.") from None
            time.sleep(0.05)
        else:
            return
