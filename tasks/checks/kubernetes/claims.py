"""Disks: what asked for one has got it."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import equal, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict

_CLAIMS = "v1/persistentvolumeclaims"


@check(permissions=(f"kubernetes:list {_CLAIMS}",), remedy="kubectl describe pvc <claim> -n <namespace>")
def bound(cluster: Kubernetes, *, claims: list[str], namespace: str) -> Verdict:
    """Every claim has its volume.

    A pod whose claim is pending waits for it without end.
    Lists persistentvolumeclaims of the namespace.

    Example:
        check: kubernetes.claims.bound
        with: {claims: [data-redis-0], namespace: shop}

    """

    def is_bound(name: str) -> Verdict:
        return equal(f"Phase of claim {name}", cluster.get(_CLAIMS, name, namespace)["status"]["phase"], "Bound")

    return every("claim", claims, is_bound)
