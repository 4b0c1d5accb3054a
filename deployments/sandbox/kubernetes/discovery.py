"""What the stand-in API says of itself: groups, resources, and the little of OpenAPI that kubectl insists on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .kinds import Kind

_READS = ["get", "list", "watch"]
_VERBS = ["create", "delete", "deletecollection", *_READS, "patch", "update"]
_VERSION = {
    "major": "1",
    "minor": "32",
    "gitVersion": "v1.32.4",
    "gitCommit": "sandbox",
    "gitTreeState": "clean",
    "buildDate": "2026-01-01T00:00:00Z",
    "goVersion": "go1.23",
    "compiler": "gc",
    "platform": "linux/amd64",
}


def page(path: str, kinds: Sequence[Kind]) -> dict[str, Any] | str | None:  # noqa: PLR0911  a table of pages
    """The discovery page at ``path``; None when there is none."""
    match path.strip("/").split("/"):
        case ["healthz" | "readyz" | "livez", *_]:
            return "ok"
        case ["version"]:
            return _VERSION
        case ["api"]:
            return {"kind": "APIVersions", "versions": ["v1"]}
        case ["apis"]:
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(name, kinds) for name in _groups(kinds)]}
        case ["apis", group] if group in _groups(kinds):
            return {"kind": "APIGroup", "apiVersion": "v1", **_group(group, kinds)}
        case ["api", "v1"]:
            return _resources("", "v1", kinds)
        case ["apis", group, version] if version in _versions(group, kinds):
            return _resources(group, version, kinds)
        case ["openapi", "v3"]:
            return {"paths": {place: {"serverRelativeURL": f"/openapi/v3/{place}"} for place in _places(kinds)}}
        case ["openapi", "v3", *rest] if "/".join(rest) in _places(kinds):
            return _openapi("/".join(rest), kinds)
    return None


def _groups(kinds: Sequence[Kind]) -> list[str]:
    return list(dict.fromkeys(kind.group for kind in kinds if kind.group))


def _versions(group: str, kinds: Sequence[Kind]) -> list[str]:
    return list(dict.fromkeys(version for kind in kinds if kind.group == group for version in kind.versions))


def _group(name: str, kinds: Sequence[Kind]) -> dict[str, Any]:
    versions = [{"groupVersion": f"{name}/{version}", "version": version} for version in _versions(name, kinds)]
    return {"name": name, "versions": versions, "preferredVersion": versions[0]}


def _resources(group: str, version: str, kinds: Sequence[Kind]) -> dict[str, Any]:
    listed: list[dict[str, Any]] = []
    for kind in kinds:
        if kind.group != group or version not in kind.versions:
            continue
        verbs = _READS[:2] if group == "metrics.k8s.io" else _VERBS
        about = {"name": kind.plural, "singularName": kind.name.lower(), "namespaced": kind.namespaced, "kind": kind.name}
        every = {"categories": ["all"]} if kind.id in _IN_ALL else {}
        listed.append({**about, "verbs": verbs, "shortNames": list(kind.short), **every})
        for each in kind.subresources:
            scale = {"group": "autoscaling", "version": "v1", "kind": "Scale"} if each == "scale" else {}
            verbs = ["create"] if each == "eviction" else ["get"] if each == "log" else ["get", "patch", "update"]
            listed.append({**about, "name": f"{kind.plural}/{each}", "singularName": "", "verbs": verbs, **scale})
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": _place_version(group, version), "resources": listed}


def _place_version(group: str, version: str) -> str:
    return f"{group}/{version}" if group else version


def _places(kinds: Sequence[Kind]) -> list[str]:
    return ["api/v1", *(f"apis/{group}/{version}" for group in _groups(kinds) for version in _versions(group, kinds))]


def _openapi(place: str, kinds: Sequence[Kind]) -> dict[str, Any]:
    """All that kubectl looks for here: whether a kind's PATCH takes ``fieldValidation``."""
    group, version = ("", "v1") if place == "api/v1" else place.split("/")[1:]
    names = [(kind.plural, kind.name) for kind in kinds if kind.group == group and version in kind.versions]
    paths = {f"/{place}/{plural}/{{name}}": {"patch": _patch(group, version, name)} for plural, name in names}
    return {"openapi": "3.0.0", "info": {"title": "stand-in", "version": "v1.32.4"}, "paths": paths}


def _patch(group: str, version: str, name: str) -> dict[str, Any]:
    parameters = [{"name": each, "in": "query", "schema": {"type": "string"}} for each in ("fieldValidation", "dryRun")]
    return {
        "parameters": parameters,
        "responses": {"200": {"description": "OK"}},
        "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": name},
    }


_IN_ALL = {
    "pods",
    "services",
    "deployments.apps",
    "replicasets.apps",
    "statefulsets.apps",
    "daemonsets.apps",
    "jobs.batch",
    "cronjobs.batch",
    "horizontalpodautoscalers.autoscaling",
}
