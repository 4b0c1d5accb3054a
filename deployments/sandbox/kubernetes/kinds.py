"""The kinds of object that the stand-in cluster serves, and how an address names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """One resource of the API. The first of ``versions`` is the preferred one; all show the same object."""

    group: str
    versions: tuple[str, ...]
    plural: str
    name: str
    namespaced: bool = True
    short: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ("status",)

    @property
    def id(self) -> str:
        """``deployments.apps``, ``pods``: unique in a cluster."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def api_version(self, version: str = "") -> str:
        """What objects of this kind say under ``apiVersion``."""
        return f"{self.group}/{version or self.versions[0]}" if self.group else version or self.versions[0]


# group | versions | plural | kind | n(amespaced) or c(luster) | short names | subresources
_TABLE = """
- | v1 | namespaces | Namespace | c | ns | status
- | v1 | nodes | Node | c | no | status
- | v1 | pods | Pod | n | po | status,log,eviction
- | v1 | services | Service | n | svc | status
- | v1 | endpoints | Endpoints | n | ep |
- | v1 | configmaps | ConfigMap | n | cm |
- | v1 | secrets | Secret | n | |
- | v1 | serviceaccounts | ServiceAccount | n | sa |
- | v1 | events | Event | n | ev |
- | v1 | limitranges | LimitRange | n | limits |
- | v1 | resourcequotas | ResourceQuota | n | quota | status
- | v1 | persistentvolumeclaims | PersistentVolumeClaim | n | pvc | status
- | v1 | persistentvolumes | PersistentVolume | c | pv | status
- | v1 | replicationcontrollers | ReplicationController | n | rc | status
apps | v1 | deployments | Deployment | n | deploy | status,scale
apps | v1 | replicasets | ReplicaSet | n | rs | status,scale
apps | v1 | statefulsets | StatefulSet | n | sts | status,scale
apps | v1 | daemonsets | DaemonSet | n | ds | status
apps | v1 | controllerrevisions | ControllerRevision | n | |
batch | v1 | jobs | Job | n | | status
batch | v1 | cronjobs | CronJob | n | cj | status
autoscaling | v2 | horizontalpodautoscalers | HorizontalPodAutoscaler | n | hpa | status
policy | v1 | poddisruptionbudgets | PodDisruptionBudget | n | pdb | status
networking.k8s.io | v1 | ingresses | Ingress | n | ing | status
networking.k8s.io | v1 | ingressclasses | IngressClass | c | |
networking.k8s.io | v1 | networkpolicies | NetworkPolicy | n | netpol |
discovery.k8s.io | v1 | endpointslices | EndpointSlice | n | |
rbac.authorization.k8s.io | v1 | roles | Role | n | |
rbac.authorization.k8s.io | v1 | rolebindings | RoleBinding | n | |
rbac.authorization.k8s.io | v1 | clusterroles | ClusterRole | c | |
rbac.authorization.k8s.io | v1 | clusterrolebindings | ClusterRoleBinding | c | |
storage.k8s.io | v1 | storageclasses | StorageClass | c | sc |
coordination.k8s.io | v1 | leases | Lease | n | |
scheduling.k8s.io | v1 | priorityclasses | PriorityClass | c | pc |
apiextensions.k8s.io | v1 | customresourcedefinitions | CustomResourceDefinition | c | crd,crds | status
external-secrets.io | v1,v1beta1 | externalsecrets | ExternalSecret | n | es | status
external-secrets.io | v1,v1beta1 | secretstores | SecretStore | n | ss | status
external-secrets.io | v1,v1beta1 | clustersecretstores | ClusterSecretStore | c | css | status
security.istio.io | v1,v1beta1 | peerauthentications | PeerAuthentication | n | pa | status
cert-manager.io | v1 | certificates | Certificate | n | cert,certs | status
cert-manager.io | v1 | clusterissuers | ClusterIssuer | c | | status
monitoring.coreos.com | v1 | prometheusrules | PrometheusRule | n | promrule |
monitoring.coreos.com | v1 | servicemonitors | ServiceMonitor | n | smon |
velero.io | v1 | backups | Backup | n | | status
velero.io | v1 | schedules | Schedule | n | | status
metrics.k8s.io | v1beta1 | pods | PodMetrics | n | |
metrics.k8s.io | v1beta1 | nodes | NodeMetrics | c | |
"""


def _read(line: str) -> Kind:
    group, versions, plural, name, scope, short, subresources = (part.strip() for part in line.split("|"))
    return Kind(
        group.strip("-"),
        tuple(versions.split(",")),
        plural,
        name,
        scope == "n",
        tuple(filter(None, short.split(","))),
        tuple(filter(None, subresources.split(","))),
    )


BUILT_IN = tuple(_read(line) for line in _TABLE.strip().splitlines())
BY_ID: Mapping[str, Kind] = {kind.id: kind for kind in BUILT_IN}


def defined(definition: Mapping[str, Any]) -> Kind:
    """The kind that a CustomResourceDefinition brings."""
    spec = definition["spec"]
    names = spec["names"]
    served = [each for each in spec["versions"] if each.get("served", True)]
    versions = sorted(served, key=lambda each: not each.get("storage", False))
    return Kind(
        spec["group"],
        tuple(each["name"] for each in versions),
        names["plural"],
        names["kind"],
        spec["scope"] == "Namespaced",
        tuple(names.get("shortNames", [])),
    )


@dataclass(frozen=True)
class Address:
    """What a request's path names."""

    kind: Kind
    version: str
    namespace: str = ""
    name: str = ""
    subresource: str = ""


def address(path: str, kinds: Iterable[Kind]) -> Address | None:
    """Understand ``/apis/<group>/<version>/namespaces/<ns>/<plural>/<name>/<subresource>``; None when nothing serves it."""
    parts = path.strip("/").split("/")
    if parts[0] == "api":
        group, rest = "", parts[1:]
    elif parts[0] == "apis" and len(parts) > 1:
        group, rest = parts[1], parts[2:]
    else:
        return None
    if len(rest) < 2:
        return None
    version, rest = rest[0], rest[1:]
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        namespace, rest = rest[1], rest[2:]
    plural, name, subresource = (*rest, "", "")[:3]
    for kind in kinds:
        if (kind.group, kind.plural) == (group, plural) and version in kind.versions:
            return Address(kind, version, namespace, name, subresource)
    return None
