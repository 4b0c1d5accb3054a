"""GenNet's cluster, changed as somebody with kubectl would, and told how its containers behave."""

from __future__ import annotations

from typing import Any

import httpx

from deployments.sandbox.kubernetes import launch
from deployments.sandbox.world import World

_NODE = "api/v1/nodes/node-b"


def ask(world: World, method: str, path: str, content: Any = None) -> Any:
    """One request to the cluster's API. httpx.HTTPStatusError when it is refused."""
    url = f"http://127.0.0.1:{world.state()['ports']['kubernetes']}/{path}"
    return httpx.request(method, url, json=content).raise_for_status().json()


def behave(world: World, *rules: dict[str, Any]) -> None:
    """Tell what containers do; without rules they all run."""
    launch.ask(world.state()["ports"]["kubernetes"], "behaviours", "PUT", list(rules))


def fail(world: World, *faults: dict[str, Any]) -> None:
    """Tell what the API refuses; without faults nothing."""
    launch.ask(world.state()["ports"]["kubernetes"], "faults", "PUT", list(faults))


def set_node(world: World, *, ready: bool) -> None:
    """Let a node be ready, or not be heard of."""
    node = ask(world, "GET", _NODE)
    for each in node["status"]["conditions"]:
        if each["type"] == "Ready":
            each["status"] = "True" if ready else "Unknown"
    ask(world, "PUT", f"{_NODE}/status", node)


def remove_service(world: World, namespace: str, name: str) -> None:
    """Take away the name that leads to a service's pods."""
    ask(world, "DELETE", f"api/v1/namespaces/{namespace}/services/{name}")


def add_service(world: World, namespace: str, name: str) -> None:
    """Make that name again, as the project's manifest has it."""
    spec = {"selector": {"app": name}, "ports": [{"port": 8000}]}
    thing = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}
    ask(world, "POST", f"api/v1/namespaces/{namespace}/services", thing)
