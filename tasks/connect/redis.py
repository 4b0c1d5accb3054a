"""Read door to Redis and Valkey. The only importer of redis."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.connect.references import Secrets
from tasks.core.answers import answer
from tasks.core.errors import Denied, EvidenceError, ReadOnly, Throttled, Unreachable
from tasks.core.redaction import Unshown
from tasks.core.sample import Trail

if TYPE_CHECKING:
    import redis

    from tasks.connect.session import Session

_PATIENCE_SECONDS = 5
_READS = frozenset({"PING", "INFO", "CONFIG GET", "DBSIZE", "ROLE", "EXISTS", "TTL", "TYPE", "LASTSAVE", "TIME"})
_SECRET_SETTINGS = ("pass", "auth", "secret")


class Redis:
    """Opens servers."""

    def __init__(self, secrets: Secrets, trail: Trail) -> None:
        self._secrets = secrets
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Redis:
        """The door; it connects at the first question."""
        return cls(Secrets.open(session, trail), trail)

    def at(self, url: str) -> RedisServer:
        """The server that the reference ``url`` leads to."""
        import redis  # noqa: F401  so that the time of its loading is no part of what a question took

        return RedisServer(url, self._secrets.value(url), self._trail)


@dataclass(frozen=True)
class RedisServer:
    """One server. ``name`` is the reference, ``url`` what it leads to."""

    name: str
    url: Unshown
    trail: Trail

    def ask(self, command: str, *arguments: str) -> Any:
        """The answer to a command that only reads. Raises ``ReadOnly`` for any other, and for settings that are secrets."""
        if command not in _READS:
            raise ReadOnly(f"A check may not send {command} to Redis: only reads pass this door.")
        if command == "CONFIG GET" and any(
            word in each.lower() for each in arguments for word in (*_SECRET_SETTINGS, "*", "?")
        ):
            raise ReadOnly("A check may not read settings of Redis that hold a secret; name the others one by one.")
        question = f"{self.name}: {' '.join((command, *arguments))}"
        return self.trail.read("redis", question, lambda: answer(_asked(self.url, command, arguments)))

    def info(self, section: str) -> Any:
        """A section of INFO by field. Raises ``Malformed`` for a field that it lacks."""
        return self.ask("INFO", section)

    def settings(self, *names: str) -> dict[str, str]:
        """Settings by name, as text."""
        return {name: value for each in names for name, value in self.ask("CONFIG GET", each).items()}

    def refuses_strangers(self) -> bool:
        """Whether the same server refuses a PING without the password."""
        found: bool = self.trail.read("redis", f"{self.name}: refuses a PING without password", lambda: _refuses(self.url))
        return found


def _asked(url: str, command: str, arguments: tuple[str, ...]) -> Any:
    with _connected(url) as client:
        return client.execute_command(command, *arguments)  # type: ignore[no-untyped-call]


def _refuses(url: str) -> bool:
    try:
        with _connected(url, stranger=True) as client:
            client.execute_command("PING")  # type: ignore[no-untyped-call]
    except Denied:
        return True
    return False


@contextmanager
def _connected(url: str, *, stranger: bool = False) -> Iterator[redis.Redis]:
    """A connection for one question, or without the password that the address holds. Raises our errors."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    try:
        client: redis.Redis = redis.Redis.from_url(
            url,
            decode_responses=True,
            protocol=2,
            socket_timeout=_PATIENCE_SECONDS,
            socket_connect_timeout=_PATIENCE_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
    except ValueError:
        raise EvidenceError("The reference leads to what is no address of Redis (redis://:…@host:port/0).") from None
    if stranger:
        client.connection_pool.connection_kwargs.update(username=None, password=None)
    try:
        with client:
            yield client
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError) as error:
        raise Denied(f"Redis refused: {_words(error)}.") from error
    except redis.BusyLoadingError as error:
        raise Throttled(f"Redis loads its data: {_words(error)}.") from error
    except (redis.ConnectionError, redis.TimeoutError, OSError) as error:
        raise Unreachable(f"Redis was not reached: {_words(error)}.") from error
    except redis.RedisError as error:
        raise EvidenceError(f"Redis could not answer: {_words(error)}.") from error


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__
