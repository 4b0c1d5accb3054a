"""Templates in arguments: rendered in a sandbox, strictly, and never twice.

Only what the checklist's author wrote is a template. Values reach it as data, so a parameter that contains `{{ … }}` stays
that text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from checklists.arguments import misnamed, mistyped
from checklists.plan import Call, Late
from checklists.suggestions import listed
from tasks.core.errors import EvidenceError
from tasks.core.registry import catalogue

CAPTURED = "captured"

_MARKS = ("{{", "{%", "{#")
_EXPRESSION = re.compile(r"\{\{[-+]?(.*?)[-+]?\}\}", re.DOTALL)
_FAILURES = (TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError)


class _Sandbox(ImmutableSandboxedEnvironment):
    """A mapping's entries only: `captured.items` is the fact of that name, not Python's method."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)


_sandbox = _Sandbox(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
_sandbox.globals.clear()


@dataclass(frozen=True)
class Named:
    """What a template needs: values by name, and facts that earlier items capture."""

    values: frozenset[str] = field(default_factory=frozenset)
    captured: frozenset[str] = field(default_factory=frozenset)


def is_template(value: Any) -> bool:
    """Whether any text inside, keys included, has something to render."""
    return any(any(mark in text for mark in _MARKS) for text in _texts(value))


def named(value: Any) -> Named:
    """What the templates inside need. Raises ``ValueError`` with a sentence for one that is no template."""
    values: set[str] = set()
    captured: set[str] = set()
    for text in _texts(value):
        tree = _parse(text)
        values |= meta.find_undeclared_variables(tree)
        captured |= _captured(tree, text)
    return Named(frozenset(values - {CAPTURED}), frozenset(captured))


def render(value: Any, values: Mapping[str, Any]) -> Any:
    """The value with every template in it rendered, keys included, as JSON types.

    A text that is exactly one ``{{ expression }}`` becomes what the expression is; any other stays text. Raises
    ``ValueError`` with a sentence.
    """
    if isinstance(value, str):
        return _rendered(value, values) if is_template(value) else value
    if isinstance(value, Mapping):
        return {str(render(key, values)): render(each, values) for key, each in value.items()}
    return [render(each, values) for each in value] if isinstance(value, (list, tuple)) else value


def render_late(call: Call, captured: Mapping[str, Any]) -> dict[str, Any]:
    """All arguments of the call, with what earlier items captured.

    Raises ``EvidenceError`` while something is not captured yet, or when what was captured does not fit.
    """
    late = {name: _late(name, argument, captured) for name, argument in call.late.items()}
    arguments = {**call.arguments, **late}
    definition = catalogue().get(call.id)
    if late and definition is not None:
        mistakes = [sentence for _, sentence in (*misnamed(definition, arguments), *mistyped(definition, arguments))]
        if mistakes:
            raise EvidenceError(" ".join(mistakes))
    return arguments


def _late(name: str, argument: Late, captured: Mapping[str, Any]) -> Any:
    missing = sorted(named(argument.template).captured - captured.keys())
    if missing:
        raise EvidenceError(f"The argument '{name}' needs {listed(missing)}, which no item has captured yet.")
    try:
        return render(argument.template, {**argument.values, CAPTURED: dict(captured)})
    except ValueError as error:
        raise EvidenceError(f"The argument '{name}' cannot be made: {error}") from error


def _rendered(text: str, values: Mapping[str, Any]) -> Any:
    try:
        expression = _only_expression(text)
        if expression is None:
            return _sandbox.from_string(text).render(values)
        return _plain(_sandbox.compile_expression(expression, undefined_to_none=False)(**values))
    except _FAILURES as error:
        raise ValueError(f"The template `{text}` cannot be rendered: {_told(error)}.") from error


def _only_expression(text: str) -> str | None:
    body = _parse(text.strip()).body
    match = _EXPRESSION.fullmatch(text.strip())
    alone = len(body) == 1 and isinstance(body[0], nodes.Output) and len(body[0].nodes) == 1
    return match[1] if alone and match and text == text.strip() else None


def _plain(value: Any) -> Any:
    if isinstance(value, Undefined):
        str(value)  # a strict undefined raises the sentence that names it
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    raise TypeError(f"it gives {type(value).__name__}, not a text, number or list (a filter may need `| list` after it)")


def _told(error: Exception) -> str:
    """Jinja's sentence without the file and line that a text inside a checklist does not have."""
    return str(getattr(error, "message", "") or error).rstrip(".")


def _parse(text: str) -> nodes.Template:
    try:
        tree = _sandbox.parse(text)
        meta.find_undeclared_variables(tree)  # unknown filters are found here
    except _FAILURES as error:
        raise ValueError(f"`{text}` is not a template: {_told(error)}.") from error
    if any(True for _ in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends))):
        raise ValueError(f"`{text}` reads another template; write it out.")
    return tree


def _captured(tree: nodes.Template, text: str) -> set[str]:
    uses = [node for node in tree.find_all(nodes.Name) if node.name == CAPTURED]
    facts = {node.attr for node in tree.find_all(nodes.Getattr) if node.node in uses}
    facts |= {
        node.arg.value
        for node in tree.find_all(nodes.Getitem)
        if node.node in uses and isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str)
    }
    if uses and not facts:
        raise ValueError(f"`{text}` must say which captured fact it means: captured.<name>.")
    return facts


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
