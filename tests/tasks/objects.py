"""Objects of a Kubernetes cluster, healthy until a test breaks one thing."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

CONTAINER: Object = {
    "name": "app",
    "image": "registry.example.com/web:1.2.0",
    "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "1", "memory": "128Mi"}},
    "readinessProbe": {"httpGet": {"path": "/ready", "port": 80}},
    "livenessProbe": {"httpGet": {"path": "/live", "port": 80}},
    "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
}


def thing(api: str, kind: str, name: str, namespace: str = "shop", **content: Any) -> Object:
    """An object in the namespace; an empty one is for what has none."""
    metadata = {"name": name, "generation": 1, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api, "kind": kind, "metadata": metadata | content.pop("metadata", {}), **content}


def conditions(**held: str) -> list[Object]:
    """Conditions by type, with their reasons: ``Ready="True"``, ``Ready="False: SyncError"``."""
    told = {type_: text.partition(": ") for type_, text in held.items()}
    return [{"type": type_, "status": parts[0], "reason": parts[2] or "AsWanted"} for type_, parts in told.items()]


def template(**container: Any) -> Object:
    """A pod template of one container."""
    spec = {"containers": [CONTAINER | container], "terminationGracePeriodSeconds": 30}
    return {"metadata": {"labels": {"app": "web"}}, "spec": spec}


def deployment(name: str = "web", replicas: int = 3, **broken: Any) -> Object:
    """A deployment whose rollout is complete; ``broken`` are fields of its status, None takes one away."""
    status = {
        "observedGeneration": 1,
        "replicas": replicas,
        "updatedReplicas": replicas,
        "readyReplicas": replicas,
        "availableReplicas": replicas,
        "conditions": conditions(Available="True", Progressing="True: NewReplicaSetAvailable"),
    } | broken.pop("status", {})
    spec = {
        "replicas": replicas,
        "revisionHistoryLimit": 10,
        "selector": {"matchLabels": {"app": "web"}},
        "template": template(),
    } | broken
    return thing(
        "apps/v1", "Deployment", name, spec=spec, status={key: each for key, each in status.items() if each is not None}
    )


def pod(name: str, phase: str = "Running", ready: str = "True", restarts: int = 0, **state: Any) -> Object:
    """A pod of the deployment; ``state`` is its container's."""
    container = {"name": "app", "restartCount": restarts, "ready": ready == "True", "state": state or {"running": {}}}
    status = {"phase": phase, "conditions": conditions(Ready=ready), "containerStatuses": [container]}
    return thing("v1", "Pod", name, metadata={"labels": {"app": "web"}}, spec={"containers": [CONTAINER]}, status=status)


def namespace(name: str = "shop", phase: str = "Active") -> Object:
    """A namespace."""
    return thing("v1", "Namespace", name, "", status={"phase": phase})
