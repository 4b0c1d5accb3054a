"""What runs of the content generator in each environment, and a process of its own for it: the code of the deployed version.

A load balancer's part is played here too: whatever is ready answers, in the version that most of it has.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from deployments import processes

from . import composed
from .naming import DEPLOYMENT, NAMESPACES, images
from .surroundings import objects, secret, state

_LOOK_EVERY_SECONDS = 0.2
_READY_TRIES = 100


@dataclass(frozen=True)
class Running:
    """A version of the service with the variables that its containers get."""

    version: str
    variables: Mapping[str, str]

    @property
    def key(self) -> str:
        """Equal for what needs no new process."""
        return json.dumps([self.version, dict(self.variables)], sort_keys=True)


@dataclass
class Fleet:
    """The processes of all environments, by suffix."""

    world: Path
    client: ClientSession
    ports: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    started: dict[str, Process] = field(default_factory=dict)
    variables: dict[str, Mapping[str, str]] = field(default_factory=dict)

    async def look(self) -> None:
        """Follow the deployments for as long as this runs."""
        while True:
            for suffix in NAMESPACES:
                await self.follow(suffix)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def follow(self, suffix: str) -> None:
        """Have the process of an environment be the one of what runs there now."""
        running = await self.running(suffix)
        key = running.key if running else ""
        if key == self.keys.get(suffix, ""):
            return
        before = self.started.pop(suffix, None)
        if running is None:
            self.ports.pop(suffix, None)
        else:
            self.ports[suffix] = await self.start(suffix, running)
            self.variables[suffix] = running.variables
        self.keys[suffix] = key
        if before is not None and before.returncode is None:
            before.terminate()

    async def running(self, suffix: str) -> Running | None:
        """What is ready in the cluster or, where the cluster has none of it, under Docker Compose; None when nothing is."""
        namespace = NAMESPACES[suffix]
        pods = await objects(self.client, self.world, "api/v1/pods", namespace)
        ready = [pod for pod in pods if pod["metadata"].get("labels", {}).get("app") == DEPLOYMENT and _is_ready(pod)]
        if not ready:
            version = composed.running(self.world, suffix)
            return Running(version, self._of_file(suffix) | _VARIABLES_OF_COMPOSE) if version else None
        ((version, _),) = Counter(_version(pod) for pod in ready).most_common(1)
        return Running(version, await self._of_cluster(namespace))

    async def _of_cluster(self, namespace: str) -> dict[str, str]:
        maps = await objects(self.client, self.world, "api/v1/configmaps", namespace)
        found = {
            key: value for each in maps if each["metadata"]["name"] == "toombos-config" for key, value in each["data"].items()
        }
        for each in await objects(self.client, self.world, "apis/external-secrets.io/v1/externalsecrets", namespace):
            for entry in each["spec"]["data"]:
                found[entry["secretKey"]] = secret(self.world, entry["remoteRef"]["key"])
        return found

    def _of_file(self, suffix: str) -> dict[str, str]:
        lines = (self.world / "systems" / "toombos" / f".env.{suffix}").read_text().splitlines()
        keys = {f"{name}_API_KEY": secret(self.world, f"toombos/{suffix}/{name.lower()}-api-key") for name in _PARTNERS}
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")) | keys

    async def start(self, suffix: str, running: Running) -> int:
        """Start the version's own code on a free port, and wait until it answers; the port."""
        (port,) = processes.free_ports(1)
        way = {name: value for name, value in state(self.world)["environ"].items() if name in _WAY_OUT}
        environ = {"PATH": os.environ["PATH"], **way, **running.variables, "VERSION": running.version}
        self.started[suffix] = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app",
            cwd=images(self.world) / running.version,
            env=environ | {"HOST": "127.0.0.1", "PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=DEVNULL,
        )
        for _ in range(_READY_TRIES):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if process.returncode is not None:
                    break  # it cannot run like this; who asks gets no answer
                await asyncio.sleep(0.05)
            else:
                writer.close()
                break
        return port


_PARTNERS = ("CRM", "PLATFORM", "OPENAI", "NOTION")
_VARIABLES_OF_COMPOSE = {"CACHE_TTL_SECONDS": "300", "WORKERS": "4", "SCHEDULE_MINUTES": "15"}
_WAY_OUT = ("HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE")


def _is_ready(pod: Mapping[str, Any]) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _version(pod: Mapping[str, Any]) -> str:
    return str(pod["spec"]["containers"][0]["image"]).rpartition(":")[2]
