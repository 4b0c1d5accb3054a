"""The four ways in which a client may change an object: JSON patch, merge patch, strategic merge patch, server-side apply."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

# The API server reads these from its types; these are the ones that manifests of deployments use.
_MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "ephemeralContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
    "conditions": "type",
    "imagePullSecrets": "name",
    "secrets": "name",
    "ownerReferences": "uid",
    "hostAliases": "ip",
    "topologySpreadConstraints": "topologyKey",
}
_MERGED_PRIMITIVES = ("finalizers",)


class BadPatchError(Exception):
    """The patch cannot be applied; the message is for the client."""


def json_patch(thing: Any, operations: list[dict[str, Any]]) -> Any:
    """RFC 6902, without ``copy`` and ``move``, which kubectl does not use."""
    holder = {"": copy.deepcopy(thing)}
    for each in operations:
        parts = ["", *(part.replace("~1", "/").replace("~0", "~") for part in each["path"].split("/")[1:])]
        try:
            _operate(holder, parts, each)
        except (KeyError, IndexError, ValueError) as error:
            raise BadPatchError(f"the server rejected our request due to an error in our request: {each['path']}") from error
    return holder[""]


def _operate(target: Any, parts: list[str], operation: dict[str, Any]) -> None:
    for part in parts[:-1]:
        target = target[int(part)] if isinstance(target, list) else target[part]
    last: Any = parts[-1]
    if isinstance(target, list):
        last = len(target) if last == "-" else int(last)
    match operation["op"]:
        case "add" if isinstance(target, list):
            target.insert(last, operation["value"])
        case "add":
            target[last] = operation["value"]
        case "replace":
            del target[last]  # which must be there
            target.insert(last, operation["value"]) if isinstance(target, list) else target.update({last: operation["value"]})
        case "remove":
            del target[last]
        case "test":
            if target[last] != operation["value"]:
                raise ValueError("the test failed")
        case other:
            raise BadPatchError(f"JSON patch operation {other} is not served here")


def merge_patch(thing: Any, patch: Any) -> Any:
    """RFC 7386."""
    if not isinstance(patch, dict):
        return patch
    result = dict(thing) if isinstance(thing, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge_patch(result.get(name), value)
    return result


def strategic(thing: Any, patch: Any, field: str = "") -> Any:
    """Kubernetes' own merge: lists of things with a key are merged by it, and ``$`` directives delete and replace."""
    if isinstance(patch, list):
        return _merged_list(thing if isinstance(thing, list) else [], patch, field)
    if not isinstance(patch, dict):
        return patch
    if patch.get("$patch") == "replace":
        return {name: value for name, value in patch.items() if name != "$patch"}
    result = dict(thing) if isinstance(thing, dict) else {}
    if "$retainKeys" in patch:
        result = {name: value for name, value in result.items() if name in patch["$retainKeys"]}
    for name, value in patch.items():
        if name.startswith("$deleteFromPrimitiveList/"):
            listed = name.partition("/")[2]
            result[listed] = [each for each in result.get(listed, []) if each not in value]
        elif name.startswith("$"):
            continue
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = strategic(result.get(name), value, name)
    return _ordered(result, patch)


def merge_key(field: str, items: list[Any]) -> str:
    """The name by which the items of a list are told apart; empty for a list that is replaced as a whole."""
    if not items or not all(isinstance(each, dict) for each in items):
        return ""
    if field == "ports":
        return "containerPort" if any("containerPort" in each for each in items) else "port"
    key = _MERGE_KEYS.get(field, "")
    return key if all(key in each or "$patch" in each for each in items) else ""


def _merged_list(things: list[Any], patch: list[Any], field: str) -> list[Any]:
    if field in _MERGED_PRIMITIVES:
        return [*things, *(each for each in patch if each not in things)]
    key = merge_key(field, patch)
    if not key or any(each.get("$patch") == "replace" for each in patch):
        return [copy.deepcopy(each) for each in patch if not (isinstance(each, dict) and each.get("$patch") == "replace")]
    result = {each.get(key): each for each in things}
    for each in patch:
        if each.get("$patch") == "delete":
            result.pop(each.get(key), None)
        else:
            result[each[key]] = strategic(result.get(each[key]), each)
    return list(result.values())


def _ordered(result: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    for name, order in patch.items():
        if not name.startswith("$setElementOrder/"):
            continue
        field = name.partition("/")[2]
        key = merge_key(field, order)
        if key and isinstance(result.get(field), list):
            places = {each[key]: place for place, each in enumerate(order)}
            result[field] = sorted(result[field], key=lambda each: places.get(each.get(key), len(places)))
    return result


def applied(live: dict[str, Any] | None, before: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Server-side apply: ``wanted`` merged in, and what the same manager wanted before and no longer wants taken out."""
    trimmed = _without(copy.deepcopy(live or {}), before, wanted)
    result: dict[str, Any] = strategic(trimmed, wanted)
    return result


def conflicts(live: dict[str, Any], others: dict[str, dict[str, Any]], wanted: dict[str, Any]) -> list[tuple[str, str]]:
    """Fields that another manager applied, that still stand as it said, and that ``wanted`` would change."""
    now, mine = dict(leaves(live)), dict(leaves(wanted))
    return [
        (manager, path)
        for manager, theirs in others.items()
        for path, value in leaves(theirs)
        if path in mine and now.get(path) == value != mine[path]
    ]


def leaves(thing: Any, path: str = "", field: str = "") -> Iterator[tuple[str, Any]]:
    """Every value with the path that names it; identity is nobody's field."""
    if isinstance(thing, dict) and thing:
        for name, value in thing.items():
            if path or name not in ("apiVersion", "kind"):
                yield from leaves(value, f"{path}.{name}", name)
    elif isinstance(thing, list) and (key := merge_key(field, thing)):
        for each in thing:
            yield from leaves(each, f'{path}[{key}="{each[key]}"]')
    elif path not in (".metadata.name", ".metadata.namespace"):
        yield path, thing


def _without(live: Any, before: Any, wanted: Any, field: str = "") -> Any:
    if isinstance(before, dict) and isinstance(live, dict):
        for name, old in before.items():
            if name not in (wanted or {}):
                live.pop(name, None)
            elif name in live:
                live[name] = _without(live[name], old, wanted[name], name)
        return live
    key = merge_key(field, before) if isinstance(before, list) else ""
    if not key or not isinstance(live, list) or not isinstance(wanted, list):
        return live
    kept = {each.get(key): each for each in wanted}
    earlier = {each.get(key): each for each in before}
    return [
        _without(each, earlier.get(each.get(key), {}), kept.get(each.get(key), {}))
        for each in live
        if each.get(key) in kept or each.get(key) not in earlier
    ]
