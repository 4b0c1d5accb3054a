"""Elasticsearch's API over the logs of the state: an index is a stream of the logs, a pattern several."""

from __future__ import annotations

import fnmatch
import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .entries import Entry, entries
from .lucene import parsed
from .reply import NOT_FOUND, Reply, State

_POLICY = re.compile(r"^/_ilm/policy/([\w.-]+)$")
_SEARCH = re.compile(r"^/([^/]+)/_search$")


def answer(state: State, path: str, query: Mapping[str, str], whole: State) -> Reply:
    """One page. ``status`` is the cluster's colour, ``policies`` are ages by name: ``{"app-logs": "30d"}``."""
    if path == "/_cluster/health":
        return Reply({"cluster_name": "sandbox", "status": state.get("status", "green"), "timed_out": False})
    if (matched := _POLICY.match(path)) and matched[1] in state.get("policies", {}):
        age = state["policies"][matched[1]]
        phases = {"delete": {"min_age": age, "actions": {"delete": {}}}} if age else {"hot": {"min_age": "0ms"}}
        return Reply({matched[1]: {"version": 1, "policy": {"phases": phases}}})
    if matched := _SEARCH.match(path):
        try:
            return Reply(_searched(matched[1], json.loads(query["source"]), whole))
        except (ValueError, KeyError) as error:
            return Reply({"error": {"type": "parsing_exception", "reason": str(error)}}, 400)
    return NOT_FOUND


def _searched(index: str, source: Mapping[str, Any], whole: State) -> dict[str, Any]:
    (since,) = source["query"]["bool"]["filter"][0]["range"].values()
    begin = time.time() - float(since["gte"].removeprefix("now-").removesuffix("s"))
    test = parsed(source["query"]["bool"]["filter"][1]["query_string"]["query"])
    found = [(each, document) for each, document in _documents(index, whole) if each.moment >= begin and test(document)]
    newest = sorted(found, key=lambda pair: -pair[0].moment)[: source.get("size", 10)]
    answered = {
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "failed": 0},
        "hits": {"total": {"value": len(found), "relation": "eq"}, "hits": [{"_source": document} for _, document in newest]},
    }
    terms = source.get("aggs", {}).get("top", {}).get("terms")
    if terms:
        counted = Counter(str(document[terms["field"]]) for _, document in found if terms["field"] in document)
        buckets = [{"key": name, "doc_count": count} for name, count in counted.most_common(terms["size"])]
        answered["aggregations"] = {"top": {"buckets": buckets}}
    return answered


def _documents(index: str, whole: State) -> list[tuple[Entry, dict[str, Any]]]:
    patterns = index.split(",")
    return [
        (each, {"@timestamp": datetime.fromtimestamp(each.moment, UTC).isoformat(), "service": each.stream, **each.fields})
        for each in entries(whole.get("logs", {}))
        if any(fnmatch.fnmatchcase(each.stream, pattern) for pattern in patterns)
    ]
