"""The number of a workload's pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.kubernetes.waiting import found, until_complete, workload
from tasks.connect.kubernetes import KubernetesWriter
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action
from tasks.core.workloads import RESOURCES


def before(cluster: KubernetesWriter, *, workload: str, namespace: str, **_rest: Any) -> dict[str, Any]:
    """How many pods are wanted now."""
    return {"replicas": _wanted(cluster, workload, namespace)}


def settled(
    cluster: KubernetesWriter,
    *,
    before: Mapping[str, Any],
    workload: str,
    namespace: str,
    replicas: int,
    timeout_minutes: float = 15,
) -> Settled:
    """Done when so many are wanted and there; not done when as many are wanted as before; otherwise unknown."""
    seen = _wanted(cluster, workload, namespace)
    if seen != replicas:
        return "not done" if seen == before["replicas"] else "unknown"
    try:
        _wait(cluster, workload, namespace, timeout_minutes)
    except ActionError:
        return "unknown"
    return "done"


def undo(
    cluster: KubernetesWriter,
    *,
    before: Mapping[str, Any],
    workload: str,
    namespace: str,
    timeout_minutes: float = 15,
    **_rest: Any,
) -> str:
    """Want as many pods as before, and wait for them."""
    if _wanted(cluster, workload, namespace) == before["replicas"]:
        return f"{workload} wants {before['replicas']} pods as before; nothing had to be undone."
    _set(cluster, workload, namespace, before["replicas"])
    _wait(cluster, workload, namespace, timeout_minutes)
    return f"{workload} has {before['replicas']} pods again."


@action(
    remedy="kubectl scale deployment/<deployment> --replicas=<replicas> -n <namespace>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=(
        "kubernetes:get apps/v1/deployments",
        "kubernetes:list v1/pods",
        "kubernetes:patch apps/v1/deployments",
    ),
)
def set_to(cluster: KubernetesWriter, *, workload: str, namespace: str, replicas: int, timeout_minutes: float = 15) -> Done:
    """Give the workload so many pods and wait until they are ready.

    ``workload`` is a deployment, or ``statefulset/redis``. Where a horizontal autoscaler is at work it has the last word;
    change its limits instead.

    Example:
        action: kubernetes.replicas.set_to
        with: {workload: web, namespace: shop, replicas: 5}

    """
    _set(cluster, workload, namespace, replicas)
    _wait(cluster, workload, namespace, timeout_minutes)
    return Done(f"{workload} has {replicas} pods.", {"replicas": str(replicas)})


def _wanted(cluster: KubernetesWriter, text: str, namespace: str) -> int:
    return int(found(cluster, *workload(text), namespace)["spec"]["replicas"])


def _set(cluster: KubernetesWriter, text: str, namespace: str, replicas: int) -> None:
    kind, name = workload(text)
    cluster.patch(RESOURCES[kind], name, namespace, {"spec": {"replicas": replicas}})


def _wait(cluster: KubernetesWriter, text: str, namespace: str, minutes: float) -> None:
    until_complete(cluster, [workload(text)], namespace, minutes * 60)
