"""From plain data to the model: mistakes of shape as sentences, each with its line."""

from __future__ import annotations

import copy
import typing
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from checklists.lines import Location, Source
from checklists.model import Checklist
from checklists.suggestions import listed, meant, shown

_ROUNDS = 3  # leaving out one part may bring out mistakes that it hid

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
}
_PATTERNS = {
    "^[a-z][a-z0-9-]*$": "lower-case letters, digits and hyphens, beginning with a letter",
    "^[a-z][a-z0-9_]*$": "lower-case letters, digits and underscores, beginning with a letter",
}


@dataclass(frozen=True)
class Shaped:
    """What could be read of a checklist. ``checklist`` is None when too much is missing to look any further."""

    checklist: Checklist | None
    left_out: tuple[Location, ...]
    mistakes: list[tuple[Location, str]]


def shaped(source: Source) -> Shaped:
    """The checklist as the model has it, without the parts that the model refuses, and a mistake for each of them."""
    if not isinstance(source.data, dict):
        message = "A checklist is a mapping of keys such as `checklist:`, `environments:` and `phases:`; this is none."
        return Shaped(None, (), [((), message)])
    data = copy.deepcopy(source.data)
    mistakes: list[tuple[Location, str]] = []
    left_out: list[Location] = []
    for _ in range(_ROUNDS):
        try:
            return Shaped(Checklist.model_validate(data), tuple(left_out), mistakes)
        except ValidationError as error:
            found = [(_location(each), each) for each in error.errors(include_url=False) if not _follows(each)]
        if not left_out:
            mistakes = [(location, _sentence(each, location)) for location, each in found]
        removed = [_leave_out(data, location) for location, _ in found]
        if not all(removed):
            break
        left_out += [location for location, _ in found]
    return Shaped(None, (), mistakes)


def _location(error: ErrorDetails) -> Location:
    return tuple(step for step in error["loc"] if step != "[key]")


def _follows(error: ErrorDetails) -> bool:
    """A list whose entries were refused also counts as empty; only the refusals are told."""
    return error["type"] == "too_short" and bool(error["input"])


def _leave_out(data: Any, location: Location) -> bool:
    """Remove the key, so that what stands beside it can be looked at too. False when that cannot be done."""
    try:
        for step in location[:-1]:
            data = data[step]
    except (LookupError, TypeError):
        return False
    # An entry of a list stays: without it the others would have other numbers, and so other lines.
    if not location or not isinstance(data, dict) or location[-1] not in data:
        return False
    del data[location[-1]]
    return True


def _sentence(error: ErrorDetails, location: Location) -> str:  # noqa: PLR0911 (one a kind of mistake)
    kind, given, context = error["type"], error["input"], error.get("ctx", {})
    name = _spoken(location)
    if kind == "extra_forbidden":
        return f"The key {name} is not known here{meant(str(location[-1]), _keys_at(location[:-1]))}"
    if kind == "missing":
        return f"The key {name} is missing."
    if kind == "too_short":
        return f"{name} is empty; it needs at least one entry."
    if kind == "literal_error":
        wanted = [each.strip("'") for each in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return f"{name} is {shown(given)}, not one of {listed(wanted, 'or')}{meant(str(given), wanted)}"
    if kind == "string_pattern_mismatch":
        return f"{shown(given)} must be {_PATTERNS.get(context['pattern'], context['pattern'])}."
    if kind == "value_error":
        return f"{name}: {context['error']}."
    if kind in _WANTED:
        quotes = "; put it in quotes" if kind == "string_type" and isinstance(given, (int, float)) else ""
        return f"{name} wants {_WANTED[kind]}, not {shown(given)}{quotes}."
    return f"{name}: {error['msg']}."


def _spoken(location: Location) -> str:
    """The last key, and the number of an entry below it: `items`, `choices` entry 2."""
    keys = [step for step in location if isinstance(step, str)]
    last = location[-1] if location else ""
    entry = f", entry {last + 1}" if isinstance(last, int) else ""
    return f"`{keys[-1] if keys else 'checklist'}`{entry}"


def _keys_at(location: Location) -> list[str]:
    """The keys that the model knows at a location."""
    kind: Any = Checklist
    for step in location:
        if isinstance(step, str) and isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = _field(kind, step)
        else:
            kind = _inner(kind)
    kind = _model(kind)
    return [field.alias or name for name, field in kind.model_fields.items()] if kind else []


def _field(model: type[BaseModel], key: str) -> Any:
    annotations = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    annotation = annotations.get(key)
    return _model(annotation) if typing.get_origin(annotation) not in (tuple, dict) else annotation


def _inner(kind: Any) -> Any:
    """What a list's entries or a mapping's values are."""
    inner = [each for each in typing.get_args(kind) if each is not Ellipsis]
    return inner[-1] if inner else kind


def _model(kind: Any) -> Any:
    """The model inside ``Model | None`` and the like."""
    options = [kind, *typing.get_args(kind)]
    return next((each for each in options if isinstance(each, type) and issubclass(each, BaseModel)), None)
