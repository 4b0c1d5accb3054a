"""Objects of a cluster as they were before a change, and putting them back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.actions.kubernetes import revisions
from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.answers import Answer
from tasks.core.errors import Absent, ActionError, EvidenceError
from tasks.core.redaction import HIDDEN
from tasks.core.workloads import RESOURCES

_VOLATILE = ("managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink")
_REVISION = "deployment.kubernetes.io/revision"

Noted = Mapping[str, Any]
"""An object's address (``resource``, ``name``, ``namespace``), and what it ``was``, which is None when it was not there.

With the ``digest`` of what it was, for the record hides secrets that are in it, and, of a deployment, with the ``revision``
that ran: the cluster keeps that whole.
"""


def noted(cluster: KubernetesWriter, resource: str, name: str, namespace: str) -> dict[str, Any]:
    """The object as it is now, to be put back later."""
    return _note(cluster, resource, name, namespace, cluster.get(resource, name, namespace))


def noted_all(cluster: KubernetesWriter, resources: Sequence[str], namespace: str) -> list[dict[str, Any]]:
    """Every object of the resources in the namespace, but for what a controller makes and unmakes by itself."""
    return [
        _note(cluster, resource, each["metadata"]["name"], namespace, each)
        for resource in resources
        for each in cluster.objects(resource, namespace)
        if not each["metadata"].get("ownerReferences")
    ]


def wanted(thing: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody wants of the object: without its status, and without what the server alone writes."""
    metadata = {name: value for name, value in thing["metadata"].items() if name not in _VOLATILE}
    if "annotations" in metadata:
        metadata["annotations"] = {name: value for name, value in metadata["annotations"].items() if name != _REVISION}
    rest = {name: value for name, value in thing.items() if name not in ("metadata", "status")}
    return {**rest, "metadata": metadata}


def digest(was: Mapping[str, Any] | None) -> str:
    """SHA-256 of what somebody wants of an object; empty of one that is not there."""
    return "" if was is None else hashlib.sha256(json.dumps(was, sort_keys=True).encode()).hexdigest()


def restore(cluster: KubernetesWriter, before: Iterable[Noted]) -> list[str]:
    """Put each object back as it was, and take away what was not there; newest first. Says what it changed."""
    done: list[str] = []
    troubles: list[str] = []
    for each in reversed(list(before)):
        try:
            done += [told] if (told := _restore_one(cluster, each)) else []
        except (ActionError, EvidenceError, Absent) as error:
            troubles.append(f"{_shown(each)}: {error}")
    if troubles:
        raise ActionError(f"Not everything could be put back. {' '.join(troubles)}")
    return done


def _restore_one(cluster: KubernetesWriter, each: Noted) -> str:
    resource, name, namespace, was = each["resource"], each["name"], each["namespace"], each["was"]
    now = cluster.get(resource, name, namespace)
    if was is None:
        if now is None:
            return ""
        cluster.delete(resource, name, namespace)
        return f"{_shown(each)} deleted"
    if now is not None and digest(wanted(now)) == each["digest"]:
        return ""
    if HIDDEN in json.dumps(was):
        was = _whole(cluster, each)
    if now is None:
        cluster.create(resource, was, namespace)
    else:
        # Its version is left out: whatever was changed meanwhile is what shall be undone.
        cluster.replace(resource, was, namespace)
    return f"{_shown(each)} put back"


def _note(cluster: KubernetesWriter, resource: str, name: str, namespace: str, thing: Answer | None) -> dict[str, Any]:
    was = None if thing is None else wanted(thing)
    found = {"resource": resource, "name": name, "namespace": namespace, "was": was, "digest": digest(was)}
    if thing is not None and resource == RESOURCES["deployment"]:
        found["revision"] = revisions.noted(cluster, thing)
    return found


def _whole(cluster: KubernetesWriter, each: Noted) -> dict[str, Any]:
    """What the object was, with what was hidden in it. Raises ``ActionError`` when that is nowhere to be had."""
    was: dict[str, Any] = dict(each["was"])
    if "revision" in each:
        template = revisions.template(cluster, each["namespace"], each["revision"])
        was["spec"] = {**was["spec"], "template": template}
    if digest(was) != each["digest"]:
        raise ActionError("a secret in it was hidden when it was noted; put it back by hand.")
    return was


def _shown(each: Noted) -> str:
    return f"{each['resource'].rpartition('/')[2]} {each['name']}"
