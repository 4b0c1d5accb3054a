"""The least that a release of a checklist needs to be allowed: an IAM policy and Kubernetes roles, from its plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from checklists.plan import Call, Plan
from tasks.connect.references import PERMISSIONS
from tasks.core.registry import catalogue

_KUBERNETES = "kubernetes:"
_IN_NO_NAMESPACE = {
    "customresourcedefinitions",
    "ingressclasses",
    "namespaces",
    "nodes",
    "persistentvolumes",
    "priorityclasses",
    "storageclasses",
}


def needed(plan: Plan, *, actions: bool) -> list[str]:
    """The permissions of every check of the plan, and with ``actions`` of every action, each once, sorted."""
    wanted = {
        _filled(permission, call)
        for item, call in plan.calls()
        if actions or call is not item.action
        for permission in [*catalogue()[call.id].permissions, *_followed(call.arguments)]
    }
    return sorted(wanted)


def _filled(permission: str, call: Call) -> str:
    """``kubernetes:list <resource>`` names an argument of the call; what only the run can know stays as it is."""
    values = {f"<{name}>": value for name, value in call.arguments.items() if isinstance(value, str)}
    for name, value in values.items():
        permission = permission.replace(name, value)
    return permission


def _followed(value: Any) -> set[str]:
    """What following the references to secrets among the arguments needs, however deep they stand."""
    if isinstance(value, Mapping):
        return _followed(list(value.values()))
    if isinstance(value, list):
        return {permission for each in value for permission in _followed(each)}
    kind = value.partition(":")[0] if isinstance(value, str) else ""
    return {PERMISSIONS[kind]} if kind in PERMISSIONS else set()


def iam_policy(permissions: Iterable[str]) -> dict[str, Any]:
    """The IAM policy that allows them, one statement a service. Resources are not narrowed: reads list before they get."""
    by_service: dict[str, list[str]] = defaultdict(list)
    for permission in permissions:
        if not permission.startswith(_KUBERNETES):
            by_service[permission.partition(":")[0]].append(permission)
    statements = [
        {"Sid": service.replace("-", "").capitalize(), "Effect": "Allow", "Action": names, "Resource": "*"}
        for service, names in sorted(by_service.items())
    ]
    return {"Version": "2012-10-17", "Statement": statements}


def kubernetes_roles(permissions: Iterable[str], name: str) -> dict[str, Any]:
    """The roles that allow them, as a List that ``kubectl apply`` takes.

    A Role for what stands in a namespace, to be bound in each namespace of the system, and a ClusterRole for what stands in
    none; either only when it has rules. ``kubernetes:list apps/v1/deployments`` and ``kubernetes:get /readyz`` are the forms.
    """
    verbs: dict[str, set[str]] = defaultdict(set)
    for permission in permissions:
        if permission.startswith(_KUBERNETES):
            verb, _, target = permission.removeprefix(_KUBERNETES).partition(" ")
            verbs[target].add(verb)
    rules: dict[str, list[dict[str, Any]]] = {"ClusterRole": [], "Role": []}
    for target, allowed in sorted(verbs.items()):
        rules["ClusterRole" if _cluster_wide(target) else "Role"].append(_rule(target, sorted(allowed)))
    head = {"apiVersion": "rbac.authorization.k8s.io/v1"}
    roles = [{**head, "kind": kind, "metadata": {"name": name}, "rules": found} for kind, found in rules.items() if found]
    return {"apiVersion": "v1", "kind": "List", "items": roles}


def _cluster_wide(target: str) -> bool:
    """Whether it stands in no namespace. Kinds that a cluster was taught follow the custom of saying so in their name."""
    resource = target.rpartition("/")[2]
    return target.startswith("/") or resource in _IN_NO_NAMESPACE or resource.startswith("cluster")


def _rule(target: str, verbs: list[str]) -> dict[str, Any]:
    if target.startswith("/"):
        return {"nonResourceURLs": [target], "verbs": verbs}
    if "/" not in target:  # an action that applies whatever its files hold
        return {"apiGroups": ["*"], "resources": ["*"], "verbs": verbs}
    *group, _version, resource = target.split("/")
    return {"apiGroups": group or [""], "resources": [resource], "verbs": verbs}
