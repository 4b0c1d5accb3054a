"""As much of Lucene's query language as log searches use: words, fields, values in brackets, AND, OR, NOT, and wildcards."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Document = Mapping[str, Any]
Test = Callable[[Document], bool]
_TOKEN = re.compile(r'\s*(\(|\)|"(?:[^"\\]|\\.)*"|[\w.@]+:(?=[^/])|[^\s()]+)')


def parsed(query: str) -> Test:
    """What tells whether a document is found. Raises ``ValueError`` for what is no query."""
    tokens = _TOKEN.findall(query)
    test, rest = _either(tokens, "")
    if rest:
        raise ValueError(f"'{' '.join(rest)}' is left over in the query")
    return test


def _either(tokens: list[str], field: str) -> tuple[Test, list[str]]:
    tests, rest = _all(tokens, field)
    found = [tests]
    while rest and rest[0] == "OR":
        test, rest = _all(rest[1:], field)
        found.append(test)
    return (lambda document: any(test(document) for test in found)), rest


def _all(tokens: list[str], field: str) -> tuple[Test, list[str]]:
    test, rest = _one(tokens, field)
    found = [test]
    while rest and rest[0] == "AND":
        test, rest = _one(rest[1:], field)
        found.append(test)
    return (lambda document: all(test(document) for test in found)), rest


def _one(tokens: list[str], field: str) -> tuple[Test, list[str]]:
    if not tokens:
        raise ValueError("the query ends too early")
    first, rest = tokens[0], tokens[1:]
    if first == "NOT":
        test, rest = _one(rest, field)
        return (lambda document: not test(document)), rest
    if first == "(":
        test, rest = _either(rest, field)
        if not rest or rest[0] != ")":
            raise ValueError("a bracket is not closed")
        return test, rest[1:]
    if first.endswith(":"):
        return _one(rest, first[:-1])
    return _word(field, first.strip('"')), rest


def _word(field: str, wanted: str) -> Test:
    if field == "_exists_":
        return lambda document: document.get(wanted) is not None
    words = re.escape(wanted).replace(re.escape("*"), r"\w*")
    pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)

    def found(document: Document) -> bool:
        values = document.values() if not field else [document[field]] if field in document else []
        return any(pattern.search(str(value)) for value in values)

    return found
