"""DaemonSets: what must run on every node, such as the collector of logs."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed
from tasks.core.workloads import standing


@check(
    permissions=("kubernetes:list apps/v1/daemonsets",),
    remedy="kubectl rollout status daemonset/<daemonset> -n <namespace>",
)
def ready(cluster: Kubernetes, *, daemonsets: list[str], namespace: str) -> Verdict:
    """Every DaemonSet runs on every node that it is for, updated and available.

    A node without its log collector loses the logs of all its pods. One that is wanted on no node does not pass.
    Lists daemonsets of the namespace.

    Example:
        check: kubernetes.daemonsets.ready
        with: {daemonsets: [fluent-bit], namespace: logging}

    """

    def complete(name: str) -> Verdict:
        seen = standing("daemonset", cluster.get("apps/v1/daemonsets", name, namespace))
        told = f"DaemonSet {name} {seen}."
        return passed(told) if seen.complete and seen.wanted > 0 else failed(told)

    return every("DaemonSet", daemonsets, complete)
