"""metrics.k8s.io: what pods and nodes use, worked out when asked for and kept nowhere."""

from __future__ import annotations

from .cluster import Cluster, is_ready
from .store import Object, stamp

_POD_USAGE = {"cpu": "35m", "memory": "96Mi"}
_NODE_USAGE = {"cpu": "640m", "memory": "2400Mi"}


def pods(cluster: Cluster, namespace: str) -> list[Object]:
    """PodMetrics of every ready pod."""
    return [
        _metrics(pod, "PodMetrics")
        | {"containers": [{"name": each["name"], "usage": _POD_USAGE} for each in pod["spec"]["containers"]]}
        for pod in cluster.store.all("pods", namespace)
        if is_ready(pod)
    ]


def nodes(cluster: Cluster) -> list[Object]:
    """NodeMetrics of every node."""
    return [_metrics(node, "NodeMetrics") | {"usage": _NODE_USAGE} for node in cluster.store.all("nodes")]


def _metrics(thing: Object, kind: str) -> Object:
    meta = {name: value for name, value in thing["metadata"].items() if name in ("name", "namespace", "labels")}
    about = {"kind": kind, "apiVersion": "metrics.k8s.io/v1beta1", "metadata": meta | {"creationTimestamp": stamp()}}
    return about | {"timestamp": stamp(), "window": "15s"}
