"""The team's part of the cluster, changed as somebody with kubectl would."""

from __future__ import annotations

from typing import Any

import httpx

from deployments.sandbox.world import World

from .naming import DEPLOYMENT


def make_namespace(world: World, name: str) -> None:
    """Make a namespace."""
    thing = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    ask(world, "POST", "api/v1/namespaces", thing)


def ask(world: World, method: str, path: str, content: Any = None, content_type: str = "application/json") -> Any:
    """One request to the cluster's API. httpx.HTTPStatusError when it is refused."""
    url = f"http://127.0.0.1:{world.state()['ports']['kubernetes']}/{path}"
    return httpx.request(method, url, json=content, headers={"Content-Type": content_type}).raise_for_status().json()


def described(world: World, namespace: str) -> dict[str, Any]:
    """What is wanted in a namespace: configuration, images, autoscaling, routes. Without what the cluster writes itself."""
    paths = {
        "configuration": f"api/v1/namespaces/{namespace}/configmaps",
        "deployments": f"apis/apps/v1/namespaces/{namespace}/deployments",
        "autoscalers": f"apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers",
        "ingresses": f"apis/networking.k8s.io/v1/namespaces/{namespace}/ingresses",
    }
    return {
        name: {each["metadata"]["name"]: _wanted(each) for each in ask(world, "GET", path)["items"]}
        for name, path in paths.items()
    }


def _wanted(thing: dict[str, Any]) -> Any:
    return thing.get("data", thing.get("spec"))


def take_away(world: World, namespace: str) -> None:
    """Leave nothing of the service in the cluster, so that whatever runs elsewhere answers."""
    ask(world, "DELETE", f"apis/autoscaling/v2/namespaces/{namespace}/horizontalpodautoscalers/{DEPLOYMENT}")
    ask(world, "DELETE", f"apis/apps/v1/namespaces/{namespace}/deployments/{DEPLOYMENT}")


def reconfigure(world: World, namespace: str, **values: str) -> None:
    """Change the service's ConfigMap by hand, as somebody does in the night."""
    path = f"api/v1/namespaces/{namespace}/configmaps/toombos-config"
    ask(world, "PATCH", path, {"data": values}, "application/merge-patch+json")
