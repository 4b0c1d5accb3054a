"""Services: there are pods behind them."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import at_least, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict


@check(
    permissions=("kubernetes:list v1/services", "kubernetes:list v1/endpoints"),
    remedy="kubectl get endpoints <service> -n <namespace>",
)
def endpoints_ready(cluster: Kubernetes, *, services: list[str], namespace: str, minimum: int = 1) -> Verdict:
    """Every service has pods behind it that are ready.

    A selector with a typing error leaves the service without any, and every pod looks well.
    Lists services and endpoints of the namespace. ``minimum`` is the least number of ready addresses.

    Example:
        check: kubernetes.services.endpoints_ready
        with: {services: [web], namespace: shop}

    """

    def served(name: str) -> Verdict:
        cluster.get("v1/services", name, namespace)
        subsets = cluster.get("v1/endpoints", name, namespace).get("subsets") or []
        seen = sum(len(each.get("addresses") or []) for each in subsets)
        return at_least(f"Number of ready addresses of service {name}", seen, max(minimum, 1))

    return every("service", services, served)
