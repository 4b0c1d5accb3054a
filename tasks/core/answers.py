"""Answers of the outside world that cannot be misread: a field that is not there is Malformed, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from tasks.core.errors import Absent, EvidenceError, Malformed


class Answer(dict[str, Any]):
    """A JSON object as some API sent it; asking it for a field that it lacks raises ``Malformed``."""

    def __missing__(self, name: str) -> NoReturn:
        raise Malformed(f"The answer has no field '{name}'; it has {', '.join(sorted(self)) or 'no field at all'}.")


def answer(value: Any) -> Any:
    """``value`` with every object in it, however deep, made an ``Answer``."""
    if isinstance(value, dict):
        return Answer({str(name): answer(each) for name, each in value.items()})
    return [answer(each) for each in value] if isinstance(value, list) else value


def record(value: Any, what: str) -> Answer:
    """``value`` when it is a JSON object. Raises ``Malformed``, naming ``what``, for anything else."""
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no JSON object.")
    return value if isinstance(value, Answer) else Answer(value)


def records(value: Any, what: str) -> list[Answer]:
    """``value`` when it is a list of JSON objects. Raises ``Malformed``, naming ``what``, for anything else."""
    if not isinstance(value, list):
        raise Malformed(f"{what} is no list.")
    return [record(each, f"An entry of {what}") for each in value]


def number(value: Any, what: str) -> float:
    """``value`` when it is a number. Raises ``Malformed``, naming ``what``, for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed(f"{what} is no number.")
    return value


def parsed(text: str, what: str) -> Any:
    """The JSON inside an answer's text. Raises ``Malformed``, naming ``what``, when it is none."""
    try:
        return answer(json.loads(text))
    except ValueError as error:
        raise Malformed(f"{what} is not JSON: {error}.") from error


def only(kind: str, things: Iterable[Mapping[str, Any]], field: str, name: str) -> Any:
    """The one of ``things`` whose ``field`` is ``name``.

    Raises ``Absent`` when there is none, and ``EvidenceError`` when names are not unique and several bear it.
    """
    found = [thing for thing in things if thing[field] == name]
    if not found:
        raise Absent(f"There is no {kind} named '{name}'.")
    if len(found) > 1:
        raise EvidenceError(f"There are {len(found)} {kind}s named '{name}'; nobody can say which one is meant.")
    return found[0]
