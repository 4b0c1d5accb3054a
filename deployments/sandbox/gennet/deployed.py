"""What the cluster holds of an environment: which services have ready pods, in which version, with which settings."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

from .naming import HOSTS, NAMESPACES, SERVICES


@dataclass(frozen=True)
class Deployed:
    """``running`` maps services with a ready pod to its version; ``services`` are the names that lead to pods."""

    ingress: bool = False
    running: Mapping[str, str] = field(default_factory=dict)
    services: frozenset[str] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict)


async def look(client: ClientSession, world: Path, suffix: str) -> Deployed:
    """Ask the cluster; nothing is deployed where it does not answer."""
    space = NAMESPACES[suffix]
    try:
        pods = await _objects(client, world, f"api/v1/namespaces/{space}/pods")
        names = await _objects(client, world, f"api/v1/namespaces/{space}/services")
        maps = await _objects(client, world, f"api/v1/namespaces/{space}/configmaps")
        secrets = await _objects(client, world, f"api/v1/namespaces/{space}/secrets")
        ingresses = await _objects(client, world, f"apis/networking.k8s.io/v1/namespaces/{space}/ingresses")
    except (ClientError, OSError, ValueError, KeyError):
        return Deployed()
    hosts = {rule.get("host") for each in ingresses for rule in each["spec"].get("rules", [])}
    found = {
        name: value for each in maps if each["metadata"]["name"] == "gennet-config" for name, value in each["data"].items()
    }
    for each in secrets:
        if each["metadata"]["name"] == "gennet-secrets":
            found |= {name: base64.b64decode(value).decode() for name, value in each.get("data", {}).items()}
    known = frozenset(each["metadata"]["name"] for each in names)
    return Deployed(HOSTS[suffix] in hosts, _running(pods), known, found)


def _running(pods: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pod in pods:
        service = pod["metadata"].get("labels", {}).get("app", "")
        conditions = pod.get("status", {}).get("conditions", [])
        if service in SERVICES and any(each["type"] == "Ready" and each["status"] == "True" for each in conditions):
            found[service] = str(pod["spec"]["containers"][0]["image"]).rpartition(":")[2]
    return found


async def _objects(client: ClientSession, world: Path, path: str) -> list[dict[str, Any]]:
    port = json.loads((world / "world.json").read_text())["ports"]["kubernetes"]
    async with client.get(f"http://127.0.0.1:{port}/{path}") as answer:
        found = await answer.json()
    return list(found["items"])
