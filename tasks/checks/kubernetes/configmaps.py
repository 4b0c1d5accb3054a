"""ConfigMaps: there, with the keys that the application asks for."""

from __future__ import annotations

from tasks.connect.kubernetes import Kubernetes
from tasks.core.judges import every, includes
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, passed

_CONFIG_MAPS = "v1/configmaps"
_LIST = (f"kubernetes:list {_CONFIG_MAPS}",)


@check(permissions=_LIST, remedy="kubectl get configmap <configmap> -n <namespace>")
def exist(cluster: Kubernetes, *, configmaps: list[str], namespace: str) -> Verdict:
    """Every ConfigMap is there.

    A pod that mounts one which is missing does not start.
    Lists configmaps of the namespace.

    Example:
        check: kubernetes.configmaps.exist
        with: {configmaps: [web-config], namespace: shop}

    """

    def there(name: str) -> Verdict:
        return passed(f"ConfigMap {cluster.get(_CONFIG_MAPS, name, namespace)['metadata']['name']} is there.")

    return every("ConfigMap", configmaps, there)


@check(permissions=_LIST, remedy="kubectl describe configmap <configmap> -n <namespace>")
def keys_set(cluster: Kubernetes, *, configmap: str, keys: list[str], namespace: str) -> Verdict:
    """The ConfigMap has a value under every key.

    Lists configmaps of the namespace; values are not shown, for people do put secrets there.

    Example:
        check: kubernetes.configmaps.keys_set
        with: {configmap: web-config, keys: [LOG_LEVEL], namespace: shop}

    """
    data = cluster.get(_CONFIG_MAPS, configmap, namespace).get("data") or {}
    return includes(f"ConfigMap {configmap}", [name for name, value in data.items() if value], keys)
