"""The systems there are, by name. Each is imported when it is asked for: a world holds some of them, seldom all."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from .errors import WorldError
from .system import System

DEFAULT = "session-management"
_HERE = Path(__file__).parent


def names() -> list[str]:
    """Every system's name, sorted."""
    return sorted(path.parent.name.replace("_", "-") for path in _HERE.glob("*/system.py"))


@cache
def named(name: str) -> System:
    """Find a system. WorldError, with the nearest name, when there is none."""
    if name not in names():
        near = difflib.get_close_matches(name, names(), n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names())}."
        raise WorldError(f"The sandbox has no system named {name}; {hint}")
    found: System = importlib.import_module(f"{__package__}.{name.replace('-', '_')}.system").SYSTEM
    return found


def all_of(wanted: Iterable[str]) -> list[System]:
    """The systems of these names, each once, in the order given."""
    return [named(name) for name in dict.fromkeys(wanted)]
