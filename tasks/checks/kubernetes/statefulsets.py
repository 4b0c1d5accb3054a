"""StatefulSets: databases, queues and whatever else keeps its name and its disk."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed
from tasks.core.workloads import standing


@check(
    permissions=("kubernetes:list apps/v1/statefulsets",),
    remedy="kubectl rollout status statefulset/<statefulset> -n <namespace>",
)
def ready(cluster: Kubernetes, *, statefulsets: list[str], namespace: str) -> Verdict:
    """Every StatefulSet has all the pods it wants, updated and ready.

    One that is scaled to nought does not pass.
    Lists statefulsets of the namespace.

    Example:
        check: kubernetes.statefulsets.ready
        with: {statefulsets: [redis], namespace: shop}

    """

    def complete(name: str) -> Verdict:
        seen = standing("statefulset", cluster.get("apps/v1/statefulsets", name, namespace))
        told = f"StatefulSet {name} {seen}."
        return passed(told) if seen.complete and seen.wanted > 0 else failed(told)

    return every("StatefulSet", statefulsets, complete)
