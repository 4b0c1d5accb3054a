"""As much of Lucene's query language as log searches use: words, fields, values in brackets, AND, OR, NOT, and wildcards."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

Test = Callable[[Mapping[str, Any]], bool]
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
    pattern = wanted.lower()
    if field == "_exists_":
        return lambda document: document.get(wanted) is not None
    if field and field != "message":
        return lambda document: field in document and fnmatch.fnmatchcase(str(document[field]).lower(), pattern)
    return lambda document: fnmatch.fnmatchcase(str(document.get("message", json.dumps(document))).lower(), f"*{pattern}*")
