"""Secrets: there, with the keys that the application asks for. Their values are never shown."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import every, includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, passed

_GET = ("kubernetes:get v1/secrets",)


@check(permissions=_GET, remedy="kubectl get secret <secret> -n <namespace>")
def exist(cluster: Kubernetes, *, secrets: list[str], namespace: str) -> Verdict:
    """Every secret is there.

    A pod whose secret is missing does not start; one that takes it as a variable starts without.
    Gets the metadata of each secret, and not what it holds.

    Example:
        check: kubernetes.secrets.exist
        with: {secrets: [web-secrets], namespace: shop}

    """

    def there(name: str) -> Verdict:
        return passed(f"Secret {cluster.metadata('v1/secrets', name, namespace)['name']} is there.")

    return every("secret", secrets, there)


@check(permissions=_GET, remedy="kubectl describe secret <secret> -n <namespace>")
def keys_set(cluster: Kubernetes, *, secret: str, keys: list[str], namespace: str) -> Verdict:
    """The secret has a value under every key.

    A key that was renamed on one side only is found out by the first pod that starts.
    Gets the secret; which keys hold something is kept, and no value is.

    Example:
        check: kubernetes.secrets.keys_set
        with: {secret: web-secrets, keys: [DATABASE_URL], namespace: shop}

    """
    held = [name for name, filled in cluster.secret_keys(secret, namespace).items() if filled]
    return includes(f"Secret {secret}", held, keys)
