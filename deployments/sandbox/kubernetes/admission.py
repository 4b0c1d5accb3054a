"""What the API server adds to an object that comes in, and what it refuses."""

from __future__ import annotations

import base64
import binascii
import copy
import re
from collections.abc import Callable
from typing import Any

from .cluster import fits
from .kinds import Kind
from .store import Object

_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]*[a-z0-9])?")
_SCALABLE = ("deployments.apps", "statefulsets.apps", "replicasets.apps")
_WITH_TEMPLATE = (*_SCALABLE, "daemonsets.apps", "jobs.batch")


def completed(kind: Kind, thing: Object) -> Object:
    """The object with the defaults of its kind."""
    thing = copy.deepcopy(thing)
    spec = thing.setdefault("spec", {}) if kind.id in (*_WITH_TEMPLATE, "services", "cronjobs.batch") else {}
    if kind.id in _SCALABLE and spec.get("replicas") is None:
        spec["replicas"] = 1
    if kind.id in ("statefulsets.apps", "daemonsets.apps"):
        spec.setdefault("updateStrategy", {"type": "RollingUpdate"})
    if kind.id in _WITH_TEMPLATE:
        _complete_pod(spec.setdefault("template", {}).setdefault("spec", {}))
        spec["template"].setdefault("metadata", {})
    complete = _COMPLETE.get(kind.id)
    if complete is not None:
        complete(thing)
    return thing


def _complete_deployment(thing: Object) -> None:
    spec = thing["spec"]
    spec.setdefault("progressDeadlineSeconds", 600)
    spec.setdefault("revisionHistoryLimit", 10)
    strategy = spec.setdefault("strategy", {"type": "RollingUpdate"})
    if strategy.get("type") == "RollingUpdate":
        strategy.setdefault("rollingUpdate", {"maxSurge": "25%", "maxUnavailable": "25%"})


def _complete_service(thing: Object) -> None:
    spec = thing["spec"]
    spec.setdefault("type", "ClusterIP")
    spec.setdefault("clusterIP", f"10.96.0.{sum(thing['metadata']['name'].encode()) % 250 + 2}")
    for port in spec.get("ports", []):
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port["port"])


def _complete_namespace(thing: Object) -> None:
    thing["metadata"].setdefault("labels", {})["kubernetes.io/metadata.name"] = thing["metadata"]["name"]
    thing["status"] = {"phase": "Active"}


def _complete_pod(spec: Object) -> None:
    spec.setdefault("restartPolicy", "Always")
    spec.setdefault("terminationGracePeriodSeconds", 30)
    spec.setdefault("dnsPolicy", "ClusterFirst")
    for container in spec.get("containers") or []:
        latest = str(container.get("image", "")).endswith(":latest") or ":" not in str(container.get("image", ""))
        container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
        for port in container.get("ports", []):
            port.setdefault("protocol", "TCP")


def _encode(thing: Object) -> None:
    thing.setdefault("type", "Opaque")
    plain = thing.pop("stringData", None) or {}
    encoded = {name: base64.b64encode(str(value).encode()).decode() for name, value in plain.items()}
    if encoded:
        thing["data"] = {**thing.get("data", {}), **encoded}


_COMPLETE: dict[str, Callable[[Object], None]] = {
    "deployments.apps": _complete_deployment,
    "services": _complete_service,
    "pods": lambda thing: _complete_pod(thing.setdefault("spec", {})),
    "namespaces": _complete_namespace,
    "secrets": _encode,
}


def refusals(kind: Kind, thing: Object, before: Object | None = None) -> list[tuple[str, str]]:
    """What is wrong with the object: field and reason."""
    found: list[tuple[str, str]] = []
    name = thing["metadata"].get("name", "")
    if not _NAME.fullmatch(name) and kind.group != "rbac.authorization.k8s.io":
        found.append(("metadata.name", f'Invalid value: "{name}": a lowercase RFC 1123 subdomain is wanted'))
    if kind.id in _WITH_TEMPLATE:
        found += _wrong_workload(kind, thing, before)
    if kind.id == "secrets":
        found += [
            (f"data[{name}]", "Invalid value: illegal base64 data") for name in thing.get("data", {}) if _bad(thing, name)
        ]
    if kind.id == "horizontalpodautoscalers.autoscaling":
        spec = thing["spec"]
        if spec.get("maxReplicas", 0) < spec.get("minReplicas", 1):
            found.append(("spec.maxReplicas", "Invalid value: must be greater than or equal to `minReplicas`"))
    return found


def _wrong_workload(kind: Kind, thing: Object, before: Object | None) -> list[tuple[str, str]]:
    spec = thing["spec"]
    containers = spec["template"]["spec"].get("containers")
    if not containers:
        return [("spec.template.spec.containers", "Required value")]
    found = [
        (f"spec.template.spec.containers[{place}].image", "Required value")
        for place, each in enumerate(containers)
        if not each.get("image")
    ]
    if kind.id == "jobs.batch":
        return found
    if not fits(spec.get("selector"), {"metadata": spec["template"]["metadata"]}):
        found.append(("spec.template.metadata.labels", "Invalid value: `selector` does not match template `labels`"))
    if before is not None and before["spec"].get("selector") != spec.get("selector"):
        found.append(("spec.selector", "Invalid value: field is immutable"))
    return found


def _bad(thing: Object, name: str) -> bool:
    try:
        base64.b64decode(thing["data"][name] or "", validate=True)
    except (binascii.Error, ValueError):
        return True
    return False


def scale_of(thing: Object) -> dict[str, Any]:
    """The object's ``scale`` subresource."""
    meta = {name: thing["metadata"].get(name) for name in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")}
    labels = thing["spec"].get("selector", {}).get("matchLabels", {})
    return {
        "apiVersion": "autoscaling/v1",
        "kind": "Scale",
        "metadata": meta,
        "spec": {"replicas": thing["spec"]["replicas"]},
        "status": {
            "replicas": thing.get("status", {}).get("replicas", 0),
            "selector": ",".join(f"{name}={value}" for name, value in labels.items()),
        },
    }
