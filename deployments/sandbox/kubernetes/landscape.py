"""What a cluster of the sandbox holds before any team deploys to it: nodes, namespaces, and the usual operators."""

from __future__ import annotations

from typing import Any

from .admission import completed
from .kinds import BY_ID
from .store import Object, Store, stamp

_NODES = {"node-a": "m6i.large", "node-b": "m6i.large", "node-c": "m6i.xlarge"}
_NAMESPACES = (
    "default",
    "kube-system",
    "kube-public",
    "external-secrets",
    "istio-system",
    "cert-manager",
    "logging",
    "monitoring",
)
# namespace, name, replicas, image
_OPERATORS = (
    ("kube-system", "coredns", 2, "registry.k8s.io/coredns:v1.11.3"),
    ("kube-system", "metrics-server", 1, "registry.k8s.io/metrics-server:v0.7.2"),
    ("kube-system", "cluster-autoscaler", 1, "registry.k8s.io/cluster-autoscaler:v1.32.0"),
    ("external-secrets", "external-secrets", 1, "ghcr.io/external-secrets:v0.14.0"),
    ("istio-system", "istiod", 1, "docker.io/istio/pilot:1.24.2"),
    ("cert-manager", "cert-manager", 1, "quay.io/jetstack/cert-manager:v1.16.2"),
    ("monitoring", "otel-collector", 1, "otel/collector:0.117.0"),
)
_SECRET_STORE = {
    "apiVersion": "external-secrets.io/v1",
    "kind": "ClusterSecretStore",
    "metadata": {"name": "aws-secrets-manager"},
    "spec": {"provider": {"aws": {"service": "SecretsManager", "region": "us-east-1"}}},
    "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "Valid", "message": "store validated"}]},
}


def lay_out(store: Store) -> None:
    """Put the cluster's own objects into an empty store."""
    for name, instance in _NODES.items():
        store.add(BY_ID["nodes"], node(name, instance))
    for name in _NAMESPACES:
        store.add(BY_ID["namespaces"], completed(BY_ID["namespaces"], {"metadata": {"name": name}}))
    for namespace, name, replicas, image in _OPERATORS:
        spec = {"replicas": replicas, **workload(name, image)}
        deployment = {"metadata": {"name": name, "namespace": namespace}, "spec": spec}
        store.add(BY_ID["deployments.apps"], completed(BY_ID["deployments.apps"], deployment))
    agent = {
        "metadata": {"name": "fluent-bit", "namespace": "logging"},
        "spec": workload("fluent-bit", "fluent/fluent-bit:3.2.4"),
    }
    store.add(BY_ID["daemonsets.apps"], completed(BY_ID["daemonsets.apps"], agent))
    store.put(_SECRET_STORE)


def workload(name: str, image: str) -> dict[str, Any]:
    """Selector and template of a workload with one container."""
    labels = {"app": name}
    container = {
        "name": name,
        "image": image,
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"cpu": "200m", "memory": "256Mi"}},
    }
    return {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
    }


def node(name: str, instance: str = "m6i.large", *, ready: bool = True) -> Object:
    """A node, ready unless said otherwise."""
    condition = {
        "type": "Ready",
        "status": "True" if ready else "Unknown",
        "reason": "KubeletReady" if ready else "NodeStatusUnknown",
        "message": "kubelet is posting ready status" if ready else "Kubelet stopped posting node status.",
        "lastHeartbeatTime": stamp(),
        "lastTransitionTime": stamp(),
    }
    size = {"cpu": "2", "memory": "8Gi", "pods": "29"}
    labels = {"kubernetes.io/hostname": name, "node.kubernetes.io/instance-type": instance}
    info = {
        "kubeletVersion": "v1.32.4",
        "osImage": "stand-in",
        "kernelVersion": "",
        "containerRuntimeVersion": "containerd://2.0",
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {},
        "status": {"conditions": [condition], "capacity": size, "allocatable": size, "nodeInfo": info},
    }
