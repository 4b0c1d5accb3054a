"""Pods: scheduled, started, ready or in trouble, as their age and their behaviour say."""

from __future__ import annotations

import hashlib
import time

from . import behaviours
from .behaviours import Behaviour
from .cluster import Cluster, condition, with_condition
from .store import Object, stamp

SCHEDULED_AFTER = 0.1
_CRASHES_EVERY = 2.0
_JOB_RUNS = 1.0


def step(cluster: Cluster) -> None:
    """Move every pod on."""
    nodes = cluster.ready_nodes()
    for pod in cluster.store.all("pods"):
        if pod.get("status", {}).get("phase") not in ("Succeeded", "Failed"):
            _move(cluster, pod, nodes)


def _move(cluster: Cluster, pod: Object, nodes: list[str]) -> None:
    age = cluster.age(pod)
    if not pod["spec"].get("nodeName"):
        if age >= SCHEDULED_AFTER:
            _schedule(cluster, pod, nodes)
        return
    rule = behaviours.of(pod, cluster.behaviours)
    runs_once = pod["spec"].get("restartPolicy") in ("Never", "OnFailure")
    if runs_once and rule.does in ("run", "crash") and age >= rule.seconds + _JOB_RUNS:
        _end(cluster, pod, well=rule.does == "run")
        return
    started = age >= min(rule.seconds, 0.5) and rule.does != "pull"
    node_ready = pod["spec"]["nodeName"] in nodes or _was_cordoned(cluster, pod["spec"]["nodeName"])
    ready = started and rule.does == "run" and age >= rule.seconds and node_ready
    _tell(cluster, pod, rule, started=started, ready=ready)
    status = {
        "phase": "Running" if started else "Pending",
        "hostIP": "10.0.0.1",
        "podIP": _address(pod) if started else None,
        "startTime": pod.get("status", {}).get("startTime") or stamp(),
        "containerStatuses": [
            _container(pod, each, rule, age, started=started, ready=ready) for each in pod["spec"]["containers"]
        ],
    }
    for type_, holds in (("Initialized", True), ("Ready", ready), ("ContainersReady", ready), ("PodScheduled", True)):
        reason = "" if holds else "ContainersNotReady"
        pod = {**pod, "status": {**pod.get("status", {}), "conditions": _conditions(pod, type_, reason, holds=holds)}}
    cluster.store.set_status("pods", pod, **status)


def _schedule(cluster: Cluster, pod: Object, nodes: list[str]) -> None:
    if not nodes:
        message = "0 nodes are available: no node is ready."
        cluster.event(pod, "FailedScheduling", message, "Warning")
        conditions = with_condition(pod, "PodScheduled", "False", "Unschedulable", message)
        cluster.store.set_status("pods", pod, phase="Pending", conditions=conditions)
        return
    place = int(hashlib.sha256(pod["metadata"]["name"].encode()).hexdigest(), 16) % len(nodes)
    wanted = pod["metadata"].get("annotations", {}).get("stand-in/node", nodes[place])
    cluster.event(pod, "Scheduled", f"Successfully assigned {pod['metadata']['name']} to {wanted}")
    cluster.store.change("pods", {**pod, "spec": {**pod["spec"], "nodeName": wanted}})


def _end(cluster: Cluster, pod: Object, *, well: bool) -> None:
    ended = {"exitCode": 0 if well else 1, "reason": "Completed" if well else "Error", "finishedAt": stamp()}
    statuses = [
        {"name": each["name"], "image": each.get("image", ""), "imageID": "", "ready": False, "restartCount": 0}
        | {"state": {"terminated": ended}}
        for each in pod["spec"]["containers"]
    ]
    conditions = with_condition(pod, "Ready", "False", "PodCompleted" if well else "PodFailed")
    cluster.store.set_status(
        "pods", pod, phase="Succeeded" if well else "Failed", containerStatuses=statuses, conditions=conditions
    )


def _container(pod: Object, container: Object, rule: Behaviour, age: float, *, started: bool, ready: bool) -> Object:
    image = container.get("image", "")
    told: Object = {"name": container["name"], "image": image, "imageID": image, "ready": ready, "restartCount": 0}
    if rule.does == "pull":
        waiting = {"reason": "ImagePullBackOff", "message": f'Back-off pulling image "{image}"'}
    elif not started:
        waiting = {"reason": "ContainerCreating"}
    elif rule.does == "crash":
        told["restartCount"] = int(age / _CRASHES_EVERY) + 1
        told["lastState"] = {"terminated": {"exitCode": 1, "reason": "Error"}}
        waiting = {"reason": "CrashLoopBackOff", "message": f"back-off restarting failed container={container['name']}"}
    else:
        began = pod.get("status", {}).get("startTime") or stamp(time.time())
        return {**told, "started": True, "state": {"running": {"startedAt": began}}}
    return {**told, "started": False, "state": {"waiting": waiting}}


def _tell(cluster: Cluster, pod: Object, rule: Behaviour, *, started: bool, ready: bool) -> None:
    image = pod["spec"]["containers"][0].get("image", "")
    name = pod["metadata"]["name"]
    if rule.does == "pull":
        cluster.event(pod, "Failed", f'Failed to pull image "{image}": not found', "Warning")
    elif started and rule.does == "crash":
        cluster.event(pod, "BackOff", f"Back-off restarting failed container in pod {name}", "Warning")
    elif started and rule.does == "hang":
        cluster.event(pod, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503", "Warning")
    elif ready and condition(pod, "Ready") != "True":
        cluster.event(pod, "Started", "Started container")


def _conditions(pod: Object, type_: str, reason: str, *, holds: bool) -> list[Object]:
    return with_condition(pod, type_, "True" if holds else "False", reason)


def _was_cordoned(cluster: Cluster, node: str) -> bool:
    """A cordoned node takes no new pods and keeps those it has."""
    found = cluster.store.get("nodes", "", node)
    return found is not None and condition(found, "Ready") == "True"


def _address(pod: Object) -> str:
    number = int(hashlib.sha256(pod["metadata"]["uid"].encode()).hexdigest()[:4], 16)
    return f"10.1.{number >> 8}.{number & 255}"
