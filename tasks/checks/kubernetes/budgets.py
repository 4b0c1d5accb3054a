"""Disruption budgets: maintenance does not take a service down."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed
from tasks.core.workloads import selected

_BUDGETS = "policy/v1/poddisruptionbudgets"


@check(
    permissions=(f"kubernetes:list {_BUDGETS}", "kubernetes:list apps/v1/deployments"),
    remedy="kubectl describe poddisruptionbudget -n <namespace>",
)
def protect(cluster: Kubernetes, *, deployments: list[str], namespace: str) -> Verdict:
    """Every deployment has a disruption budget, and the budget leaves room for one pod to be moved.

    Without a budget a drained node may take all pods at once; with one that leaves no room, nodes cannot be drained at all.
    Lists poddisruptionbudgets and deployments of the namespace.

    Example:
        check: kubernetes.budgets.protect
        with: {deployments: [web], namespace: shop}

    """

    def protected(name: str) -> Verdict:
        labels = cluster.get("apps/v1/deployments", name, namespace)["spec"]["template"]["metadata"]["labels"]
        found = [each for each in cluster.objects(_BUDGETS, namespace) if selected(each["spec"].get("selector"), labels)]
        if not found:
            return failed(f"Deployment {name} has no disruption budget.")
        budget, allowed = found[0]["metadata"]["name"], found[0]["status"]["disruptionsAllowed"]
        told = f"Budget {budget} of deployment {name} allows {allowed} disruptions"
        return passed(f"{told}.") if allowed >= 1 else failed(f"{told}, wanted at least 1.")

    return every("deployment", deployments, protected)
