"""The team's Elasticsearch: documents of the last day, found by as much of Lucene's query syntax as the checklist uses."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from .measured import Measured

_TOKENS = re.compile(r'\s*(\(|\)|"[^"]*"|[^\s()"]+)')

Document = Mapping[str, Any]
Finds = Callable[[Document], bool]


def page(measured: Measured, path: str, query: Mapping[str, str]) -> Any:
    """The answer to GET, or None where there is no such page."""
    if path == "/_cluster/health":
        return {"cluster_name": "logs", "status": "green", "number_of_nodes": 3}
    index, _, last = path.strip("/").rpartition("/")
    if last != "_search" or not index.startswith("toombos-"):
        return None
    return _searched(measured.lines.get(index.removeprefix("toombos-"), ()), json.loads(query["source"]))


def _searched(lines: Iterable[Document], asked: Mapping[str, Any]) -> dict[str, Any]:
    since, sought = asked["query"]["bool"]["filter"]
    seconds = int(since["range"]["@timestamp"]["gte"].removeprefix("now-").removesuffix("s"))
    oldest = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    finds = understood(sought["query_string"]["query"])
    found = [each for each in lines if each["@timestamp"] >= oldest and finds(each)]
    answer: dict[str, Any] = {
        "took": 1,
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {"total": {"value": len(found), "relation": "eq"}, "hits": _newest(found, asked["size"])},
    }
    if "aggs" in asked:
        wanted = asked["aggs"]["top"]["terms"]
        counted = Counter(each[wanted["field"]] for each in found if wanted["field"] in each).most_common(wanted["size"])
        answer["aggregations"] = {"top": {"buckets": [{"key": key, "doc_count": count} for key, count in counted]}}
    return answer


def _newest(found: list[Document], most: int) -> list[dict[str, Any]]:
    return [{"_index": "toombos", "_source": each} for each in reversed(found[-most:])] if most else []


def understood(query: str) -> Finds:
    """What a query finds: terms, ``field:term``, ``field:(a OR b)``, ``_exists_:field``, AND and OR, brackets."""
    words = [match[1] for match in _TOKENS.finditer(query)]
    finds = _either(words, "")
    if words:
        raise ValueError(f"{query!r} is more than this stand-in understands")
    return finds


def _either(words: list[str], field: str) -> Finds:
    parts = [_both(words, field)]
    while words and words[0] == "OR":
        words.pop(0)
        parts.append(_both(words, field))
    return lambda document: any(part(document) for part in parts)


def _both(words: list[str], field: str) -> Finds:
    parts = [_one(words, field)]
    while words and words[0] == "AND":
        words.pop(0)
        parts.append(_one(words, field))
    return lambda document: all(part(document) for part in parts)


def _one(words: list[str], field: str) -> Finds:
    word = words.pop(0)
    if word == "(":
        inside = _either(words, field)
        words.pop(0)
        return inside
    name, colon, rest = word.partition(":")
    if colon and not field and not word.startswith('"'):
        return (lambda document: rest in document) if name == "_exists_" else _one([rest] if rest else _taken(words), name)
    return _term(field, word.strip('"'))


def _taken(words: list[str]) -> list[str]:
    """The words of the brackets, or the quoted text, that belong to a field."""
    if words[0] != "(":
        return [words.pop(0)]
    end = words.index(")") + 1
    taken, words[:] = words[:end], words[end:]
    return taken


def _term(field: str, term: str) -> Finds:
    if term == "*":
        return lambda _document: True
    pattern = re.compile(rf"(?<!\w){re.escape(term)}(?!\w)", re.IGNORECASE)

    def finds(document: Document) -> bool:
        values = [document.get(field, "")] if field else list(document.values())
        return any(pattern.search(str(value)) for value in values)

    return finds
