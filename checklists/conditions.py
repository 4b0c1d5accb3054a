"""Conditions: `when: custom_domain != "" and outcome("load-test") == "PASSED"`.

Python's expression syntax cut down to names, texts, numbers, lists, comparisons, and, or, not, and the one function
`outcome`; `true` and `false` may be written in YAML's way. Nothing is ever evaluated by Python itself.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any

from checklists.suggestions import listed, meant, shown
from tasks.core.errors import EvidenceError
from tasks.core.verdicts import Status

_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}
_WORDS = {"true": True, "false": False}


def holds(when: str, values: Mapping[str, Any], outcomes: Mapping[str, str]) -> bool:
    """Whether a condition of a plan's item holds.

    ``outcomes`` maps item IDs to statuses. Raises ``EvidenceError`` while an item that it names is undecided: what is not
    known must not make an item inapplicable.
    """
    undecided = [name for name in sorted(outcomes_named(when)) if not outcomes.get(name)]
    if undecided:
        raise EvidenceError(f"Whether this applies depends on {listed(undecided)}, which is not decided yet.")
    try:
        return evaluate(when, values, outcomes)
    except ValueError as error:
        raise EvidenceError(str(error)) from error


def evaluate(when: str, values: Mapping[str, Any], outcomes: Mapping[str, str]) -> bool:
    """The truth of the condition. Raises ``ValueError`` with a sentence when it cannot be decided."""
    try:
        return bool(_value(parse(when), values, outcomes))
    except KeyError as error:
        raise ValueError(f"The condition `{when}` names {error}, which is not known here.") from error
    except TypeError as error:
        raise ValueError(f"The condition `{when}` compares values that cannot be compared.") from error


def parse(when: str) -> ast.expr:
    """The syntax tree. Raises ``ValueError`` with a sentence when it is not a condition."""
    try:
        tree = ast.parse(when.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f'`{when}` is not a condition; write one such as environment == "production".') from error
    for node in ast.walk(tree):
        _refuse_foreign(node, when)
    return tree


def names(when: str) -> set[str]:
    """The parameters and values it names."""
    return {node.id for node in ast.walk(parse(when)) if isinstance(node, ast.Name)} - {*_WORDS, "outcome"}


def outcomes_named(when: str) -> set[str]:
    """The items whose outcome it asks for."""
    return {item for node in ast.walk(parse(when)) if (item := _outcome(node)) is not None}


def terms(when: str) -> list[str]:
    """The parts that must all hold: those without an outcome can be decided before the release begins."""
    tree = parse(when)
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    return [ast.unparse(part) for part in parts]


def unmet(term: str, values: Mapping[str, Any], choices: Container[str] = ()) -> str:
    """Why an item is not asked for, as the reader of the record sees it. ``choices`` are the names whose values were chosen."""
    seen = [f"{name} is {shown(values[name])}" for name in sorted(names(term))]
    why = "Not chosen" if any(name in choices for name in names(term)) else "Not asked for"
    return f"{why}: {listed(seen) if seen else f'the condition {term} never holds'}."


def _value(node: ast.expr, values: Mapping[str, Any], outcomes: Mapping[str, str]) -> Any:  # noqa: PLR0911 (one a node)
    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            return _WORDS[name] if name in _WORDS else values[name]
        case ast.List(elts=entries) | ast.Tuple(elts=entries):
            return [_value(each, values, outcomes) for each in entries]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, values, outcomes)
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values, outcomes)
        case ast.BoolOp(op=ast.And(), values=parts):
            return all(_value(each, values, outcomes) for each in parts)
        case ast.BoolOp(values=parts):
            return any(_value(each, values, outcomes) for each in parts)
        case ast.Call(args=[ast.Constant(value=str(item))]):
            return outcomes[item]
        case ast.Compare(left=left, ops=ops, comparators=others):
            operands = [_value(each, values, outcomes) for each in (left, *others)]
            pairs = zip(ops, operands, operands[1:], strict=False)
            return all(_COMPARISONS[type(op)](one, other) for op, one, other in pairs)
    raise ValueError(f"`{ast.unparse(node)}` is not part of a condition.")


def _refuse_foreign(node: ast.AST, when: str) -> None:
    allowed = (ast.Name, ast.List, ast.Tuple, ast.BoolOp, ast.boolop, ast.Compare, ast.expr_context, *_COMPARISONS)
    constant = isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float, bool))
    sign = isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.USub))
    if not (isinstance(node, (*allowed, ast.Not, ast.USub)) or constant or sign or _outcome(node) is not None):
        written = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
        raise ValueError(
            f"`{written}` is not allowed in the condition `{when}`; use names, texts, ==, in, and, or, not, outcome."
        )
    if isinstance(node, ast.Compare):
        _refuse_unknown_status(node)


def _refuse_unknown_status(node: ast.Compare) -> None:
    sides = [node.left, *node.comparators]
    if any(_outcome(side) is not None for side in sides):
        for status in _texts(sides):
            if status not in [each.value for each in Status]:
                raise ValueError(f"No outcome is ever '{status}'{meant(status, Status)}")


def _texts(sides: list[ast.expr]) -> Iterator[str]:
    for side in sides:
        entries = side.elts if isinstance(side, (ast.List, ast.Tuple)) else [side]
        yield from (each.value for each in entries if isinstance(each, ast.Constant) and isinstance(each.value, str))


def _outcome(node: ast.AST) -> str | None:
    match node:
        case ast.Call(func=ast.Name(id="outcome"), args=[ast.Constant(value=str(item))], keywords=[]):
            return item
    return None
