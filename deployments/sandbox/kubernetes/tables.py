"""Lists as ``kubectl get`` prints them: the columns are the server's business."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from .kinds import Kind
from .store import Object

_Cell = Callable[[Object], Any]


def table(kind: Kind, things: Sequence[Object], version: str) -> dict[str, Any]:
    """A meta.k8s.io Table of the objects."""
    columns: Mapping[str, _Cell] = {"Name": _name, **_COLUMNS.get(kind.id, {}), "Age": _age}
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version},
        "columnDefinitions": [
            {"name": name, "type": "string", "format": "name" if name == "Name" else "", "description": name, "priority": 0}
            for name in columns
        ],
        "rows": [{"cells": [cell(each) for cell in columns.values()], "object": partial(each)} for each in things],
    }


def partial(thing: Object) -> Object:
    """The object's metadata without the object."""
    return {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": thing["metadata"]}


def _name(thing: Object) -> str:
    return str(thing["metadata"]["name"])


def _age(thing: Object) -> str:
    seconds = int(time.time() - datetime.fromisoformat(thing["metadata"]["creationTimestamp"]).timestamp())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size}{unit}"
    return f"{max(0, seconds)}s"


def _at(*path: str, default: Any = "<none>") -> _Cell:
    def cell(thing: Object) -> Any:
        found: Any = thing
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return default if found is None else found

    return cell


def _pod_status(pod: Object) -> str:
    waiting = [each["state"]["waiting"]["reason"] for each in _containers(pod) if "waiting" in each.get("state", {})]
    phase = str(pod["status"].get("phase", "Unknown"))
    return waiting[0] if waiting else "Completed" if phase == "Succeeded" else "Error" if phase == "Failed" else phase


def _containers(pod: Object) -> list[Object]:
    found: list[Object] = pod["status"].get("containerStatuses", [])
    return found


def _node_status(node: Object) -> str:
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in node.get("status", {}).get("conditions", []))
    return ("Ready" if ready else "NotReady") + (",SchedulingDisabled" if node.get("spec", {}).get("unschedulable") else "")


def _of(ready: str, wanted: _Cell) -> _Cell:
    return lambda thing: f"{thing.get('status', {}).get(ready, 0)}/{wanted(thing)}"


def _hosts(ingress: Object) -> str:
    return ",".join(each.get("host", "*") for each in ingress["spec"].get("rules", [])) or "*"


def _address(thing: Object) -> str:
    found = thing.get("status", {}).get("loadBalancer", {}).get("ingress", [])
    return ",".join(each.get("hostname") or each.get("ip", "") for each in found)


def _ports(service: Object) -> str:
    return ",".join(f"{each['port']}/{each.get('protocol', 'TCP')}" for each in service["spec"].get("ports", [])) or "<none>"


_REPLICAS = _at("spec", "replicas", default=0)
_COLUMNS: Mapping[str, Mapping[str, _Cell]] = {
    "pods": {
        "Ready": lambda pod: f"{sum(each['ready'] for each in _containers(pod))}/{len(pod['spec']['containers'])}",
        "Status": _pod_status,
        "Restarts": lambda pod: str(sum(each["restartCount"] for each in _containers(pod))),
    },
    "nodes": {"Status": _node_status, "Version": _at("status", "nodeInfo", "kubeletVersion")},
    "namespaces": {"Status": _at("status", "phase")},
    "services": {
        "Type": _at("spec", "type"),
        "Cluster-IP": _at("spec", "clusterIP"),
        "External-IP": lambda service: _address(service) or "<none>",
        "Port(s)": _ports,
    },
    "deployments.apps": {
        "Ready": _of("readyReplicas", _REPLICAS),
        "Up-to-date": _at("status", "updatedReplicas", default=0),
        "Available": _at("status", "availableReplicas", default=0),
    },
    "replicasets.apps": {
        "Desired": _REPLICAS,
        "Current": _at("status", "replicas", default=0),
        "Ready": _at("status", "readyReplicas", default=0),
    },
    "statefulsets.apps": {"Ready": _of("readyReplicas", _REPLICAS)},
    "daemonsets.apps": {
        "Desired": _at("status", "desiredNumberScheduled", default=0),
        "Current": _at("status", "currentNumberScheduled", default=0),
        "Ready": _at("status", "numberReady", default=0),
    },
    "jobs.batch": {"Completions": lambda job: f"{job.get('status', {}).get('succeeded', 0)}/1"},
    "configmaps": {"Data": lambda each: len(each.get("data", {}))},
    "secrets": {"Type": _at("type"), "Data": lambda each: len(each.get("data", {}))},
    "ingresses.networking.k8s.io": {"Class": _at("spec", "ingressClassName"), "Hosts": _hosts, "Address": _address},
    "horizontalpodautoscalers.autoscaling": {
        "Reference": lambda each: f"{each['spec']['scaleTargetRef']['kind']}/{each['spec']['scaleTargetRef']['name']}",
        "MinPods": _at("spec", "minReplicas", default=1),
        "MaxPods": _at("spec", "maxReplicas"),
        "Replicas": _at("status", "currentReplicas", default=0),
    },
    "events": {
        "Type": _at("type"),
        "Reason": _at("reason"),
        "Object": lambda each: f"{each['involvedObject']['kind'].lower()}/{each['involvedObject']['name']}",
        "Message": _at("message"),
    },
}
