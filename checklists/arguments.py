"""The arguments of a check or an action against its signature in the catalogue."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter, ValidationError

from checklists.suggestions import listed, meant, shown
from tasks.core.registry import Argument, Definition, catalogue


def known(name: str, kind: Literal["check", "action"]) -> Definition:
    """The definition of that kind. Raises ``ValueError`` with a sentence when there is none."""
    found = catalogue().get(name)
    if found is None:
        alike = [each.id for each in catalogue().values() if each.kind == kind]
        raise ValueError(f"There is no {kind} '{name}' in the catalogue{meant(name, alike)}")
    if found.kind != kind:
        raise ValueError(f"'{name}' is {_article(found.kind)}, not {_article(kind)}; write it under `{found.kind}:`.")
    return found


def misnamed(definition: Definition, given: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Surplus and missing arguments: each with its name, or an empty name when it is missing, and a sentence."""
    given = set(given)
    wanted = {argument.name: argument for argument in definition.arguments}
    for name in sorted(given - wanted.keys()):
        yield name, f"{_called(definition)} has no argument '{name}'{meant(name, wanted.keys() - given)}"
    missing = [argument for name, argument in wanted.items() if argument.required and name not in given]
    for argument in missing:
        yield "", f"{_called(definition)} needs the argument '{argument.name}': {spoken(argument.type)}."


def mistyped(definition: Definition, given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Arguments whose value does not fit: each with its name and a sentence. Unknown names are none of its business."""
    for argument in definition.arguments:
        if argument.name in given and not fits(argument, given[argument.name]):
            yield argument.name, _unfit(definition, argument, given[argument.name])


def fits(argument: Argument, value: Any) -> bool:
    """Whether the value is of the argument's type, without turning texts into numbers or numbers into texts."""
    try:
        # Strict JSON, not strict Python: a list of a YAML file may stand for a tuple, a text for a Literal.
        adapter(argument.type).validate_json(json.dumps(value), strict=True)
    except (ValidationError, TypeError, ValueError):
        return False
    return True


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Pydantic's view of a type; TypedDicts and models bring their own configuration."""
    try:
        return TypeAdapter(kind, config=ConfigDict(arbitrary_types_allowed=True))
    except TypeError:
        return TypeAdapter(kind)


def spoken(kind: Any) -> str:
    """A Python type in the words of a sentence: ``a list of texts``."""
    return _one(kind) or "a value of its type"


def _one(kind: Any) -> str:
    plain = {
        str: "a text",
        int: "a whole number",
        float: "a number",
        bool: "true or false",
        Any: "any value",
        type(None): "null",
    }
    if kind in plain:
        return plain[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return f"one of {listed((str(each) for each in inner), 'or')}"
    if origin in (typing.Union, types.UnionType):
        return listed((_one(each) for each in inner if each is not type(None)), "or")  # nobody writes null to say "nothing"
    shape = origin or kind
    if isinstance(shape, type) and issubclass(shape, Mapping):
        return f"a mapping of names to {_many(inner[1])}" if inner else "a mapping"
    if isinstance(shape, type) and issubclass(shape, (list, tuple, set, frozenset)):
        return f"a list of {_many(inner[0])}" if inner else "a list"
    return ""


def _many(kind: Any) -> str:
    plain = {str: "texts", int: "whole numbers", float: "numbers", bool: "true or false"}
    origin = typing.get_origin(kind)
    shape = origin or kind
    if isinstance(shape, type) and issubclass(shape, Mapping):
        return "mappings"
    if isinstance(shape, type) and issubclass(shape, (list, tuple)):
        return "lists"
    return plain.get(kind, "values")


def _unfit(definition: Definition, argument: Argument, value: Any) -> str:
    sentence = f"The argument '{argument.name}' of {definition.id} wants {spoken(argument.type)}, not {shown(value)}"
    if typing.get_origin(argument.type) is Literal and isinstance(value, str):
        return sentence + meant(value, (str(each) for each in typing.get_args(argument.type)))
    if argument.type is str and isinstance(value, (int, float)):
        return f"{sentence}; put it in quotes."
    if spoken(argument.type).startswith("a list") and not isinstance(value, (list, Mapping)):
        return f"{sentence}; write it in brackets: [{value}]."
    return f"{sentence}."


def _called(definition: Definition) -> str:
    return f"The {definition.kind} {definition.id}"


def _article(kind: str) -> str:
    return "an action" if kind == "action" else f"a {kind}"
