"""Read door to Prometheus and what speaks its language: PromQL by GET, and what it tells of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tasks.connect.api import Api, Service
from tasks.connect.http import mark
from tasks.core.answers import Answer, answer
from tasks.core.errors import EvidenceError, Malformed
from tasks.core.sample import Sample, Trail
from tasks.core.series import Series, series

if TYPE_CHECKING:
    from tasks.connect.session import Session

_MOST_POINTS = 240


class Prometheus:
    """Opens servers."""

    def __init__(self, api: Api) -> None:
        self._api = api

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Prometheus:
        """The door; it connects at the first question."""
        return cls(Api.open(session, trail))

    def at(self, url: str, key: str = "", scheme: str = "Bearer") -> Server:
        """The server whose base address is ``url``; ``key`` is a reference."""
        return Server(self._api.at(url, key, scheme), self._api.now)


@dataclass(frozen=True)
class Server:
    """One server, as it stood when the sample began."""

    service: Service
    now: datetime
    root: str = "/api/v1/"

    def text(self, path: str) -> str:
        """A page that is no API, such as ``/-/ready``."""
        return self.service.text(path)

    def ask(self, path: str, **parameters: str) -> Any:
        """The ``data`` of an answer of the API. Raises ``EvidenceError`` for an answer that says error."""
        said = self.service.json(f"{self.root}{path}", **parameters)
        if said["status"] != "success":
            raise EvidenceError(f"{self.service.url} could not answer {path}: {said.get('error', 'no reason given')}.")
        return said["data"]

    def settings(self) -> Any:
        """The configuration that it runs with."""
        return yaml_of(self.ask("status/config")["yaml"], f"The configuration of {self.service.url}")

    def instant(self, query: str, ago: timedelta = timedelta()) -> list[Series]:
        """What the query answers, now or as of so long ago: each series with at most one point."""
        when = f" as of {ago} ago" if ago else ""
        return self._series(f"{query}{when}", "query", query=query, time=_moment(self.now - ago))

    def over(self, query: str, minutes: float, step_seconds: float = 0) -> list[Series]:
        """What the query answered over the last minutes; without a step in at most 240 points, at least 15 s apart."""
        step = step_seconds or max(15.0, minutes * 60 / _MOST_POINTS)
        start = _moment(self.now - timedelta(minutes=minutes))
        question = f"{query} over {minutes:g} minutes, every {step:g} s"
        return self._series(question, "query_range", query=query, start=start, end=_moment(self.now), step=f"{step:g}")

    def _series(self, question: str, path: str, **parameters: str) -> list[Series]:
        """The series of an answer; evidence keeps their curves and not the answer's thousand points."""
        unkept = replace(self, service=replace(self.service, trail=Trail(Sample())))
        asked = f"{self.service.url}: {question}{mark(self.service.headers)}"
        found: list[Series] = self.service.trail.read("prometheus", asked, lambda: _understood(unkept.ask(path, **parameters)))
        return found


def yaml_of(text: str, what: str) -> Any:
    """The YAML inside an answer. Raises ``Malformed``, naming ``what``, when it is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return answer(YAML(typ="safe").load(text))
    except YAMLError as error:
        raise Malformed(f"{what} is not YAML: {' '.join(str(error).split())}.") from error


def _points(each: Answer) -> list[Any]:
    return each["values"] if "values" in each else [each["value"]]


def _moment(at: datetime) -> str:
    return f"{at.timestamp():.3f}"


def _understood(data: Any) -> list[Series]:
    """Series of any type of answer. Raises ``Malformed`` for what is none."""
    kind, result = data["resultType"], data["result"]
    try:
        if kind == "scalar":
            return [series({}, [(float(result[0]), float(result[1]))])]
        if kind in ("vector", "matrix"):
            return [series(each["metric"], [(float(at), float(value)) for at, value in _points(each)]) for each in result]
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise Malformed(f"The query was answered with what are no points: {error}.") from error
    raise Malformed(f"The query was answered with a {kind}, which has no values to judge.")
