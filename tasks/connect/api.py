"""Read door to services with an API over HTTP, such as Prometheus and Grafana: GET only, with a key by reference."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tasks.connect.http import Response, answered, mark
from tasks.connect.references import Secrets
from tasks.core.answers import parsed
from tasks.core.errors import Absent, Denied, EvidenceError, Malformed, Throttled, Unreachable
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

Parameter = str | float | list[str]

_PATIENCE_SECONDS = 30.0
_LONGEST_REASON = 200


class Api:
    """Opens services; what is asked of one is asked once a sample."""

    def __init__(self, secrets: Secrets, trail: Trail) -> None:
        self._secrets = secrets
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Api:
        """The door; it connects at the first question."""
        return cls(Secrets.open(session, trail), trail)

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began, so that all its checks look at the same stretch of time."""
        return self._trail.sample.started

    def at(self, url: str, key: str = "", scheme: str = "Bearer", headers: Mapping[str, str] | None = None) -> Service:
        """The service whose base address is ``url``. ``key`` is a reference; without one nothing proves who asks."""
        proof = {"Authorization": self._secrets.token(key, scheme)} if key else {}
        return Service(url.rstrip("/"), {**(headers or {}), **proof}, self._trail)


@dataclass(frozen=True)
class Service:
    """One service: paths below its base address. Statuses of failure are raised as our errors."""

    url: str
    headers: Mapping[str, str]
    trail: Trail

    def json(self, path: str, **parameters: Parameter) -> Any:
        """The answer as JSON. Raises ``Malformed`` for another."""
        what = f"The answer of {self.url}{path}"
        return self._read("", path, parameters, lambda asked: parsed(_body(asked, f"{self.url}{path}"), what))

    def text(self, path: str, **parameters: Parameter) -> str:
        """The body of an answer of success, with one value of a parameter or several."""
        found: str = self._read(" as text", path, parameters, lambda asked: _body(asked, f"{self.url}{path}"))
        return found

    def response(self, path: str, **parameters: Parameter) -> Response:
        """Whatever was answered, also a failure. Raises ``Unreachable`` without an answer."""
        found: Response = self._read(", whatever is answered", path, parameters, lambda asked: asked)
        return found

    def _read(self, how: str, path: str, parameters: Mapping[str, Parameter], made: Callable[[Response], Any]) -> Any:
        """What is made of the answer is what evidence keeps."""
        query = urlencode(parameters, doseq=True)
        told = "".join(f" {name}={value}" for name, value in parameters.items())
        url = f"{self.url}{path}" + (f"?{query}" if query else "")
        question = f"GET {self.url}{path}{told}{mark(self.headers)}{how}"
        return self.trail.read("api", question, lambda: made(answered("GET", url, _PATIENCE_SECONDS, self.headers)))


def _body(response: Response, place: str) -> str:
    """The body of an answer of success. Raises our error for another, and for one too long to be whole."""
    _raise_for(response, place)
    if len(response.text) >= response.LONGEST:
        raise EvidenceError(f"The answer of {place} is longer than a megabyte; ask for less.")
    return response.text


def _raise_for(response: Response, place: str) -> None:
    said = f"{place} answered {response.status}: {' '.join(response.text[:_LONGEST_REASON].split()) or 'nothing more'}"
    match response.status:
        case status if status < 300:
            return
        case status if status < 400:
            raise Malformed(
                f"{place} sends elsewhere ({response.headers.get('location', 'nowhere')}); name the address itself."
            )
        case 401 | 403:
            raise Denied(f"{said}.")
        case 404:
            raise Absent(f"{said}.")
        case 429:
            raise Throttled(f"{said}.")
        case status if status >= 500:
            raise Unreachable(f"{said}.")
        case _:
            raise EvidenceError(f"{said}.")
