"""Doors to a Kubernetes cluster: a read door for checks, a write door for actions.

A resource is named as its address has it: ``v1/pods``, ``apps/v1/deployments``, ``security.istio.io/v1/peerauthentications``.
``cluster.get("apps/v1/deployments", "web", "shop")`` is taken out of one list of that kind in that namespace, which
happens once a sample however many checks look at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tasks.connect.kubernetes_client import address, asked, connections, kubeconfig_file, request
from tasks.connect.kubernetes_errors import translated
from tasks.connect.kubernetes_secrets import guarded, learn, learnt_keys
from tasks.core.answers import Answer, answer
from tasks.core.errors import Absent, EvidenceError, Malformed, ReadOnly
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

FIELD_MANAGER = "deployment-gates"
_PAGE = 500
_METADATA_ONLY = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"


class Kubernetes:
    """Read door; only GET leaves it, whatever the code above it does."""

    def __init__(self, kubeconfig: str, trail: Trail) -> None:
        self._kubeconfig = kubeconfig
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Kubernetes:
        """The read door on the cluster that the session's kubeconfig leads to."""
        return cls(session.settings.kubeconfig, trail)

    @property
    def context(self) -> str:
        """The name of the kubeconfig's current context; ``in-cluster`` for a pod's own account."""
        name: str = self._trail.read("kubernetes", "context", lambda: translated("its context", self._context))
        return name

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began."""
        return self._trail.sample.started

    def version(self) -> Answer:
        """What the server says of its version, once it says that it is ready."""
        found: Answer = self._trail.read("kubernetes", "version", self._version)
        return found

    def objects(self, resource: str, namespace: str = "") -> list[Answer]:
        """Every object of a resource, all pages of it, in one namespace or in the whole cluster."""
        where = f" in {namespace}" if namespace else ""
        found: list[Answer] = self._trail.read(
            "kubernetes", f"list {resource}{where}", lambda: self._list(resource, namespace, f"list {resource}{where}")
        )
        return found

    def get(self, resource: str, name: str, namespace: str = "") -> Answer:
        """The object of that name among the resource's. Raises ``Absent`` when there is none."""
        found = [each for each in self.objects(resource, namespace) if each["metadata"]["name"] == name]
        if not found:
            where = f"namespace {namespace}" if namespace else "the cluster"
            raise Absent(f"There is no {name} among the {resource.rpartition('/')[2]} of {where}.")
        return found[0]

    def metadata(self, resource: str, name: str, namespace: str) -> Answer:
        """The object's metadata alone: for what is not to be read, such as a secret. Raises ``Absent``."""
        path = address(resource, namespace, name)
        found: Answer = self._trail.read(
            "kubernetes",
            f"metadata of {resource} {name} in {namespace}",
            lambda: self._ask(path, {}, _METADATA_ONLY)["metadata"],
        )
        return found

    def secret_keys(self, name: str, namespace: str) -> dict[str, bool]:
        """The keys of a secret, and whether there is anything in each. Its values are learnt, and go no further."""
        path = address("v1/secrets", namespace, name)
        found: dict[str, bool] = self._trail.read(
            "kubernetes", f"keys of secret {name} in {namespace}", lambda: learnt_keys(self._ask(path, {}))
        )
        return found

    def _list(self, resource: str, namespace: str, what: str) -> list[Answer]:
        if resource == "v1/secrets":
            raise ReadOnly("A check may not list secrets; it may ask for the metadata or the keys of one that it names.")
        path, query = address(resource, namespace), {"limit": str(_PAGE)}
        found: list[Answer] = []
        while True:
            page = self._ask(path, query, what=what)
            found += _items(page, what)
            if not (after := page["metadata"].get("continue")):
                return found
            query = {"limit": str(_PAGE), "continue": after}

    def _version(self) -> Answer:
        ready = request(self._client(), "GET", "/readyz", what="readiness")
        if ready.strip() != b"ok":
            raise EvidenceError(f"Kubernetes does not say that it is ready: {ready[:200].decode('utf-8', 'replace')}.")
        return self._ask("/version", {})

    def _ask(self, path: str, query: Mapping[str, str], accept: str = "application/json", what: str = "") -> Answer:
        found = asked(self._client(), "GET", path, query, accept=accept, what=what)
        return Answer(answer(guarded(found)))

    def _context(self) -> str:
        from kubernetes import config

        listed: Any = config.list_kube_config_contexts  # which has no types
        file = kubeconfig_file(self._kubeconfig)
        return str(listed(file)[1]["name"]) if file else "in-cluster"

    def _client(self) -> Any:
        return connections.client(self._kubeconfig, writes=False)


class KubernetesWriter:
    """Write door, for actions: nothing is remembered; errors are translated alike."""

    def __init__(self, kubeconfig: str) -> None:
        self._kubeconfig = kubeconfig

    @classmethod
    def open(cls, session: Session, trail: Trail) -> KubernetesWriter:  # noqa: ARG003  what is written is no reading
        """The write door on the cluster that the session's kubeconfig leads to."""
        return cls(session.settings.kubeconfig)

    def objects(self, resource: str, namespace: str, labels: str = "") -> list[Answer]:
        """The objects of a resource in a namespace, with the labels of a selector such as ``app=web``."""
        query = {"labelSelector": labels} if labels else {}
        found = self._ask("GET", address(resource, namespace), query)
        # An object in a list does not say what it is; put back alone it must.
        kind = {"apiVersion": found["apiVersion"], "kind": str(found["kind"]).removesuffix("List")}
        return [Answer(kind | each) for each in _items(found, f"list {resource} in {namespace}")]

    def get(self, resource: str, name: str, namespace: str) -> Answer | None:
        """The object as it is now; None when there is none."""
        try:
            return self._ask("GET", address(resource, namespace, name))
        except Absent:
            return None

    def apply(self, resource: str, manifest: Mapping[str, Any], namespace: str, *, dry_run: bool = False) -> Answer:
        """Server-side apply: make the object, or make it as the manifest says. Fields that others applied are a conflict."""
        query = {"fieldManager": FIELD_MANAGER} | ({"dryRun": "All"} if dry_run else {})
        path = address(resource, namespace, manifest["metadata"]["name"])
        return self._ask("PATCH", path, query, manifest, "application/apply-patch+yaml")

    def patch(self, resource: str, name: str, namespace: str, change: Mapping[str, Any]) -> Answer:
        """Merge a change into the object, lists of named things by their names."""
        query = {"fieldManager": FIELD_MANAGER}
        return self._ask("PATCH", address(resource, namespace, name), query, change, "application/strategic-merge-patch+json")

    def replace(self, resource: str, thing: Mapping[str, Any], namespace: str) -> Answer:
        """Put the whole object in place of the one of its name."""
        path = address(resource, namespace, thing["metadata"]["name"])
        return self._ask("PUT", path, {"fieldManager": FIELD_MANAGER}, thing)

    def create(self, resource: str, thing: Mapping[str, Any], namespace: str) -> Answer:
        """Make a new object."""
        return self._ask("POST", address(resource, namespace), {"fieldManager": FIELD_MANAGER}, thing)

    def delete(self, resource: str, name: str, namespace: str) -> None:
        """Take the object away, and after it what it owns. One that is not there is gone already."""
        try:
            self._ask("DELETE", address(resource, namespace, name), {"propagationPolicy": "Background"})
        except Absent:
            return

    def resource(self, api_version: str, kind: str) -> tuple[str, bool]:
        """The resource of a manifest's kind, ``apps/v1/deployments``, and whether it is namespaced. Raises ``Absent``."""
        path = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
        for each in self._ask("GET", path)["resources"]:
            if each["kind"] == kind and "/" not in each["name"]:
                return f"{api_version}/{each['name']}", bool(each["namespaced"])
        raise Absent(f"The cluster has no kind {kind} in {api_version}.")

    def _ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = "application/json",
    ) -> Answer:
        client = connections.client(self._kubeconfig, writes=True)
        found = asked(client, method, path, query, body, content_type=content_type)
        learn(found)
        return Answer(answer(found))


def _items(page: Answer, what: str) -> list[Answer]:
    if not isinstance(page["items"], list):
        raise Malformed(f"Kubernetes answered {what} with no list.")
    return page["items"]
