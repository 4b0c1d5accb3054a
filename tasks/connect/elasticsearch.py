"""Read door to Elasticsearch and OpenSearch: searches by GET, what may be told of documents, and how the cluster is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tasks.connect.api import Api, Service
from tasks.connect.http import mark
from tasks.core.errors import EvidenceError
from tasks.core.log_lines import exposures, quoted
from tasks.core.sample import Sample, Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

_EVERYTHING = "*"


@dataclass(frozen=True)
class Lines:
    """Which documents: of the index, of the last minutes by the time field, that the query (Lucene's syntax) finds."""

    index: str
    minutes: float
    query: str = ""
    time_field: str = "@timestamp"

    def __str__(self) -> str:
        return f"{self.index} ({self.query})" if self.query else self.index


class Elasticsearch:
    """Opens clusters."""

    def __init__(self, api: Api, trail: Trail) -> None:
        self._api = api
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Elasticsearch:
        """The door; it connects at the first question."""
        return cls(Api.open(session, trail), trail)

    def at(self, url: str, key: str = "", scheme: str = "ApiKey") -> Cluster:
        """The cluster whose base address is ``url``; ``key`` is a reference."""
        return Cluster(self._api.at(url, key, scheme), self._trail)


@dataclass(frozen=True)
class Cluster:
    """One cluster. Raw documents stay inside: what comes out is quoted, with what looks like a secret hidden, or counted."""

    service: Service
    trail: Trail

    def ask(self, path: str) -> Any:
        """What a page answers, such as ``/_cluster/health``."""
        return self.service.json(path)

    def count(self, lines: Lines) -> int:
        """How many documents there are."""
        question = f"number of documents of {lines} of the last {lines.minutes:g} minutes"
        found = self._read(
            question, lines, lambda: self._search(lines, size=0, track_total_hits=True)["hits"]["total"]["value"]
        )
        return int(found)

    def quoted(self, lines: Lines, most: int) -> list[str]:
        """The newest documents, as they may be quoted."""
        question = f"newest {most} documents of {lines} of the last {lines.minutes:g} minutes"
        found: list[str] = self._read(question, lines, lambda: [quoted(each) for each in self._texts(lines, most)])
        return found

    def exposed(self, lines: Lines, most: int) -> tuple[int, dict[str, int]]:
        """How many of the newest documents were looked at, and how many of them give a secret away, by what does."""

        def looked() -> tuple[int, dict[str, int]]:
            texts = self._texts(lines, most)
            return len(texts), exposures(texts)

        question = f"secrets in the newest {most} documents of {lines} of the last {lines.minutes:g} minutes"
        found: tuple[int, dict[str, int]] = self._read(question, lines, looked)
        return found

    def top(self, lines: Lines, field: str, most: int) -> list[tuple[str, int]]:
        """The field's most frequent values, with how many documents have each."""

        def counted() -> list[dict[str, Any]]:
            buckets = self._search(lines, size=0, aggs={"top": {"terms": {"field": field, "size": most}}})["aggregations"][
                "top"
            ]["buckets"]
            return [{field: str(each["key"]), "documents": int(each["doc_count"])} for each in buckets]

        found = self._read(
            f"values of {field} of {lines} of the last {lines.minutes:g} minutes, at most {most}", lines, counted
        )
        return [(each[field], each["documents"]) for each in found]

    def _read(self, question: str, lines: Lines, ask: Callable[[], Any]) -> Any:
        place = f"{self.service.url}{mark(self.service.headers)}"
        return self.trail.read("elasticsearch", f"{place}: {question} by {lines.time_field}", ask)

    def _texts(self, lines: Lines, most: int) -> list[str]:
        newest = [{lines.time_field: "desc"}]
        found = self._search(lines, size=most, sort=newest)["hits"]["hits"]
        return [_text(each["_source"]) for each in found]

    def _search(self, lines: Lines, **body: Any) -> Any:
        """The search's body goes as a parameter, so that it stays a GET; what it answers is kept by who asks, not here."""
        since = {"range": {lines.time_field: {"gte": f"now-{lines.minutes * 60:.0f}s"}}}
        sought = {"query_string": {"query": lines.query or _EVERYTHING}}
        source = json.dumps({"query": {"bool": {"filter": [since, sought]}}, **body}, sort_keys=True)
        unkept = replace(self.service, trail=Trail(Sample()))
        found = unkept.json(f"/{lines.index}/_search", source=source, source_content_type="application/json")
        if found["timed_out"] or found["_shards"]["failed"]:
            raise EvidenceError(f"Only a part of {lines.index} was searched: timed out, or shards that failed.")
        return found


def _text(document: Any) -> str:
    """The message, when the document is hardly more; else all of it."""
    return str(document["message"]) if set(document) <= {"message", "@timestamp", "level"} else json.dumps(document)
