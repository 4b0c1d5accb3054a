"""Applying manifests, and putting back what was there before them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.kubernetes.objects import digest, noted, restore, wanted
from tasks.actions.kubernetes.waiting import Workload, until_complete
from tasks.connect.kubernetes import KubernetesWriter
from tasks.connect.kubernetes_manifests import Manifests
from tasks.core.answers import Answer
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import Done, Settled, action
from tasks.core.workloads import RESOURCES

Placed = tuple[str, str, Answer]
"""A manifest with the resource it is of and the namespace it goes to, which is empty for what has none."""


def before(
    cluster: KubernetesWriter,
    manifests: Manifests,
    *,
    paths: list[str],
    namespace: str,
    images: dict[str, str] | None = None,
    **_rest: Any,
) -> dict[str, Any]:
    """What each object is now: ``{"objects": […]}``."""
    placed = _placed(cluster, manifests, paths, namespace, images)
    return {"objects": [noted(cluster, resource, thing["metadata"]["name"], where) for resource, where, thing in placed]}


def settled(
    cluster: KubernetesWriter,
    manifests: Manifests,
    *,
    before: Mapping[str, Any],
    paths: list[str],
    namespace: str,
    images: dict[str, str] | None = None,
    timeout_minutes: float = 15,
) -> Settled:
    """Done when every object is as its manifest says and rolled out; not done when each is as before; otherwise unknown."""
    placed = _placed(cluster, manifests, paths, namespace, images)
    if all(_stands(cluster, each) for each in placed):
        try:
            until_complete(cluster, _workloads(placed, namespace), namespace, timeout_minutes * 60)
        except (ActionError, Absent):
            return "unknown"
        return "done"
    now = [noted(cluster, each["resource"], each["name"], each["namespace"]) for each in before["objects"]]
    untouched = [each["digest"] for each in before["objects"]] == [each["digest"] for each in now]
    return "not done" if untouched else "unknown"


def undo(
    cluster: KubernetesWriter,
    _manifests: Manifests,
    *,
    before: Mapping[str, Any],
    namespace: str,
    timeout_minutes: float = 15,
    **_rest: Any,
) -> str:
    """Put every object back as it was, delete those that were not there, and wait for the workloads among them."""
    done = restore(cluster, before["objects"])
    words = {resource: kind for kind, resource in RESOURCES.items()}
    back = [(words[each["resource"]], each["name"]) for each in before["objects"] if each["resource"] in words and each["was"]]
    until_complete(cluster, back, namespace, timeout_minutes * 60)
    return f"Put back what the manifests changed: {', '.join(done)}." if done else "Nothing had to be put back."


@action(
    remedy="kubectl diff -f <path>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=tuple(f"kubernetes:{verb} <resource>" for verb in ("get", "create", "update", "patch", "delete")),
)
def apply(
    cluster: KubernetesWriter,
    manifests: Manifests,
    *,
    paths: list[str],
    namespace: str,
    images: dict[str, str] | None = None,
    timeout_minutes: float = 15,
) -> Done:
    """Apply the team's manifests and wait until what rolls out is rolled out.

    ``paths`` are files and folders of the checkout. ``namespace`` is where an object goes that names none; the workloads must
    be in it. ``images`` gives images a tag: ``{"registry.example.com/web": "1.2.0"}``. Server-side apply is used: a field that
    somebody else applied is a conflict and fails the action. Secrets are refused: their values would lie in the release
    record; describe them by an ExternalSecret.
    Undone by putting each object back as it was, and deleting those that were not there.

    Example:
        action: kubernetes.manifests.apply
        with: {paths: [shop/deployment/production], namespace: shop, images: {registry.example.com/web: 1.2.0}}

    """
    placed = _placed(cluster, manifests, paths, namespace, images)
    for resource, where, thing in placed:
        cluster.apply(resource, thing, where)
    rolled = _workloads(placed, namespace)
    until_complete(cluster, rolled, namespace, timeout_minutes * 60)
    names = ", ".join(f"{thing['kind']} {thing['metadata']['name']}" for _, _, thing in placed)
    return Done(f"Applied {len(placed)} objects, {len(rolled)} of which were rolled out: {names}.")


def _placed(
    cluster: KubernetesWriter, manifests: Manifests, paths: list[str], namespace: str, images: dict[str, str] | None
) -> list[Placed]:
    placed: list[Placed] = []
    for thing in manifests.read(paths):
        name = thing["metadata"]["name"]
        if thing["kind"] == "Secret":
            raise ActionError(f"Secret {name} may not be applied: its values would be recorded; use an ExternalSecret.")
        resource, namespaced = cluster.resource(thing["apiVersion"], thing["kind"])
        where = str(thing["metadata"].get("namespace") or namespace) if namespaced else ""
        if resource in RESOURCES.values() and where != namespace:
            raise ActionError(f"{thing['kind']} {name} is of namespace {where}, wanted {namespace}.")
        placed.append((resource, where, _tagged(thing, images or {})))
    return placed


def _tagged(thing: Answer, images: Mapping[str, str]) -> Answer:
    """The manifest with the tags that the release gives to its images."""
    template = thing.get("spec", {}).get("template") if isinstance(thing.get("spec"), dict) else None
    pod = (template or {}).get("spec") or {}
    for each in [*pod.get("containers", []), *pod.get("initContainers", [])]:
        name = str(each.get("image", "")).partition("@")[0]
        repository = name.rpartition(":")[0] if ":" in name.rpartition("/")[2] else name
        if repository in images:
            each["image"] = f"{repository}:{images[repository]}"
    return thing


def _workloads(placed: list[Placed], namespace: str) -> list[Workload]:
    words = {resource: kind for kind, resource in RESOURCES.items()}
    return [
        (words[resource], thing["metadata"]["name"])
        for resource, where, thing in placed
        if resource in words and where == namespace
    ]


def _stands(cluster: KubernetesWriter, placed: Placed) -> bool:
    """Whether applying the manifest would change nothing."""
    resource, where, thing = placed
    now = cluster.get(resource, thing["metadata"]["name"], where)
    return now is not None and digest(wanted(now)) == digest(wanted(cluster.apply(resource, thing, where, dry_run=True)))
