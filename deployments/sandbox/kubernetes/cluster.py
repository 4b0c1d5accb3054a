"""The stand-in cluster: its objects, and the controllers that move them on as time goes by."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .behaviours import Behaviour
from .store import Object, Store, kind_of, stamp

_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


@dataclass
class Cluster:
    """The store with what the controllers need beside it. ``still`` stops the controllers: objects stay as they are put."""

    store: Store = field(default_factory=Store)
    behaviours: list[Behaviour] = field(default_factory=list)
    still: bool = False
    progress: dict[str, tuple[str, float]] = field(default_factory=dict)  # uid of a deployment -> its counts, since when

    def age(self, thing: Object) -> float:
        """Seconds since the object was made."""
        return time.time() - self.store.born[thing["metadata"]["uid"]]

    def event(self, thing: Object, reason: str, message: str, type_: str = "Normal") -> None:
        """Tell of something that happened to an object, once for each message."""
        meta = thing["metadata"]
        name = f"{meta['name']}.{hashlib.sha256((meta['uid'] + reason + message).encode()).hexdigest()[:16]}"
        namespace = meta.get("namespace", "default")
        if self.store.get("events", namespace, name) is not None:
            return
        about = {"apiVersion": thing["apiVersion"], "kind": thing["kind"], "name": meta["name"], "uid": meta["uid"]}
        if "namespace" in meta:
            about["namespace"] = meta["namespace"]
        told: Object = {
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": about,
            "reason": reason,
            "message": message,
            "type": type_,
            "count": 1,
            "firstTimestamp": stamp(),
            "lastTimestamp": stamp(),
            "source": {"component": "stand-in"},
        }
        self.store.add(kind_of("events"), told)

    def make_owned(self, kind: str, owner: Object, name: str, **content: Any) -> Object:
        """Add an object whose controller is ``owner``."""
        meta = owner["metadata"]
        reference = {
            "apiVersion": owner["apiVersion"],
            "kind": owner["kind"],
            "name": meta["name"],
            "uid": meta["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
        metadata = {**content.pop("metadata", {}), "name": name, "namespace": meta["namespace"], "ownerReferences": [reference]}
        return self.store.add(kind_of(kind), {"metadata": metadata, **content})

    def make_pod(self, owner: Object, name: str, template: Mapping[str, Any], **labels: str) -> Object:
        """Add a pod after the owner's template."""
        meta = template.get("metadata", {})
        metadata = {
            "labels": {**meta.get("labels", {}), **labels},
            "annotations": dict(meta.get("annotations", {})),
        }
        spec = {"restartPolicy": "Always", "terminationGracePeriodSeconds": 30, **template["spec"]}
        pod = self.make_owned("pods", owner, name, metadata=metadata, spec=spec, status={"phase": "Pending"})
        self.event(owner, "SuccessfulCreate", f"Created pod: {name}")
        return pod

    def ready_nodes(self) -> list[str]:
        """Names of the nodes that take pods."""
        return [
            node["metadata"]["name"]
            for node in self.store.all("nodes")
            if not node.get("spec", {}).get("unschedulable") and condition(node, "Ready") == "True"
        ]


def condition(thing: Object, type_: str) -> str:
    """The status of one of the object's conditions; empty when it has none of that type."""
    found = [each["status"] for each in thing.get("status", {}).get("conditions", []) if each["type"] == type_]
    return found[0] if found else ""


def with_condition(thing: Object, type_: str, status: str, reason: str, message: str = "") -> list[Object]:
    """The object's conditions with this one set; its times change only when it does."""
    kept = [each for each in thing.get("status", {}).get("conditions", []) if each["type"] != type_]
    before = [each for each in thing.get("status", {}).get("conditions", []) if each["type"] == type_]
    told = {"type": type_, "status": status, "reason": reason, "message": message}
    if before and all(before[0].get(name) == value for name, value in told.items()):
        return [*kept, before[0]]
    moved = before[0]["lastTransitionTime"] if before and before[0]["status"] == status else stamp()
    return [*kept, {**told, "lastTransitionTime": moved, "lastUpdateTime": stamp()}]


def is_ready(pod: Object) -> bool:
    """Whether the pod takes traffic."""
    return condition(pod, "Ready") == "True"


def template_hash(template: Any) -> str:
    """A short name for a pod template: the same template, the same name."""
    digest = hashlib.sha256(json.dumps(template, sort_keys=True).encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:9])


def suffix() -> str:
    """Five characters that tell one pod from another."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))


def fits(selector: Mapping[str, Any] | None, thing: Object) -> bool:
    """Whether a LabelSelector selects the object; an empty one selects all, none selects nothing."""
    if selector is None:
        return False
    labels = thing["metadata"].get("labels", {})
    if any(labels.get(name) != value for name, value in selector.get("matchLabels", {}).items()):
        return False
    return all(_meets(labels, each) for each in selector.get("matchExpressions", []))


def _meets(labels: Mapping[str, str], wanted: Mapping[str, Any]) -> bool:
    name, values = wanted["key"], wanted.get("values", [])
    match wanted["operator"]:
        case "In":
            return labels.get(name) in values
        case "NotIn":
            return labels.get(name) not in values
        case "Exists":
            return name in labels
        case _:
            return name not in labels
