"""Any object whose operator says by a condition how it is."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown
from tasks.core.workloads import condition


@check(permissions=("kubernetes:list <resource>",), remedy="kubectl describe <resource> <name> -n <namespace>")
def hold(
    cluster: Kubernetes,
    *,
    resource: str,
    names: list[str],
    namespace: str = "",
    type: str = "Ready",  # noqa: A002  the word of the API
    status: str = "True",
) -> Verdict:
    """Every object of the resource tells that the condition holds.

    For kinds that the catalogue has no check of its own for.
    Lists the resource, which is named with group and version (velero.io/v1/schedules), in the namespace or, without one, in
    the cluster.

    Example:
        check: kubernetes.conditions.hold
        with: {resource: cert-manager.io/v1/clusterissuers, names: [letsencrypt]}

    """

    def told(name: str) -> Verdict:
        seen = condition(cluster.get(resource, name, namespace), type)
        if not seen:
            return unknown(f"{name} does not tell the condition {type}.")
        sentence = f"Condition {type} of {name} is {seen['status']}"
        if seen["status"] == status:
            return passed(f"{sentence}.")
        return failed(f"{sentence}, wanted {status}: {seen.get('message') or seen.get('reason') or 'no reason given'}.")

    return every("object", names, told)
