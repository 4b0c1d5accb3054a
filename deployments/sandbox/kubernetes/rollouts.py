"""Deployments and their ReplicaSets: revisions, rolling updates, and the deadline that a bad image runs into."""

from __future__ import annotations

import copy
import math
import time

from .cluster import Cluster, is_ready, suffix, template_hash, with_condition
from .store import Object

REVISION = "deployment.kubernetes.io/revision"
_HASH = "pod-template-hash"


def step(cluster: Cluster) -> None:
    """Move every Deployment and ReplicaSet on."""
    for deployment in cluster.store.all("deployments.apps"):
        _roll(cluster, deployment)
    for replica_set in cluster.store.all("replicasets.apps"):
        _keep_pods(cluster, replica_set)


def _roll(cluster: Cluster, deployment: Object) -> None:
    newest = _newest(cluster, deployment)
    deployment = cluster.store.get("deployments.apps", *_key(deployment)) or deployment
    older = [
        each
        for each in cluster.store.owned("replicasets.apps", deployment)
        if newest is None or each["metadata"]["uid"] != newest["metadata"]["uid"]
    ]
    if newest is not None and not deployment["spec"].get("paused"):
        _shift(cluster, deployment, newest, older)
    _report(cluster, deployment)


def _newest(cluster: Cluster, deployment: Object) -> Object | None:
    """The ReplicaSet of the present template, made or made the newest again when a rollout begins."""
    sets = cluster.store.owned("replicasets.apps", deployment)
    name = template_hash(deployment["spec"]["template"])
    found = next((each for each in sets if each["metadata"]["labels"].get(_HASH) == name), None)
    latest = max((_revision(each) for each in sets), default=0)
    if found is None:
        if deployment["spec"].get("paused") and sets:
            return None
        found = _made(cluster, deployment, name, latest + 1)
    elif _revision(found) < latest:
        found = _annotated(cluster, "replicasets.apps", found, latest + 1)
    if _revision(deployment) != _revision(found):
        _annotated(cluster, "deployments.apps", deployment, _revision(found))
        _begin(cluster, cluster.store.get("deployments.apps", *_key(deployment)) or deployment)
    return found


def _made(cluster: Cluster, deployment: Object, name: str, revision: int) -> Object:
    spec = deployment["spec"]
    template = copy.deepcopy(spec["template"])
    labels = {**template["metadata"].get("labels", {}), _HASH: name}
    template["metadata"]["labels"] = labels
    selector = {**spec["selector"], "matchLabels": {**spec["selector"].get("matchLabels", {}), _HASH: name}}
    annotations = {
        key: value
        for key, value in deployment["metadata"].get("annotations", {}).items()
        if key != "kubectl.kubernetes.io/last-applied-configuration"
    }
    made = cluster.make_owned(
        "replicasets.apps",
        deployment,
        f"{deployment['metadata']['name']}-{name}",
        metadata={"labels": labels, "annotations": {**annotations, REVISION: str(revision)}},
        spec={"replicas": 0, "selector": selector, "template": template},
        status={"replicas": 0},
    )
    cluster.event(deployment, "ScalingReplicaSet", f"Created replica set {made['metadata']['name']}")
    return made


def _begin(cluster: Cluster, deployment: Object) -> None:
    cluster.progress.pop(deployment["metadata"]["uid"], None)
    conditions = with_condition(deployment, "Progressing", "True", "ReplicaSetUpdated", "The rollout begins.")
    cluster.store.set_status("deployments.apps", deployment, conditions=conditions)


def _shift(cluster: Cluster, deployment: Object, newest: Object, older: list[Object]) -> None:
    """One step from the older ReplicaSets to the newest, within surge and unavailability."""
    wanted = deployment["spec"]["replicas"]
    surge, unavailable = _allowance(deployment, wanted)
    old_total = sum(each["spec"]["replicas"] for each in older)
    if deployment["spec"].get("strategy", {}).get("type") == "Recreate":
        for each in older:
            _scale(cluster, each, 0)
        if not any(cluster.store.owned("pods", each) for each in older):
            _scale(cluster, newest, wanted)
        return
    _scale(cluster, newest, max(0, min(wanted, wanted + surge - old_total)))
    ready_new = _ready_pods(cluster, newest)
    spare = ready_new + sum(_ready_pods(cluster, each) for each in older) - max(0, wanted - unavailable)
    for each in older:
        unready = each["spec"]["replicas"] - _ready_pods(cluster, each)
        fewer = min(each["spec"]["replicas"], unready + max(0, spare))
        spare -= max(0, fewer - unready)
        _scale(cluster, each, each["spec"]["replicas"] - fewer)


def _allowance(deployment: Object, wanted: int) -> tuple[int, int]:
    rolling = deployment["spec"].get("strategy", {}).get("rollingUpdate") or {}
    surge = math.ceil(amount(rolling.get("maxSurge", "25%"), wanted))
    unavailable = math.floor(amount(rolling.get("maxUnavailable", "25%"), wanted))
    return (surge, unavailable) if surge or unavailable else (1, 0)


def amount(value: int | str, whole: int) -> float:
    """A number, or a percentage of the whole."""
    return int(value.rstrip("%")) * whole / 100 if isinstance(value, str) and value.endswith("%") else int(value)


def _scale(cluster: Cluster, replica_set: Object, replicas: int) -> None:
    if replica_set["spec"]["replicas"] != replicas:
        cluster.store.change("replicasets.apps", {**replica_set, "spec": {**replica_set["spec"], "replicas": replicas}})


def _report(cluster: Cluster, deployment: Object) -> None:
    deployment = cluster.store.get("deployments.apps", *_key(deployment)) or deployment
    spec = deployment["spec"]
    sets = cluster.store.owned("replicasets.apps", deployment)
    name = template_hash(spec["template"])
    newest = [each for each in sets if each["metadata"]["labels"].get(_HASH) == name]
    pods = [pod for each in sets for pod in cluster.store.owned("pods", each)]
    updated = [pod for each in newest for pod in cluster.store.owned("pods", each)]
    wanted = spec["replicas"]
    available = sum(map(is_ready, pods))
    done = len(updated) == len(pods) == wanted and available == wanted and bool(newest)
    moved = _moved(cluster, deployment, f"{len(pods)}/{len(updated)}/{available}")
    late = not done and not spec.get("paused") and time.time() - moved > spec.get("progressDeadlineSeconds", 600)
    conditions = _progressing(deployment, newest, done=done, late=late)
    fresh = {**deployment, "status": {**deployment.get("status", {}), "conditions": conditions}}
    enough = available >= wanted - _allowance(deployment, wanted)[1]
    reason = "MinimumReplicasAvailable" if enough else "MinimumReplicasUnavailable"
    cluster.store.set_status(
        "deployments.apps",
        fresh,
        observedGeneration=deployment["metadata"]["generation"],
        replicas=len(pods) or None,
        updatedReplicas=len(updated) or None,
        readyReplicas=available or None,
        availableReplicas=available or None,
        unavailableReplicas=max(0, wanted - available) or None,
        conditions=with_condition(fresh, "Available", "True" if enough else "False", reason),
    )


def _moved(cluster: Cluster, deployment: Object, progress: str) -> float:
    """When the counts of the deployment's pods last changed."""
    uid = deployment["metadata"]["uid"]
    if cluster.progress.get(uid, ("", 0.0))[0] != progress:
        cluster.progress[uid] = (progress, time.time())
    return cluster.progress[uid][1]


def _progressing(deployment: Object, newest: list[Object], *, done: bool, late: bool) -> list[Object]:
    name = newest[0]["metadata"]["name"] if newest else deployment["metadata"]["name"]
    if done:
        told = ("True", "NewReplicaSetAvailable", f'ReplicaSet "{name}" has successfully progressed.')
    elif late:
        told = ("False", "ProgressDeadlineExceeded", f'ReplicaSet "{name}" has timed out progressing.')
    else:
        told = ("True", "ReplicaSetUpdated", f'ReplicaSet "{name}" is progressing.')
    return with_condition(deployment, "Progressing", *told)


def _keep_pods(cluster: Cluster, replica_set: Object) -> None:
    pods = [each for each in cluster.store.owned("pods", replica_set) if each["status"].get("phase") != "Failed"]
    wanted = replica_set["spec"]["replicas"]
    name = replica_set["metadata"]["name"]
    for _ in range(wanted - len(pods)):
        cluster.make_pod(replica_set, f"{name}-{suffix()}", replica_set["spec"]["template"])
    for pod in sorted(pods, key=is_ready)[: max(0, len(pods) - wanted)]:
        cluster.store.remove("pods", pod)
    ready = _ready_pods(cluster, replica_set)
    cluster.store.set_status(
        "replicasets.apps",
        cluster.store.get("replicasets.apps", *_key(replica_set)) or replica_set,
        replicas=wanted,
        fullyLabeledReplicas=wanted,
        readyReplicas=ready,
        availableReplicas=ready,
        observedGeneration=replica_set["metadata"]["generation"],
    )


def _ready_pods(cluster: Cluster, replica_set: Object) -> int:
    return sum(map(is_ready, cluster.store.owned("pods", replica_set)))


def _revision(thing: Object) -> int:
    return int(thing["metadata"].get("annotations", {}).get(REVISION, 0))


def _annotated(cluster: Cluster, kind: str, thing: Object, revision: int) -> Object:
    meta = thing["metadata"]
    annotations = {**meta.get("annotations", {}), REVISION: str(revision)}
    return cluster.store.change(kind, {**thing, "metadata": {**meta, "annotations": annotations}})


def _key(thing: Object) -> tuple[str, str]:
    return thing["metadata"]["namespace"], thing["metadata"]["name"]
