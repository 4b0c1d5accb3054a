"""Waiting for a rollout to end, and saying why it does not."""

from __future__ import annotations

import time
from collections.abc import Sequence

from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.answers import Answer
from tasks.core.errors import Absent, ActionError, EvidenceError, Malformed, Throttled, Unreachable
from tasks.core.workloads import RESOURCES, pod_trouble, standing

_PAUSE_SECONDS = 0.2
_LONGEST_PAUSE_SECONDS = 5.0

Workload = tuple[str, str]
"""Kind and name: ``("deployment", "web")``."""


def workload(text: str) -> Workload:
    """Read ``web`` or ``statefulset/redis``. Raises ``ActionError`` for a kind that does not roll out."""
    kind, slash, name = text.rpartition("/")
    kind = kind if slash else "deployment"
    if kind not in RESOURCES or not name:
        raise ActionError(f"'{text}' names no workload; write web, or one of {', '.join(f'{each}/web' for each in RESOURCES)}.")
    return kind, name


def until_complete(cluster: KubernetesWriter, workloads: Sequence[Workload], namespace: str, seconds: float) -> None:
    """Return when each runs its newest template alone. Raises ``ActionError`` for one that is stuck or takes too long."""
    deadline = time.monotonic() + seconds
    for kind, name in workloads:
        _one(cluster, kind, name, namespace, deadline)


def is_complete(cluster: KubernetesWriter, workloads: Sequence[Workload], namespace: str) -> bool:
    """Whether each runs its newest template alone at this moment."""
    return all(standing(kind, found(cluster, kind, name, namespace)).complete for kind, name in workloads)


def found(cluster: KubernetesWriter, kind: str, name: str, namespace: str) -> Answer:
    """The workload as it is now. Raises ``Absent``."""
    thing = cluster.get(RESOURCES[kind], name, namespace)
    if thing is None:
        raise Absent(f"There is no {kind} {name} in namespace {namespace}.")
    return thing


def _one(cluster: KubernetesWriter, kind: str, name: str, namespace: str, deadline: float) -> None:
    pause = _PAUSE_SECONDS
    while True:
        told = ""
        try:
            seen = standing(kind, found(cluster, kind, name, namespace))
            if seen.complete:
                return
            told = f"{kind.capitalize()} {name} {seen}."
            stuck = seen.observed and seen.deadline_passed
        except (Unreachable, Throttled, Malformed) as error:
            told, stuck = str(error), False
        if stuck or time.monotonic() + pause > deadline:
            raise ActionError(f"{told} {why(cluster, kind, name, namespace)}".rstrip())
        time.sleep(pause)
        pause = min(pause * 1.3, _LONGEST_PAUSE_SECONDS)


def why(cluster: KubernetesWriter, kind: str, name: str, namespace: str) -> str:
    """One sentence on the first pod of the workload that is in trouble; empty when none is."""
    try:
        labels = found(cluster, kind, name, namespace)["spec"]["selector"].get("matchLabels", {})
        selector = ",".join(f"{key}={value}" for key, value in labels.items())
        pods = [(each, pod_trouble(each)) for each in cluster.objects("v1/pods", namespace, selector)]
    except (EvidenceError, Absent) as error:
        return f"Its pods could not be read: {error}"
    # A pod that waits tells more than one that merely is not ready.
    troubled = sorted(((pod, trouble) for pod, trouble in pods if trouble), key=lambda pair: "restarts" not in pair[1])
    return f"Pod {troubled[0][0]['metadata']['name']}: {troubled[0][1]}." if troubled else ""
