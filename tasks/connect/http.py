"""Read door to HTTP services: GET and HEAD, nothing else. The only importer of httpx."""

from __future__ import annotations

import json
import ssl
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Literal

from tasks.core.answers import answer
from tasks.core.errors import EvidenceError, Malformed, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    import httpx

    from tasks.connect.session import Session

_LONGEST_BODY = 1_000_000
_connecting = threading.Lock()


@dataclass(frozen=True)
class Response:
    """What a service answered: status, headers (lower case), body (its first megabyte), and how long the whole took."""

    status: int
    headers: dict[str, str]
    text: str = field(repr=False)
    seconds: float

    def __str__(self) -> str:
        # As text the headers' names no longer hide what stands beside them.
        return f"status {self.status} in {self.seconds:.3f} s, headers {redact(self.headers)}, body {self.text[:1000]}"

    @property
    def json(self) -> Any:
        """The body as JSON. Raises ``Malformed``."""
        try:
            return answer(json.loads(self.text))
        except ValueError as error:
            raise Malformed(f"The answer is no JSON: {error}.") from error


class Http:
    """Asks services as any reader would; redirects are answers, not followed."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Http:  # noqa: ARG003  connections belong to the process
        """The door; it connects at the first question."""
        return cls(trail)

    def get(self, url: str, timeout_seconds: float = 10) -> Response:
        """The answer to GET. Raises ``Unreachable`` without one, ``EvidenceError`` for what is no URL."""
        return self._ask("GET", url, timeout_seconds)

    def head(self, url: str, timeout_seconds: float = 10) -> Response:
        """The answer to HEAD, which has no body."""
        return self._ask("HEAD", url, timeout_seconds)

    def _ask(self, method: Literal["GET", "HEAD"], url: str, timeout_seconds: float) -> Response:
        question = f"{method} {url} within {timeout_seconds:g} s"
        response: Response = self._trail.read("http", question, lambda: _in_time(method, url, timeout_seconds))
        return response


def _in_time(method: str, url: str, timeout_seconds: float) -> Response:
    """The answer, or ``Unreachable`` at the latest a second after time was up.

    httpx's own timeouts are for each read: a server that drips its headers, or a name server that sleeps, would hold us.
    """
    answer_later: Future[Response] = Future()

    def ask() -> None:
        try:
            answer_later.set_result(_answered(method, url, timeout_seconds))
        except BaseException as error:  # noqa: BLE001  raised again where the answer is awaited
            answer_later.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answer_later.result(timeout_seconds + 1)
    except TimeoutError as error:
        raise Unreachable(f"{method} {url} had no answer after {timeout_seconds:g} s.") from error


def _answered(method: str, url: str, timeout_seconds: float) -> Response:
    import httpx

    begun = time.monotonic()
    try:
        with _client().stream(method, url, timeout=timeout_seconds) as response:
            body = _body(response, begun + timeout_seconds)
    except httpx.TimeoutException as error:
        raise Unreachable(f"{method} {url} had no answer after {timeout_seconds:g} s.") from error
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError) as error:
        raise EvidenceError(f"'{url}' is no URL to ask: {error}.") from error
    except (httpx.RemoteProtocolError, httpx.DecodingError) as error:
        raise Malformed(f"{method} {url} was answered with what is not HTTP: {error}.") from error
    except httpx.TransportError as error:
        raise Unreachable(f"{method} {url} was not reached: {error}.") from error
    seen = {name.lower(): value for name, value in response.headers.items()}
    text = body.decode(response.encoding or "utf-8", errors="replace")
    return Response(response.status_code, seen, text, time.monotonic() - begun)


def _body(response: httpx.Response, deadline: float) -> bytes:
    """The first megabyte, if it comes in time."""
    import httpx

    body = b""
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) >= _LONGEST_BODY:
            break
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the body took too long")
    return body[:_LONGEST_BODY]


def _client() -> httpx.Client:
    with _connecting:
        return _made()


@cache
def _made() -> httpx.Client:
    import httpx

    limits = httpx.Limits(max_connections=32, keepalive_expiry=30)
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # one answer must not change the next
    return httpx.Client(limits=limits, cookies=no_cookies, verify=ssl.create_default_context())
