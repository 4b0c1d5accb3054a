"""Answers of the outside world that cannot be misread: a field that is not there is Malformed, never a traceback."""

from __future__ import annotations

from typing import Any, NoReturn

from tasks.core.errors import Malformed


class Answer(dict[str, Any]):
    """A JSON object as some API sent it; asking it for a field that it lacks raises ``Malformed``."""

    def __missing__(self, name: str) -> NoReturn:
        raise Malformed(f"The answer has no field '{name}'; it has {', '.join(sorted(self)) or 'no field at all'}.")


def answer(value: Any) -> Any:
    """``value`` with every object in it, however deep, made an ``Answer``."""
    if isinstance(value, dict):
        return Answer({str(name): answer(each) for name, each in value.items()})
    return [answer(each) for each in value] if isinstance(value, list) else value
