"""Ingresses: the way in from outside."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import every, includes, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, worst

_INGRESSES = "networking.k8s.io/v1/ingresses"
_LIST = f"kubernetes:list {_INGRESSES}"


@check(permissions=(_LIST,), remedy="kubectl describe ingress <ingress> -n <namespace>")
def ready(cluster: Kubernetes, *, ingresses: list[str], namespace: str, hosts: list[str] | None = None) -> Verdict:
    """Every ingress has got its address, and routes the hosts.

    Until the controller has taken it up there is no address, and nothing from outside arrives.
    Lists ingresses of the namespace. ``hosts`` are names that each must have a rule for.

    Example:
        check: kubernetes.ingresses.ready
        with: {ingresses: [web], namespace: shop, hosts: [shop.example.com]}

    """

    def addressed(name: str) -> Verdict:
        ingress = cluster.get(_INGRESSES, name, namespace)
        found = ingress["status"]["loadBalancer"].get("ingress") or []
        seen = [str(each.get("hostname") or each.get("ip") or "") for each in found]
        if not any(seen):
            return failed(f"Ingress {name} has no address yet.")
        told = passed(f"Ingress {name} has the address {listed(seen)}.")
        return worst([told, includes(f"Ingress {name}", _hosts(ingress), hosts)]) if hosts else told

    return every("ingress", ingresses, addressed)


@check(permissions=(_LIST, "kubernetes:get v1/secrets"), remedy="kubectl describe ingress <ingress> -n <namespace>")
def tls_configured(cluster: Kubernetes, *, ingresses: list[str], namespace: str) -> Verdict:
    """Every host of every ingress has a certificate, and the secret that holds it is there.

    A host without one is served with the controller's own self-signed certificate.
    Lists ingresses of the namespace and gets the secrets they name, of which only keys are looked at.

    Example:
        check: kubernetes.ingresses.tls_configured
        with: {ingresses: [web], namespace: shop}

    """

    def covered(name: str) -> Verdict:
        ingress = cluster.get(_INGRESSES, name, namespace)
        certificates = ingress["spec"].get("tls") or []
        hosts = {host for each in certificates for host in each.get("hosts") or []}
        bare = [host for host in _hosts(ingress) if host not in hosts]
        if bare or not certificates:
            return failed(f"Ingress {name} has no certificate for {listed(bare) or 'any host'}.")
        return every(f"certificate of ingress {name}", [each["secretName"] for each in certificates], holds)

    def holds(secret: str) -> Verdict:
        keys = cluster.secret_keys(secret, namespace)
        return includes(f"Secret {secret}", [name for name, filled in keys.items() if filled], ["tls.crt", "tls.key"])

    return every("ingress", ingresses, covered)


def _hosts(ingress: Answer) -> list[str]:
    return [str(each["host"]) for each in ingress["spec"].get("rules") or [] if each.get("host")]
