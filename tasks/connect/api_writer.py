"""Write door to services with an API over HTTP, for actions: JSON in, JSON out, with a key by reference."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from tasks.connect.references import Secrets
from tasks.core.answers import parsed
from tasks.core.errors import Absent, ActionError, Denied, Throttled, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Trail

if TYPE_CHECKING:
    from tasks.connect.session import Session

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
_PATIENCE_SECONDS = 30.0
_LONGEST_REASON = 200


class ApiWriter:
    """Opens services; nothing is remembered, and nothing is sent twice."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    @classmethod
    def open(cls, session: Session, trail: Trail) -> ApiWriter:
        """The door; it connects at the first request."""
        return cls(Secrets.open(session, trail))

    def at(self, url: str, key: str = "", scheme: str = "Bearer") -> ServiceWriter:
        """The service whose base address is ``url``. ``key`` is a reference; without one nothing proves who asks."""
        return ServiceWriter(url.rstrip("/"), {"Authorization": self._secrets.token(key, scheme)} if key else {})

    def secret(self, reference: str) -> str:
        """A secret that a service wants in the body of a request."""
        return self._secrets.value(reference)


@dataclass(frozen=True)
class ServiceWriter:
    """One service: paths below its base address."""

    url: str
    headers: Mapping[str, str]

    def send(self, method: Method, path: str, body: Any = None) -> Any:
        """The answer as JSON, None where it is empty.

        Raises ``Absent`` for 404, ``Denied``, ``Throttled``, ``Unreachable`` without an answer or for one of the 500s, and
        ``ActionError`` for any other that is no success.
        """
        import httpx

        place = f"{method} {self.url}{path}"
        try:
            with httpx.Client(verify=ssl.create_default_context(), timeout=_PATIENCE_SECONDS) as client:
                answer = client.request(method, f"{self.url}{path}", headers=dict(self.headers), json=body)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise ActionError(f"'{self.url}' is no address of a service: {error}.") from error
        except httpx.TransportError as error:
            raise Unreachable(f"{place} was not answered: {error}.") from error
        if answer.is_success:
            return parsed(answer.text, f"The answer to {place}") if answer.text.strip() else None
        said = redact(" ".join(answer.text[:_LONGEST_REASON].split())) or "nothing more"
        raise _meant(answer.status_code)(f"{place} was answered {answer.status_code}: {said}.")


def _meant(status: int) -> type[Exception]:
    if status >= 500:
        return Unreachable
    return {401: Denied, 403: Denied, 404: Absent, 429: Throttled}.get(status, ActionError)
