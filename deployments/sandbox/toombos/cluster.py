"""The team's part of the cluster, changed as somebody with kubectl would."""

from __future__ import annotations

from typing import Any

import httpx

from deployments.sandbox.world import World


def make_namespace(world: World, name: str) -> None:
    """Make a namespace."""
    thing = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    ask(world, "POST", "api/v1/namespaces", thing)


def ask(world: World, method: str, path: str, content: Any = None, content_type: str = "application/json") -> Any:
    """One request to the cluster's API. httpx.HTTPStatusError when it is refused."""
    url = f"http://127.0.0.1:{world.state()['ports']['kubernetes']}/{path}"
    return httpx.request(method, url, json=content, headers={"Content-Type": content_type}).raise_for_status().json()
