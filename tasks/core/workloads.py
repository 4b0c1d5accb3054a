"""Deployments, StatefulSets and DaemonSets as their status tells them, and the pods behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tasks.core.answers import Answer

RESOURCES = {
    "deployment": "apps/v1/deployments",
    "statefulset": "apps/v1/statefulsets",
    "daemonset": "apps/v1/daemonsets",
}
"""The resources of the kinds that roll out, by the word that kubectl uses."""


@dataclass(frozen=True)
class Standing:
    """How far a workload is with its newest template: pods wanted, of that template, and ready, and pods there are."""

    wanted: int
    updated: int
    ready: int
    there: int
    observed: bool
    deadline_passed: bool = False

    @property
    def complete(self) -> bool:
        """Whether all pods are of the newest template and ready, and none is left of an older one."""
        return self.observed and self.updated == self.ready == self.there == self.wanted

    def __str__(self) -> str:
        if not self.observed:
            return "has not taken notice of its newest specification yet"
        late = ", and its progress deadline has passed" if self.deadline_passed else ""
        old = f", {self.there - self.updated} of an older template left" if self.there > self.updated else ""
        return f"has {self.ready} of {self.wanted} pods ready and {self.updated} up to date{old}{late}"


def standing(kind: str, thing: Answer) -> Standing:
    """Read the status of a ``deployment``, ``statefulset`` or ``daemonset``. Raises ``Malformed`` without a status."""
    status = thing["status"]
    observed = int(status.get("observedGeneration", 0)) >= int(thing["metadata"]["generation"])
    if kind == "daemonset":
        return Standing(
            wanted=int(status["desiredNumberScheduled"]),
            updated=int(status.get("updatedNumberScheduled", 0)),
            ready=int(status.get("numberAvailable", 0)),
            there=int(status["currentNumberScheduled"]),
            observed=observed,
        )
    # A count that is nought is left out of the status.
    return Standing(
        wanted=int(thing["spec"]["replicas"]),
        updated=int(status.get("updatedReplicas", 0)),
        ready=int(status.get("availableReplicas" if kind == "deployment" else "readyReplicas", 0)),
        there=int(status.get("replicas", 0)),
        observed=observed,
        deadline_passed=condition(thing, "Progressing").get("reason") == "ProgressDeadlineExceeded",
    )


def condition(thing: Answer, type_: str) -> Mapping[str, Any]:
    """The condition of that type among the object's; empty when it has none."""
    conditions = thing.get("status", {}).get("conditions") or []
    return next((each for each in conditions if each["type"] == type_), {})


def containers(template: Answer) -> Iterator[Answer]:
    """The containers of a pod or of a pod template, without those that only prepare it."""
    yield from template["spec"]["containers"]


def tag(image: str) -> str:
    """The tag of an image; ``latest`` when it has none, for that is what is pulled."""
    name = image.partition("@")[0].rpartition("/")[2]
    return name.partition(":")[2] or ("" if "@" in image else "latest")


def pod_trouble(pod: Answer) -> str:
    """Why the pod is not ready, in a few words; empty when it is ready, or has done its work and ended."""
    phase = pod["status"]["phase"]
    if phase == "Succeeded" or condition(pod, "Ready").get("status") == "True":
        return ""
    for container in pod["status"].get("containerStatuses") or []:
        waiting = container.get("state", {}).get("waiting")
        if waiting:
            return f"{waiting.get('reason', 'Waiting')}, {container['restartCount']} restarts"
    unscheduled = condition(pod, "PodScheduled")
    if unscheduled.get("status") == "False":
        return f"not scheduled: {str(unscheduled.get('message', '')).rstrip('.')}"
    return "running, but not ready" if phase == "Running" else str(phase)


def selected(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector selects these labels: an empty one selects everything, none selects nothing."""
    if selector is None:
        return False
    if any(labels.get(name) != value for name, value in (selector.get("matchLabels") or {}).items()):
        return False
    return all(_meets(each, labels) for each in selector.get("matchExpressions") or [])


def _meets(wanted: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    name, values = wanted["key"], wanted.get("values") or []
    match wanted["operator"]:
        case "In":
            return labels.get(name) in values
        case "NotIn":
            return labels.get(name) not in values
        case "Exists":
            return name in labels
        case "DoesNotExist":
            return name not in labels
        case _:
            return False
