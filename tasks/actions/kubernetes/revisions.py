"""The revisions of a deployment: which one runs, and going back to one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.answers import Answer
from tasks.core.errors import ActionError
from tasks.core.workloads import containers

_DEPLOYMENTS = "apps/v1/deployments"
_REPLICA_SETS = "apps/v1/replicasets"
_REVISION = "deployment.kubernetes.io/revision"
_HASH = "pod-template-hash"


def noted(cluster: KubernetesWriter, deployment: Answer) -> dict[str, Any]:
    """The revision that runs: its number, for people, and its replica set, for a revision's number changes when it returns."""
    image = str(next(containers(deployment["spec"]["template"]))["image"])
    return {"revision": number(deployment), "replica_set": _current(cluster, deployment), "image": image}


def runs(cluster: KubernetesWriter, deployment: Answer, before: Mapping[str, Any]) -> bool:
    """Whether the deployment's template is that of the noted revision."""
    return bool(before["replica_set"]) and _current(cluster, deployment) == before["replica_set"]


def restore(cluster: KubernetesWriter, deployment: Answer, before: Mapping[str, Any]) -> bool:
    """Give the deployment the noted revision's template again. Says whether that changed it.

    Raises ``ActionError`` when the cluster does not keep the revision any more.
    """
    name, namespace = deployment["metadata"]["name"], deployment["metadata"]["namespace"]
    wanted = template(cluster, namespace, before)
    if wanted == _template(deployment):
        return False
    # Only a replacement takes away what the newer template added.
    cluster.patch(_DEPLOYMENTS, name, namespace, {"spec": {"template": {"$patch": "replace", **wanted}}})
    return True


def template(cluster: KubernetesWriter, namespace: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """The pod template of the noted revision. Raises ``ActionError`` when the cluster does not keep it any more."""
    kept = cluster.get(_REPLICA_SETS, before["replica_set"], namespace) if before["replica_set"] else None
    if kept is None:
        raise ActionError(
            f"The cluster does not keep revision {before['revision']} ({before['image']}) any more; deploy by hand."
        )
    return _template(kept)


def number(deployment: Answer) -> str:
    """The number of the revision that the deployment runs."""
    return str((deployment["metadata"].get("annotations") or {}).get(_REVISION, ""))


def _current(cluster: KubernetesWriter, deployment: Answer) -> str:
    """The name of the replica set that has the deployment's template; empty when it is not made yet."""
    uid, wanted = deployment["metadata"]["uid"], _template(deployment)
    for each in cluster.objects(_REPLICA_SETS, deployment["metadata"]["namespace"]):
        owners = each["metadata"].get("ownerReferences") or []
        if any(owner["uid"] == uid for owner in owners) and _template(each) == wanted:
            return str(each["metadata"]["name"])
    return ""


def _template(thing: Answer) -> dict[str, Any]:
    """The pod template without the label that tells replica sets apart."""
    found = thing["spec"]["template"]
    metadata = dict(found.get("metadata") or {})
    if _HASH in metadata.get("labels", {}):
        metadata["labels"] = {name: value for name, value in metadata["labels"].items() if name != _HASH}
    return {**found, "metadata": metadata}
