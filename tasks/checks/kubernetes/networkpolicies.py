"""Network policies: what is not allowed is forbidden."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_POLICIES = "networking.k8s.io/v1/networkpolicies"


@check(
    permissions=(f"kubernetes:list {_POLICIES}",),
    remedy="https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic",
)
def default_deny(cluster: Kubernetes, *, namespaces: list[str], directions: list[str] | None = None) -> Verdict:
    """Every namespace forbids all traffic to its pods that no policy allows.

    Without such a policy each pod of the cluster may talk to each other one.
    Lists networkpolicies of each namespace. ``directions`` are Ingress unless said otherwise; Egress may be asked for too.

    Example:
        check: kubernetes.networkpolicies.default_deny
        with: {namespaces: [shop], directions: [Ingress, Egress]}

    """
    wanted = directions or ["Ingress"]

    def denies(namespace: str) -> Verdict:
        policies = cluster.objects(_POLICIES, namespace)
        open_ = [each for each in wanted if not any(_denies(policy, each) for policy in policies)]
        if open_:
            return failed(f"Namespace {namespace} has no policy that denies {listed(open_)} by default.")
        return passed(f"Namespace {namespace} denies {listed(wanted)} by default.")

    return every("namespace", namespaces, denies)


def _denies(policy: Answer, direction: str) -> bool:
    """Whether the policy is for every pod and allows nothing in that direction."""
    spec = policy["spec"]
    types = spec.get("policyTypes") or ["Ingress", *(["Egress"] if "egress" in spec else [])]
    return not any((spec.get("podSelector") or {}).values()) and direction in types and not spec.get(direction.lower())
