"""Read door to HTTP services: GET, HEAD and OPTIONS, nothing else. The only importer of httpx."""

from __future__ import annotations

import hmac
import json
import os
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from tasks.core.answers import answer
from tasks.core.errors import EvidenceError, Malformed, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    import httpx

    from tasks.connect.session import Session

Method = Literal["GET", "HEAD", "OPTIONS"]

_SALT = os.urandom(16)  # so that nobody guesses a key by its mark
_connecting = threading.Lock()


@dataclass(frozen=True)
class Response:
    """What a service answered: status, headers (lower case), body (its first megabyte), and how long the whole took."""

    status: int
    headers: dict[str, str]
    text: str = field(repr=False)
    seconds: float

    LONGEST: ClassVar[int] = 1_000_000

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

    def get(self, url: str, timeout_seconds: float = 10, headers: Mapping[str, str] | None = None) -> Response:
        """The answer to GET. Raises ``Unreachable`` without one, ``EvidenceError`` for what is no URL.

        The values of ``headers`` may be secrets: evidence shows their names.
        """
        return self._ask("GET", url, timeout_seconds, headers or {})

    def head(self, url: str, timeout_seconds: float = 10) -> Response:
        """The answer to HEAD, which has no body."""
        return self._ask("HEAD", url, timeout_seconds, {})

    def options(self, url: str, headers: Mapping[str, str], timeout_seconds: float = 10) -> Response:
        """The answer to OPTIONS, which browsers ask before they send what another page wants sent."""
        return self._ask("OPTIONS", url, timeout_seconds, headers)

    def _ask(self, method: Method, url: str, timeout_seconds: float, headers: Mapping[str, str]) -> Response:
        question = f"{method} {url}{mark(headers)} within {timeout_seconds:g} s"
        response: Response = self._trail.read("http", question, lambda: answered(method, url, timeout_seconds, headers))
        return response


def mark(headers: Mapping[str, str]) -> str:
    """The headers as a question tells of them: by name, and by a mark that differs where a value does."""
    told = [f"{name} {_digest(value)}" for name, value in sorted(headers.items())]
    return f" with {', '.join(told)}" if told else ""


def _digest(value: str) -> str:
    return hmac.new(_SALT, value.encode(), "sha256").hexdigest()[:6]


def answered(method: Method, url: str, timeout_seconds: float, headers: Mapping[str, str]) -> Response:
    """The answer, or ``Unreachable`` at the latest a second after time was up.

    httpx's own timeouts are for each read: a server that drips its headers, or a name server that sleeps, would hold us.
    """
    answer_later: Future[Response] = Future()

    def ask() -> None:
        try:
            answer_later.set_result(_exchanged(method, url, timeout_seconds, headers))
        except BaseException as error:  # noqa: BLE001  raised again where the answer is awaited
            answer_later.set_exception(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        return answer_later.result(timeout_seconds + 1)
    except TimeoutError as error:
        raise Unreachable(f"{method} {url} had no answer after {timeout_seconds:g} s.") from error


def _exchanged(method: Method, url: str, timeout_seconds: float, headers: Mapping[str, str]) -> Response:
    import httpx

    begun = time.monotonic()
    try:
        with _client().stream(method, url, timeout=timeout_seconds, headers=dict(headers)) as response:
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
        if len(body) >= Response.LONGEST:
            break
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout("the body took too long")
    return body[: Response.LONGEST]


def _client() -> httpx.Client:
    with _connecting:
        return _made()


@cache
def _made() -> httpx.Client:
    import httpx

    limits = httpx.Limits(max_connections=32, keepalive_expiry=30)
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))  # one answer must not change the next
    return httpx.Client(limits=limits, cookies=no_cookies, verify=ssl.create_default_context())
