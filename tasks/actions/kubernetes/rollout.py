"""Rolling a workload out: a new image, a restart, a number of pods, the team's own script."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tasks.actions.kubernetes import revisions
from tasks.actions.kubernetes.waiting import Workload, found, is_complete, until_complete, why, workload
from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.answers import Answer
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action
from tasks.core.workloads import RESOURCES, containers, standing

_PERMISSIONS = (
    "kubernetes:get apps/v1/deployments",
    "kubernetes:list apps/v1/replicasets",
    "kubernetes:list v1/pods",
    "kubernetes:patch apps/v1/deployments",
)
_RESTARTED = "kubectl.kubernetes.io/restartedAt"


def before_image(cluster: KubernetesWriter, *, deployment: str, namespace: str, **_rest: Any) -> dict[str, Any]:
    """The revision that runs. Raises ``ActionError`` when a rollout is going on, for that is nothing to go back to."""
    thing = found(cluster, "deployment", deployment, namespace)
    seen = standing("deployment", thing)
    if not seen.complete:
        trouble = why(cluster, "deployment", deployment, namespace)
        raise ActionError(f"Deployment {deployment} {seen}; let it come to rest first. {trouble}".rstrip())
    return revisions.noted(cluster, thing)


def settled_image(
    cluster: KubernetesWriter,
    *,
    before: Mapping[str, Any],
    deployment: str,
    namespace: str,
    image: str,
    container: str = "",
    timeout_minutes: float = 15,
) -> Settled:
    """Done when the image is set and rolled out; not done when the noted revision runs; a rollout is waited for."""
    thing = found(cluster, "deployment", deployment, namespace)
    if _container(thing, container)["image"] != image:
        return "not done" if revisions.runs(cluster, thing, before) else "unknown"
    try:
        until_complete(cluster, [("deployment", deployment)], namespace, timeout_minutes * 60)
    except ActionError:
        return "unknown"
    return "done"


def undo_image(
    cluster: KubernetesWriter,
    *,
    before: Mapping[str, Any],
    deployment: str,
    namespace: str,
    timeout_minutes: float = 15,
    **_rest: Any,
) -> str:
    """As `kubectl rollout undo` to the noted revision does, and wait for it. Raises ``ActionError`` when that failed."""
    changed = revisions.restore(cluster, found(cluster, "deployment", deployment, namespace), before)
    until_complete(cluster, [("deployment", deployment)], namespace, timeout_minutes * 60)
    told = f"revision {before['revision']} ({before['image']})"
    return f"Deployment {deployment} runs {told} {'again' if changed else 'as before; nothing had to be undone'}."


@action(
    remedy="kubectl rollout status deployment/<deployment> -n <namespace>",
    before=before_image,
    settled=settled_image,
    undo=undo_image,
    permissions=_PERMISSIONS,
)
def set_image(
    cluster: KubernetesWriter,
    *,
    deployment: str,
    namespace: str,
    image: str,
    container: str = "",
    timeout_minutes: float = 15,
) -> Done:
    """Give the deployment another image and wait until all its pods run it.

    ``image`` is the whole name with its tag. ``container`` is the one to change, the first without it. A rollout that passes
    its progress deadline fails at once, with the reason of the first pod in trouble; ``timeout_minutes`` limits any wait.
    Undone by going back to the revision that ran before. Facts: image, revision.

    Example:
        action: kubernetes.rollout.set_image
        with: {deployment: web, namespace: shop, image: "registry.example.com/web:1.2.0"}

    """
    thing = found(cluster, "deployment", deployment, namespace)
    change = {"name": _container(thing, container)["name"], "image": image}
    cluster.patch(RESOURCES["deployment"], deployment, namespace, {"spec": {"template": {"spec": {"containers": [change]}}}})
    until_complete(cluster, [("deployment", deployment)], namespace, timeout_minutes * 60)
    revision = revisions.number(found(cluster, "deployment", deployment, namespace))
    return Done(f"Deployment {deployment} runs {image}.", {"image": image, "revision": revision})


def before_restart(cluster: KubernetesWriter, *, workloads: list[str], namespace: str, **_rest: Any) -> dict[str, Any]:
    """When each was last restarted."""
    return {each: _restarted(found(cluster, *workload(each), namespace)) for each in workloads}


def settled_restart(
    cluster: KubernetesWriter,
    *,
    before: Mapping[str, Any],
    workloads: list[str],
    namespace: str,
    timeout_minutes: float = 15,
) -> Settled:
    """Done when all were restarted and are complete; not done when none was; otherwise unknown."""
    moved = [_restarted(found(cluster, *workload(each), namespace)) != before[each] for each in workloads]
    if not any(moved):
        return "not done"
    try:
        until_complete(cluster, [workload(each) for each in workloads], namespace, timeout_minutes * 60)
    except ActionError:
        return "unknown"
    return "done" if all(moved) else "unknown"


def undo_restart(cluster: KubernetesWriter, *, workloads: list[str], namespace: str, **_rest: Any) -> str:
    """A restart leaves nothing but younger pods, and what they read belongs to other actions."""
    whole = is_complete(cluster, [workload(each) for each in workloads], namespace)
    state = "and its pods are ready" if whole else "but not all its pods are ready"
    return f"A restart of {', '.join(workloads)} has nothing to undo, {state}."


@action(
    remedy="kubectl rollout restart deployment/<deployment> -n <namespace>",
    before=before_restart,
    settled=settled_restart,
    undo=undo_restart,
    permissions=_PERMISSIONS,
)
def restart(cluster: KubernetesWriter, *, workloads: list[str], namespace: str, timeout_minutes: float = 15) -> Done:
    """Start all pods of the workloads anew, a few at a time, and wait for them.

    For pods that read their configuration only when they start. ``workloads`` are deployments, or ``statefulset/redis`` and
    ``daemonset/agent``.

    Example:
        action: kubernetes.rollout.restart
        with: {workloads: [web, statefulset/redis], namespace: shop}

    """
    moment = datetime.now(UTC).isoformat(timespec="microseconds")
    every: list[Workload] = [workload(each) for each in workloads]
    for kind, name in every:
        change = {"spec": {"template": {"metadata": {"annotations": {_RESTARTED: moment}}}}}
        cluster.patch(RESOURCES[kind], name, namespace, change)
    until_complete(cluster, every, namespace, timeout_minutes * 60)
    return Done(f"All pods of {', '.join(workloads)} were started anew.")


def _restarted(thing: Answer) -> str:
    return str((thing["spec"]["template"].get("metadata", {}).get("annotations") or {}).get(_RESTARTED, ""))


def _container(thing: Answer, name: str) -> Answer:
    for each in containers(thing["spec"]["template"]):
        if name in ("", each["name"]):
            return each
    raise ActionError(f"Deployment {thing['metadata']['name']} has no container '{name}'.")
