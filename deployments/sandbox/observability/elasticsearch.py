"""Elasticsearch's API."""

from __future__ import annotations

import fnmatch
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .lucene import Document, parsed
from .reply import NOT_FOUND, Reply

_POLICY = "/_ilm/policy/"
_SEARCH = "/_search"


@dataclass(frozen=True)
class Elasticsearch:
    """One cluster: documents by index, with times in ISO form, and ages by policy; none is a policy that deletes nothing."""

    indices: Mapping[str, Iterable[Document]] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    status: str = "green"

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """One page."""
        if path == "/_cluster/health":
            return Reply({"cluster_name": "logs", "status": self.status, "timed_out": False})
        policy = path.removeprefix(_POLICY)
        if policy in self.policies:
            age = self.policies[policy]
            phases = {"delete": {"min_age": age, "actions": {"delete": {}}}} if age else {"hot": {"min_age": "0ms"}}
            return Reply({policy: {"version": 1, "policy": {"phases": phases}}})
        documents = self._documents(path.removesuffix(_SEARCH).strip("/"))
        if not path.endswith(_SEARCH) or documents is None:
            return NOT_FOUND
        try:
            return Reply(_searched(documents, json.loads(query["source"])))
        except (ValueError, KeyError) as error:
            return Reply({"error": {"type": "parsing_exception", "reason": str(error)}}, 400)

    def _documents(self, asked: str) -> list[Document] | None:
        """Those of the indices asked for, as names or patterns; None when one is named that is not there."""
        found: list[Document] = []
        for pattern in asked.split(","):
            names = fnmatch.filter(self.indices, pattern)
            if not names and "*" not in pattern:
                return None
            found += (document for name in names for document in self.indices[name])
        return found


def _searched(documents: list[Document], source: Mapping[str, Any]) -> dict[str, Any]:
    since, sought = source["query"]["bool"]["filter"]
    ((time, limit),) = since["range"].items()
    seconds = float(limit["gte"].removeprefix("now-").removesuffix("s"))
    oldest = (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()
    finds = parsed(sought["query_string"]["query"])
    found = [document for document in documents if document.get(time, "") >= oldest and finds(document)]
    newest = sorted(found, key=lambda document: str(document[time]), reverse=True)[: source["size"]]
    answer: dict[str, Any] = {
        "timed_out": False,
        "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
        "hits": {"total": {"value": len(found), "relation": "eq"}, "hits": [{"_source": document} for document in newest]},
    }
    if "aggs" in source:
        terms = source["aggs"]["top"]["terms"]
        counted = Counter(str(document[terms["field"]]) for document in found if terms["field"] in document)
        buckets = [{"key": name, "doc_count": count} for name, count in counted.most_common(terms["size"])]
        answer["aggregations"] = {"top": {"buckets": buckets}}
    return answer
