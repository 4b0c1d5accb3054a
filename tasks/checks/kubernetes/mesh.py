"""The service mesh: pods talk to each other encrypted and known to each other."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.answers import Answer
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_RESOURCE = "security.istio.io/v1/peerauthentications"


@check(permissions=(f"kubernetes:list {_RESOURCE}",), remedy="kubectl get peerauthentications -A")
def mtls_strict(cluster: Kubernetes, *, namespaces: list[str], root_namespace: str = "istio-system") -> Verdict:
    """Every namespace takes encrypted traffic of known services only (mutual TLS, STRICT).

    PERMISSIVE, which is the default, takes plain text too.
    Lists Istio's peerauthentications of each namespace and of ``root_namespace``, whose policy holds where a namespace has
    none. A policy for single pods or ports that is laxer fails the namespace.

    Example:
        check: kubernetes.mesh.mtls_strict
        with: {namespaces: [shop]}

    """

    def strict(namespace: str) -> Verdict:
        own = cluster.objects(_RESOURCE, namespace)
        general = [each for each in own if not _is_narrow(each)] or [
            each for each in cluster.objects(_RESOURCE, root_namespace) if not _is_narrow(each)
        ]
        if not general:
            return failed(f"Namespace {namespace} has no policy for mutual TLS, so plain text is taken.")
        lax = [each["metadata"]["name"] for each in (*general, *own) if not _is_strict(each)]
        if lax:
            return failed(f"Policy {lax[0]} for namespace {namespace} is not STRICT.")
        return passed(f"Namespace {namespace} takes mutual TLS only.")

    return every("namespace", namespaces, strict)


def _is_narrow(policy: Answer) -> bool:
    return bool((policy["spec"].get("selector") or {}).get("matchLabels"))


def _is_strict(policy: Answer) -> bool:
    modes = [policy["spec"].get("mtls") or {}, *(policy["spec"].get("portLevelMtls") or {}).values()]
    return all(each.get("mode") == "STRICT" for each in modes)
