"""What the stand-in lets its one user do: everything, or what roles grant, by the rules of Kubernetes' RBAC.

A Role grants in every namespace, as if it were bound in each; a ClusterRole everywhere. What every user of a cluster may do
is granted without one: discovery, and asking what one may do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .kinds import Address

_EVERYBODYS = ("/api", "/apis", "/openapi")
_REVIEWS = "/selfsubjectaccessreviews"


def grants(roles: Sequence[Mapping[str, Any]], verb: str, where: Address | None, path: str) -> bool:
    """Whether one of the roles, or the lack of any, allows a request; ``where`` is None for paths that name no resource."""
    if not roles or path.endswith(_REVIEWS):
        return True
    if where is None:
        return path.startswith(_EVERYBODYS) or any(_of_path(rule, verb, path) for rule in _rules(roles, "ClusterRole"))
    kinds = ("ClusterRole", "Role") if where.namespace else ("ClusterRole",)
    return any(_of_resource(rule, verb, where) for rule in _rules(roles, *kinds))


def _rules(roles: Sequence[Mapping[str, Any]], *kinds: str) -> list[Mapping[str, Any]]:
    return [rule for role in roles if role["kind"] in kinds for rule in role["rules"]]


def _of_path(rule: Mapping[str, Any], verb: str, path: str) -> bool:
    return _holds(rule, "verbs", verb) and _holds(rule, "nonResourceURLs", path)


def _of_resource(rule: Mapping[str, Any], verb: str, where: Address) -> bool:
    resource = "/".join(filter(None, (where.kind.plural, where.subresource)))
    names = rule.get("resourceNames")
    return (
        _holds(rule, "verbs", verb)
        and _holds(rule, "apiGroups", where.kind.group)
        and _holds(rule, "resources", resource)
        and (not names or where.name in names)
    )


def _holds(rule: Mapping[str, Any], key: str, value: str) -> bool:
    return bool({value, "*"} & set(rule.get(key, [])))
