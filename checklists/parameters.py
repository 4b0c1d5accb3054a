"""Values that the person who triggers a release gives: types, defaults, choices."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from checklists.model import Checklist, Parameter
from checklists.suggestions import listed, meant, shown

_SPOKEN = {"text": "a text", "integer": "a whole number", "number": "a number", "boolean": "true or false", "choice": "a text"}
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


def answered(checklist: Checklist, answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The value of every parameter, and a sentence for each answer that is wrong or missing.

    A number or boolean may come as text, as a command line gives it; ``None`` counts as not answered.
    """
    mistakes = [
        f"The checklist has no parameter '{name}'{meant(name, checklist.parameters)}"
        for name in answers
        if name not in checklist.parameters
    ]
    values: dict[str, Any] = {}
    for name, parameter in checklist.parameters.items():
        given = answers.get(name)
        if given is None or (parameter.required and given == ""):
            values[name] = default(parameter)
            mistakes += [f"The parameter '{name}' must be given: {_wanted(parameter)}."] if parameter.required else []
        else:
            values[name] = _from_text(parameter, given)
            mistakes += [f"The parameter '{name}' {sentence}" for sentence in unfit(parameter, values[name])]
    return values, mistakes


def default(parameter: Parameter) -> Any:
    """What stands when nothing is given: a text without default is empty."""
    return "" if parameter.default is None and parameter.type == "text" else parameter.default


def unfit(parameter: Parameter, value: Any) -> Iterator[str]:
    """Why the value does not fit: the end of a sentence that begins with the parameter's name."""
    if not _typed(parameter, value):
        yield f"wants {_wanted(parameter)}, not {shown(value)}."
    elif parameter.type == "choice" and value not in parameter.choices:
        yield f"wants {_wanted(parameter)}, not {shown(value)}{meant(value, parameter.choices)}"
    elif isinstance(value, str):
        yield from _unfit_text(parameter, value)
    elif not isinstance(value, bool):
        yield from _out_of_range(parameter, value)


def unprintable(text: str) -> bool:
    """Whether the text holds control characters, which would forge lines in logs and records."""
    return any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in text)


def _typed(parameter: Parameter, value: Any) -> bool:
    if parameter.type == "boolean":
        return isinstance(value, bool)
    if parameter.type in ("text", "choice"):
        return isinstance(value, str)
    numbers = (int,) if parameter.type == "integer" else (int, float)
    return isinstance(value, numbers) and not isinstance(value, bool) and math.isfinite(value)


def _unfit_text(parameter: Parameter, value: str) -> Iterator[str]:
    if unprintable(value):
        yield "holds control characters; write plain text on one line."
    elif parameter.pattern and not re.fullmatch(parameter.pattern, value):
        yield f"is {shown(value)}, which does not match the pattern {parameter.pattern}."


def _out_of_range(parameter: Parameter, value: float) -> Iterator[str]:
    if parameter.minimum is not None and value < parameter.minimum:
        yield f"is {value}; at least {parameter.minimum:g} is allowed."
    if parameter.maximum is not None and value > parameter.maximum:
        yield f"is {value}; at most {parameter.maximum:g} is allowed."


def _wanted(parameter: Parameter) -> str:
    return f"one of {listed(parameter.choices, 'or')}" if parameter.type == "choice" else _SPOKEN[parameter.type]


def _from_text(parameter: Parameter, given: Any) -> Any:
    if not isinstance(given, str) or parameter.type in ("text", "choice"):
        return given
    if parameter.type == "boolean":
        return _BOOLEANS.get(given.strip().lower(), given)
    try:
        return int(given) if parameter.type == "integer" else float(given)
    except ValueError:
        return given
