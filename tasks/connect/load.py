"""Read door that asks one address by GET over and over, as a few users at once would. Bounded: 50 users, 60 seconds."""

from __future__ import annotations

import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tasks.core.errors import EvidenceError, Unreachable
from tasks.core.load_results import LoadResult, p95
from tasks.core.sample import Trail

if TYPE_CHECKING:
    import httpx

    from tasks.connect.session import Session

_MOST_USERS = 50
_LONGEST_SECONDS = 60.0
_PATIENCE_SECONDS = 10.0
_PAUSE_AFTER_FAILURE = 0.1


class Load:
    """A probe, once a sample for one address."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Load:  # noqa: ARG003  needs nothing of the session
        """The door; it connects at the first question."""
        return cls(trail)

    def probe(self, url: str, users: int, seconds: float) -> LoadResult:
        """What ``users`` who ask for ``seconds`` see. Raises ``EvidenceError`` for what is out of bounds or no URL.

        Raises ``Unreachable`` when nothing was ever answered.
        """
        if not 1 <= users <= _MOST_USERS or not 1 <= seconds <= _LONGEST_SECONDS:
            raise EvidenceError(
                f"A probe has 1 to {_MOST_USERS} users and lasts 1 to {_LONGEST_SECONDS:g} s, not {users} and {seconds:g} s."
            )
        question = f"GET {url} by {users} users for {seconds:g} s"
        found: LoadResult = self._trail.read("load", question, lambda: _probed(url, users, seconds))
        return found


def _probed(url: str, users: int, seconds: float) -> LoadResult:
    import httpx

    limits = httpx.Limits(max_connections=users, max_keepalive_connections=users)
    until = time.monotonic() + seconds
    with (
        httpx.Client(limits=limits, timeout=_PATIENCE_SECONDS, verify=ssl.create_default_context()) as client,
        ThreadPoolExecutor(users) as pool,
    ):
        asked = [each for one in pool.map(lambda _user: _user_asks(client, url, until), range(users)) for each in one]
    answered = [milliseconds for status, milliseconds in asked if status]
    if not answered:
        raise Unreachable(f"GET {url} was never answered, asked {len(asked)} times in {seconds:g} s.")
    bad = sum(not 200 <= status < 400 for status, _ in asked)
    return LoadResult(len(asked), bad, round(p95(answered), 1), users)


def _user_asks(client: httpx.Client, url: str, until: float) -> list[tuple[int, float]]:
    """Status, 0 for none, and milliseconds of each request."""
    import httpx

    seen: list[tuple[int, float]] = []
    while time.monotonic() < until:
        begun = time.monotonic()
        try:
            status = client.get(url).status_code
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise EvidenceError(f"'{url}' is no URL to ask: {error}.") from error
        except httpx.TransportError:
            status = 0
            time.sleep(_PAUSE_AFTER_FAILURE)
        seen.append((status, (time.monotonic() - begun) * 1000))
    return seen
