"""The verbs of the stand-in API: get, list, create, update, patch, delete, and the subresources."""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from . import metrics, patches, selectors
from .admission import completed, refusals, scale_of
from .cluster import Cluster
from .faults import said
from .kinds import Address
from .store import Object, key, stamp

_FINISHED = ("dryRun", "All")


class RefusedError(Exception):
    """The request cannot be served; ``status`` is the Status object to answer."""

    def __init__(self, code: int, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = said(code, message, **details)


@dataclass(frozen=True)
class Request:
    """One request for objects: where to, with which query, content type and body."""

    where: Address
    query: Mapping[str, str]
    content_type: str = "application/json"
    body: bytes = b""

    @property
    def dry(self) -> bool:
        """Whether nothing may be kept."""
        return bool(self.query.get("dryRun"))

    def content(self) -> Any:
        """The body as JSON. RefusedError when it is none."""
        if self.content_type.startswith("application/vnd.kubernetes.protobuf"):
            raise RefusedError(
                415, "the stand-in does not read protobuf; use kubectl create --dry-run=client -o yaml | kubectl apply -f -"
            )
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise RefusedError(400, f"the body is not JSON: {error}") from error


def get(cluster: Cluster, request: Request) -> Object:
    """One object. RefusedError when it is not there."""
    where = request.where
    if where.kind.group == "metrics.k8s.io":
        found = next((each for each in _metrics(cluster, where) if each["metadata"]["name"] == where.name), None)
    else:
        found = cluster.store.get(where.kind.id, where.namespace, where.name)
    if found is None:
        message = f'{where.kind.id} "{where.name}" not found'
        raise RefusedError(404, message, name=where.name, group=where.kind.group, kind=where.kind.plural)
    return scale_of(found) if where.subresource == "scale" else shown(found, where)


def select(cluster: Cluster, request: Request) -> tuple[list[Object], dict[str, Any]]:
    """The objects that the query selects, one page of them, and the list's metadata."""
    where, query = request.where, request.query
    every = (
        _metrics(cluster, where) if where.kind.group == "metrics.k8s.io" else cluster.store.all(where.kind.id, where.namespace)
    )
    chosen = selectors.test(query.get("labelSelector", ""), query.get("fieldSelector", ""))
    found = [shown(each, where) for each in every if chosen(each)]
    meta: dict[str, Any] = {"resourceVersion": str(cluster.store.version)}
    after = base64.urlsafe_b64decode(query.get("continue", "")).decode()
    if after:
        found = [each for each in found if "/".join(key(each)) > after]
    limit = int(query.get("limit") or 0)
    if limit and len(found) > limit:
        meta["continue"] = base64.urlsafe_b64encode("/".join(key(found[limit - 1])).encode()).decode()
        meta["remainingItemCount"] = len(found) - limit
        found = found[:limit]
    return found, meta


def create(cluster: Cluster, request: Request) -> Object:
    """A new object. RefusedError when it is there already or is wrong."""
    where, thing = request.where, request.content()
    if where.subresource == "eviction":
        return _evict(cluster, request)
    meta = thing.setdefault("metadata", {})
    if "generateName" in meta and "name" not in meta:
        meta["name"] = f"{meta['generateName']}{cluster.store.version}"
    _place(cluster, where, thing)
    if cluster.store.get(where.kind.id, *key(thing)) is not None:
        raise RefusedError(409, f'{where.kind.id} "{meta["name"]}" already exists')
    return _kept(cluster, request, completed(where.kind, thing), None)


def update(cluster: Cluster, request: Request) -> Object:
    """The object replaced. RefusedError when it changed since the client read it, or is wrong."""
    return _changed(cluster, request, lambda _live: request.content())


def patch(cluster: Cluster, request: Request) -> Object:
    """The object patched, or applied: server-side apply makes it when it is not there."""
    ways: dict[str, Callable[[Any, Any], Any]] = {
        "application/json-patch+json": patches.json_patch,
        "application/merge-patch+json": patches.merge_patch,
        "application/strategic-merge-patch+json": patches.strategic,
    }
    if request.content_type.startswith(("application/apply-patch+yaml", "application/apply-patch+cbor")):
        return _apply(cluster, request)
    way = ways.get(request.content_type.partition(";")[0])
    if way is None:
        raise RefusedError(415, f"the body of the request was in an unknown format: {request.content_type}")
    return _changed(cluster, request, lambda live: way(live, request.content()))


def delete(cluster: Cluster, request: Request) -> Object:
    """The object taken away, with what it owns unless the client wants orphans."""
    found = get(cluster, request)
    options = json.loads(request.body) if request.body.startswith(b"{") else {}
    policy = request.query.get("propagationPolicy") or options.get("propagationPolicy", "Background")
    if not request.dry and options.get("dryRun") is None:
        live = cluster.store.get(request.where.kind.id, *key(found))
        cluster.store.remove(request.where.kind.id, live or found, orphan=policy == "Orphan")
    details = {"name": found["metadata"]["name"], "kind": request.where.kind.plural, "uid": found["metadata"]["uid"]}
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "details": details}


def delete_all(cluster: Cluster, request: Request) -> list[Object]:
    """Every object that the query selects taken away."""
    found, _ = select(cluster, request)
    for each in [] if request.dry else found:
        cluster.store.remove(request.where.kind.id, each)
    return found


def log(cluster: Cluster, request: Request) -> str:
    """What a pod's container would have written."""
    pod = get(cluster, request)
    image = pod["spec"]["containers"][0].get("image", "")
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", []))
    state = "ready to serve" if ready else "not ready"
    return f"{stamp()} INFO {pod['metadata']['name']} runs {image} and is {state}\n"


def shown(thing: Object, where: Address) -> Object:
    """The object in the version that was asked for."""
    return {**thing, "kind": thing["kind"], "apiVersion": where.kind.api_version(where.version)}


def _metrics(cluster: Cluster, where: Address) -> list[Object]:
    return metrics.pods(cluster, where.namespace) if where.kind.plural == "pods" else metrics.nodes(cluster)


def _place(cluster: Cluster, where: Address, thing: Object) -> None:
    """Give the object its namespace, which must be there."""
    if not where.kind.namespaced:
        thing["metadata"].pop("namespace", None)
        return
    if thing["metadata"].setdefault("namespace", where.namespace) != where.namespace:
        raise RefusedError(400, "the namespace of the provided object does not match the namespace sent on the request")
    if cluster.store.get("namespaces", "", where.namespace) is None:
        raise RefusedError(404, f'namespaces "{where.namespace}" not found')


def _changed(cluster: Cluster, request: Request, change: Callable[[Object], Object]) -> Object:
    where = request.where
    live = cluster.store.get(where.kind.id, where.namespace, where.name)
    if live is None:
        get(cluster, request)
    assert live is not None  # noqa: S101  get has refused otherwise
    if where.subresource == "scale":
        replicas = change(scale_of(live))["spec"].get("replicas", 0)
        kept = _kept(cluster, request, {**live, "spec": {**live["spec"], "replicas": replicas}}, live)
        return scale_of(kept)
    try:
        fresh = change(copy.deepcopy(live))
    except patches.BadPatchError as error:
        raise RefusedError(400, str(error)) from error
    version = fresh.get("metadata", {}).get("resourceVersion")
    if version and version != live["metadata"]["resourceVersion"]:
        message = "the object has been modified; please apply your changes to the latest version and try again"
        raise RefusedError(409, f'Operation cannot be fulfilled on {where.kind.id} "{where.name}": {message}')
    if where.subresource == "status":
        return _kept(cluster, request, {**live, "status": fresh.get("status", {})}, live)
    fresh["metadata"] = {**fresh["metadata"], **_identity(live)}
    if "status" in where.kind.subresources:
        fresh.pop("status", None)
        fresh |= {"status": live["status"]} if "status" in live else {}
    return _kept(cluster, request, completed(where.kind, fresh), live)


def _apply(cluster: Cluster, request: Request) -> Object:
    import yaml

    where, manager = request.where, request.query.get("fieldManager", "unnamed")
    try:
        wanted = yaml.safe_load(request.body)
    except yaml.YAMLError as error:
        raise RefusedError(400, f"the body is not YAML: {error}") from error
    wanted.get("metadata", {}).pop("managedFields", None)
    _place(cluster, where, wanted)
    live = cluster.store.get(where.kind.id, where.namespace, where.name)
    remembered = cluster.store.applied.get(live["metadata"]["uid"], {}) if live else {}
    others = {name: each for name, each in remembered.items() if name != manager}
    clashes = patches.conflicts(live or {}, others, wanted)
    if clashes and request.query.get("force") != "true":
        told = "; ".join(f'conflict with "{name}": {path}' for name, path in clashes)
        raise RefusedError(409, f"Apply failed with {len(clashes)} conflict(s): {told}")
    merged = patches.applied(live, remembered.get(manager, {}), wanted)
    if live is not None:
        merged["metadata"] = {**merged["metadata"], **_identity(live)}
    kept = _kept(cluster, request, completed(where.kind, merged), live)
    if not request.dry:
        cluster.store.applied.setdefault(kept["metadata"]["uid"], {})[manager] = wanted
    return kept


def _identity(live: Object) -> dict[str, Any]:
    names = ("uid", "creationTimestamp", "generation", "resourceVersion", "name", "namespace", "managedFields")
    return {name: live["metadata"][name] for name in names if name in live["metadata"]}


def _kept(cluster: Cluster, request: Request, thing: Object, live: Object | None) -> Object:
    kind = request.where.kind
    wrong = refusals(kind, thing, live)
    if wrong:
        told = "; ".join(f"{field}: {reason}" for field, reason in wrong)
        causes = [{"field": field, "message": reason} for field, reason in wrong]
        raise RefusedError(422, f'{kind.name}.{kind.group} "{thing["metadata"].get("name")}" is invalid: {told}', causes=causes)
    thing["metadata"]["managedFields"] = _managers(request, thing)
    thing = {**thing, "apiVersion": kind.api_version(), "kind": kind.name}
    if request.dry:
        meta = {"uid": "dry-run", "creationTimestamp": stamp(), "resourceVersion": "", **thing["metadata"]}
        return shown({**thing, "metadata": meta}, request.where)
    kept = cluster.store.add(kind, thing) if live is None else cluster.store.change(kind.id, thing)
    return shown(kept, request.where)


def _managers(request: Request, thing: Object) -> list[Object]:
    manager = request.query.get("fieldManager") or "unnamed"
    kept = [each for each in thing["metadata"].get("managedFields") or [] if each["manager"] != manager]
    operation = "Apply" if "apply-patch" in request.content_type else "Update"
    told = {"manager": manager, "operation": operation, "apiVersion": request.where.kind.api_version(request.where.version)}
    return [*kept, {**told, "time": stamp(), "fieldsType": "FieldsV1", "fieldsV1": {}}]


def _evict(cluster: Cluster, request: Request) -> Object:
    found = get(cluster, request)
    cluster.store.remove("pods", cluster.store.get("pods", *key(found)) or found)
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
