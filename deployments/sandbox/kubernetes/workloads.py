"""StatefulSets, DaemonSets, Jobs and CronJobs of the stand-in cluster."""

from __future__ import annotations

from .cluster import Cluster, condition, is_ready, suffix, template_hash, with_condition
from .store import Object, key, stamp

_REVISION = "controller-revision-hash"


def step(cluster: Cluster) -> None:
    """Move them all on."""
    for thing in cluster.store.all("statefulsets.apps"):
        _keep_stateful(cluster, thing)
    for thing in cluster.store.all("daemonsets.apps"):
        _keep_daemons(cluster, thing)
    for thing in cluster.store.all("cronjobs.batch"):
        _schedule(cluster, thing)
    for thing in cluster.store.all("jobs.batch"):
        _work(cluster, thing)


def _keep_stateful(cluster: Cluster, thing: Object) -> None:
    name, wanted = thing["metadata"]["name"], thing["spec"]["replicas"]
    revision = _revision(cluster, thing)
    pods = {pod["metadata"]["name"]: pod for pod in cluster.store.owned("pods", thing)}
    _next_of_line(cluster, thing, pods, revision)
    for extra in sorted(set(pods) - {f"{name}-{number}" for number in range(wanted)}, reverse=True):
        cluster.store.remove("pods", pods[extra])
    _count(cluster, thing, "statefulsets.apps", revision, replicas=wanted)


def _next_of_line(cluster: Cluster, thing: Object, pods: dict[str, Object], revision: str) -> None:
    """Make the first pod that is missing, or replace the last that is old: one at a time, when all others are ready."""
    name = thing["metadata"]["name"]
    for number in range(thing["spec"]["replicas"]):
        pod = pods.get(f"{name}-{number}")
        if pod is None:
            cluster.make_pod(thing, f"{name}-{number}", thing["spec"]["template"], **{_REVISION: revision})
            return
        if not is_ready(pod) and pod["metadata"]["labels"].get(_REVISION) == revision:
            return
    old = [each for each in pods.values() if each["metadata"]["labels"].get(_REVISION) != revision]
    if old:
        cluster.store.remove("pods", max(old, key=lambda each: str(each["metadata"]["name"])))


def _keep_daemons(cluster: Cluster, thing: Object) -> None:
    revision = _revision(cluster, thing)
    nodes = [each["metadata"]["name"] for each in cluster.store.all("nodes") if condition(each, "Ready") == "True"]
    pods = cluster.store.owned("pods", thing)
    placed = {pod["metadata"].get("annotations", {}).get("stand-in/node"): pod for pod in pods}
    for node in (each for each in nodes if each not in placed):
        template = thing["spec"]["template"]
        meta = template.get("metadata", {})
        pinned = {**template, "metadata": {**meta, "annotations": {**meta.get("annotations", {}), "stand-in/node": node}}}
        cluster.make_pod(thing, f"{thing['metadata']['name']}-{suffix()}", pinned, **{_REVISION: revision})
    for node, pod in placed.items():
        if node not in nodes or (pod["metadata"]["labels"].get(_REVISION) != revision and all(map(is_ready, pods))):
            cluster.store.remove("pods", pod)
            break
    _count(cluster, thing, "daemonsets.apps", revision, desired=len(nodes))


def _count(cluster: Cluster, thing: Object, kind: str, revision: str, *, replicas: int = 0, desired: int | None = None) -> None:
    pods = cluster.store.owned("pods", thing)
    ready = sum(map(is_ready, pods))
    updated = sum(pod["metadata"]["labels"].get(_REVISION) == revision for pod in pods)
    common = {"observedGeneration": thing["metadata"]["generation"]}
    if desired is not None:
        counts = {
            "desiredNumberScheduled": desired,
            "currentNumberScheduled": len(pods),
            "updatedNumberScheduled": updated,
            "numberReady": ready,
            "numberAvailable": ready,
            "numberUnavailable": (desired - ready) or None,
            "numberMisscheduled": 0,
        }
    else:
        whole = updated == replicas == ready
        earlier = thing.get("status", {}).get("currentRevision", revision)
        counts = {
            "replicas": len(pods),
            "readyReplicas": ready,
            "availableReplicas": ready,
            "updatedReplicas": updated,
            "currentReplicas": updated if whole else len(pods) - updated,
            "updateRevision": revision,
            "currentRevision": revision if whole else earlier,
        }
    cluster.store.set_status(kind, thing, **common, **counts)


def _revision(cluster: Cluster, thing: Object) -> str:
    """The hash of the present template, kept in a ControllerRevision as ``kubectl rollout history`` wants it."""
    hashed = template_hash(thing["spec"]["template"])
    name = f"{thing['metadata']['name']}-{hashed}"
    kept = cluster.store.owned("controllerrevisions.apps", thing)
    found = next((each for each in kept if each["metadata"]["name"] == name), None)
    latest = max((each["revision"] for each in kept), default=0)
    if found is None:
        template = {**thing["spec"]["template"], "$patch": "replace"}
        metadata = {"labels": {**thing["spec"]["template"].get("metadata", {}).get("labels", {}), _REVISION: hashed}}
        data = {"spec": {"template": template}}
        cluster.make_owned("controllerrevisions.apps", thing, name, metadata=metadata, data=data, revision=latest + 1)
    elif found["revision"] < latest:
        cluster.store.change("controllerrevisions.apps", {**found, "revision": latest + 1})
    return hashed


def _schedule(cluster: Cluster, thing: Object) -> None:
    """A CronJob runs once, at its making, and again for nobody: the small world does not last that long."""
    if thing["spec"].get("suspend") or thing.get("status", {}).get("lastScheduleTime"):
        return
    cluster.make_owned(
        "jobs.batch", thing, f"{thing['metadata']['name']}-{suffix()}", spec=thing["spec"]["jobTemplate"]["spec"]
    )
    cluster.store.set_status("cronjobs.batch", thing, lastScheduleTime=stamp())


def _work(cluster: Cluster, thing: Object) -> None:
    if thing.get("status", {}).get("completionTime") or thing.get("status", {}).get("failed"):
        return
    pods = cluster.store.owned("pods", thing)
    if not pods:
        name = thing["metadata"]["name"]
        cluster.make_pod(thing, f"{name}-{suffix()}", thing["spec"]["template"], **{"job-name": name})
        cluster.store.set_status("jobs.batch", thing, active=1, ready=0, startTime=stamp())
        return
    phase = pods[0]["status"].get("phase")
    if phase == "Succeeded":
        conditions = with_condition(thing, "Complete", "True", "CompletionsReached")
        ended = {"succeeded": 1, "completionTime": stamp()}
    elif phase == "Failed":
        conditions = with_condition(thing, "Failed", "True", "BackoffLimitExceeded", "Job has reached the backoff limit")
        ended = {"failed": 1}
        cluster.event(thing, "BackoffLimitExceeded", "Job has reached the specified backoff limit", "Warning")
    else:
        return
    cluster.store.set_status("jobs.batch", thing, active=None, conditions=conditions, **ended)
    if phase == "Succeeded":
        _tell_cron(cluster, thing)


def _tell_cron(cluster: Cluster, job: Object) -> None:
    for cron in cluster.store.all("cronjobs.batch", key(job)[0]):
        if any(each["uid"] == cron["metadata"]["uid"] for each in job["metadata"].get("ownerReferences", [])):
            cluster.store.set_status("cronjobs.batch", cron, lastSuccessfulTime=stamp())
