"""The External Secrets Operator: secrets of the cluster are those of the secrets manager."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown
from tasks.core.workloads import condition

_RESOURCE = "external-secrets.io/v1/externalsecrets"


@check(permissions=(f"kubernetes:list {_RESOURCE}",), remedy="kubectl describe externalsecret <name> -n <namespace>")
def synchronised(cluster: Kubernetes, *, namespace: str, names: list[str] | None = None) -> Verdict:
    """Every external secret was fetched from the secrets manager.

    When it was not, the pods go on with the value of before, and nobody is told.
    Lists externalsecrets of the namespace. ``names`` are those to look at, all without it.

    Example:
        check: kubernetes.external_secrets.synchronised
        with: {namespace: shop, names: [database]}

    """
    found = [cluster.get(_RESOURCE, name, namespace) for name in names] if names else cluster.objects(_RESOURCE, namespace)
    return every("external secret", found, _fetched)


def _fetched(thing: Answer) -> Verdict:
    name, seen = thing["metadata"]["name"], condition(thing, "Ready")
    if not seen:
        return unknown(f"External secret {name} has not been looked at by its operator yet.")
    if seen["status"] == "True":
        return passed(f"External secret {name} is synchronised.")
    return failed(f"External secret {name} is not synchronised: {seen.get('message') or seen.get('reason')}.")
