"""The catalogue: every check and action there is, each known from its import path, signature, decorator and docstring.

``tasks/checks/aws/dynamodb.py: ttl_enabled`` is ``aws.dynamodb.ttl_enabled``. Its positional parameters are doors, by
their annotation; its keyword-only parameters are the arguments a checklist gives under ``with``.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import textwrap
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

Settled = Literal["done", "not done", "unknown"]
"""What an action's probe says of an attempt that was begun and whose end nobody recorded."""

_ROOTS = {"check": "tasks.checks", "action": "tasks.actions"}


@dataclass(frozen=True)
class Argument:
    """One keyword-only parameter: its Python type, and its default when it has one."""

    name: str
    type: Any
    required: bool
    default: Any = None


@dataclass(frozen=True)
class Definition:
    """A check or an action as the catalogue, the loader and the runtime know it."""

    id: str
    kind: Literal["check", "action"]
    function: Callable[..., Any]
    remedy: str
    permissions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    leaves: str = ""
    before: Callable[..., Mapping[str, Any]] | None = None
    settled: Callable[..., Settled] | None = None
    undo: Callable[..., str] | None = None
    irreversible: str = ""
    doors: tuple[Any, ...] = field(default=(), repr=False)  # classes that follow connect's Door protocol
    arguments: tuple[Argument, ...] = field(default=(), repr=False)

    @property
    def title(self) -> str:
        """First line of the docstring: the assertion, or what the action does."""
        return _documentation(self.function).split("\n", 1)[0].rstrip(".")

    @property
    def why(self) -> str:
        """The docstring between its title and its example."""
        return _documentation(self.function).partition("\n")[2].partition("Example:")[0].strip()

    @property
    def example(self) -> str:
        """The YAML of the docstring's ``Example:`` block; a test loads it."""
        return textwrap.dedent(_documentation(self.function).partition("Example:")[2]).strip("\n ")


@dataclass(frozen=True)
class Done:
    """What an action did, in one sentence, with named values that later items may use. Never a secret."""

    summary: str
    facts: Mapping[str, str] = field(default_factory=dict)


_definitions: dict[str, Definition] = {}


def check(
    *, remedy: str, permissions: tuple[str, ...] = (), aliases: tuple[str, ...] = (), leaves: str = ""
) -> Callable[[F], F]:
    """Register a check and return it unchanged.

    ``remedy`` is one command or one link that helps when it fails. ``permissions`` are the IAM actions its reads need.
    ``leaves`` is for a check that uses the running system as one of its users would: what such a use leaves behind.
    """

    def register(function: F) -> F:
        _add("check", function, remedy=remedy, permissions=permissions, aliases=aliases, leaves=leaves)
        return function

    return register


def action(
    *,
    remedy: str,
    settled: Callable[..., Settled],
    before: Callable[..., Mapping[str, Any]] | None = None,
    undo: Callable[..., str] | None = None,
    irreversible: str = "",
    permissions: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
) -> Callable[[F], F]:
    """Register an action and return it unchanged.

    The companions take the action's doors and arguments: ``before(…)`` notes what the undoing will need and its answer
    reaches the two others as ``before=``; ``settled(…, before=)`` says whether an interrupted attempt happened;
    ``undo(…, before=)`` restores what was there, may be called twice, and says in a sentence what it did.
    An action without ``undo`` says in ``irreversible`` why there is none.
    """
    if (undo is None) == (not irreversible):
        raise TypeError("An action has either an undo or the reason why it is irreversible.")

    def register(function: F) -> F:
        companions = {"before": before, "settled": settled, "undo": undo, "irreversible": irreversible}
        _add("action", function, remedy=remedy, permissions=permissions, aliases=aliases, **companions)
        return function

    return register


@cache
def catalogue() -> Mapping[str, Definition]:
    """Every definition by ID and by alias, after importing every module of ``tasks.checks`` and ``tasks.actions``."""
    for root in _ROOTS.values():
        for name in _modules(root):
            importlib.import_module(name)
    aliased = {alias: each for each in _definitions.values() for alias in each.aliases}
    retaken = aliased.keys() & _definitions.keys()
    if retaken:
        raise TypeError(f"Retired IDs are taken again: {sorted(retaken)}.")
    return aliased | _definitions


def definitions(kind: Literal["check", "action"]) -> list[Definition]:
    """The definitions of one kind, by ID, each once."""
    every = {each.id: each for each in catalogue().values() if each.kind == kind}
    return [every[name] for name in sorted(every)]


def _add(kind: Literal["check", "action"], function: Callable[..., Any], **declared: Any) -> None:
    module = function.__module__.removeprefix(_ROOTS[kind] + ".").rstrip("_")  # `lambda` cannot name a module: lambda_.py
    name = f"{module}.{function.__name__}"
    if name in _definitions:
        raise TypeError(f"{name} is defined twice.")
    doors, arguments = _signature(function)
    _definitions[name] = Definition(name, kind, function, doors=doors, arguments=arguments, **declared)


def _signature(function: Callable[..., Any]) -> tuple[tuple[Any, ...], tuple[Argument, ...]]:
    hints = typing.get_type_hints(function)
    doors: list[Any] = []
    arguments: list[Argument] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            required = parameter.default is inspect.Parameter.empty
            arguments.append(Argument(name, hints[name], required, None if required else parameter.default))
        else:
            doors.append(hints[name])
    return tuple(doors), tuple(arguments)


def _documentation(function: Callable[..., Any]) -> str:
    return inspect.getdoc(function) or ""


def _modules(root: str) -> Iterator[str]:
    package = importlib.import_module(root)
    for found in pkgutil.walk_packages(package.__path__, prefix=f"{root}."):
        yield found.name
