"""Certificates that cert-manager renews."""

from __future__ import annotations

from datetime import datetime

from tasks.connect.kubernetes import Kubernetes
from tasks.core.errors import Malformed
from tasks.core.judges import at_least, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, unknown
from tasks.core.workloads import condition

_RESOURCE = "cert-manager.io/v1/certificates"


@check(permissions=(f"kubernetes:list {_RESOURCE}",), remedy="kubectl describe certificate <certificate> -n <namespace>")
def renewed(cluster: Kubernetes, *, certificates: list[str], namespace: str, days: int = 14) -> Verdict:
    """Every certificate is ready, is renewed by itself, and is good for some days yet.

    cert-manager renews at two thirds of a certificate's life; one that comes close to its end was not renewed.
    Lists certificates of cert-manager in the namespace. ``days`` is the least time that must be left.

    Example:
        check: kubernetes.certificates.renewed
        with: {certificates: [web-tls], namespace: shop, days: 21}

    """

    def good(name: str) -> Verdict:
        thing = cluster.get(_RESOURCE, name, namespace)
        seen = condition(thing, "Ready")
        if not seen:
            return unknown(f"Certificate {name} has not been looked at by cert-manager yet.")
        if seen["status"] != "True":
            return failed(f"Certificate {name} is not ready: {seen.get('message') or seen.get('reason')}.")
        left = (_moment(name, thing["status"]["notAfter"]) - cluster.now).total_seconds() / 86400
        if "renewalTime" not in thing["status"]:
            return unknown(f"Certificate {name} does not tell when it will be renewed.")
        return at_least(f"Time left of certificate {name}", round(left, 1), days, "days")

    return every("certificate", certificates, good)


def _moment(name: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise Malformed(f"The end of certificate {name}, '{text}', is no time.") from error
