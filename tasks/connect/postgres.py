"""Read door to PostgreSQL, and to the console of PgBouncer. The only importer of psycopg.

Every question is one statement in a transaction that is read-only by the server's own word, on a connection of its own: what
a check could change by mistake is refused there, also through a pooler, which takes no settings at the start of a connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tasks.connect.references import Secrets
from tasks.core.answers import Answer, answer
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, ReadOnly, Throttled, Unreachable
from tasks.core.redaction import Unshown
from tasks.core.sample import Trail

if TYPE_CHECKING:
    import psycopg

    from tasks.connect.session import Session

_CONNECT_SECONDS = 10
_STATEMENT_SECONDS = 15
_READS = re.compile(r"^\s*(SELECT|SHOW)\b[^;]*$", re.IGNORECASE)
_SHOWS = re.compile(r"^SHOW [A-Z_]+$")
# A failed connection has no SQLSTATE, only the server's own words.
_REFUSALS: tuple[tuple[str, type[GatesError]], ...] = (
    (
        r"authentication failed|pg_hba\.conf|not permitted to log in|permission denied|role .* does not exist|no password",
        Denied,
    ),
    (r"database .* does not exist|no such database", Absent),
    (r"too many (connections|clients)|connection slots|no more connections", Throttled),
)
_NOT_ENCRYPTED = re.compile(r"no encryption|SSL off|SSL required", re.IGNORECASE)
_STATES: dict[str, type[GatesError]] = {
    "42501": Denied,  # insufficient privilege
    "42P01": Absent,  # undefined table
    "42703": Absent,  # undefined column
    "3F000": Absent,  # undefined schema
    "42704": Absent,  # undefined object, such as a setting
    "25006": ReadOnly,  # a change in a transaction that may only read
    "53300": Throttled,
}


class Postgres:
    """Opens databases."""

    def __init__(self, secrets: Secrets, trail: Trail) -> None:
        self._secrets = secrets
        self._trail = trail

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Postgres:
        """The door; it connects at the first question."""
        return cls(Secrets.open(session, trail), trail)

    def at(self, dsn: str) -> Database:
        """The database that the reference ``dsn`` leads to."""
        import psycopg  # noqa: F401  so that the time of its loading is no part of what a question took

        return Database(dsn, self._secrets.value(dsn), self._trail)

    def console(self, dsn: str) -> Console:
        """The console of the PgBouncer that the reference ``dsn`` leads to."""
        return Console(dsn, self._secrets.value(dsn), self._trail)


@dataclass(frozen=True)
class Database:
    """One database. ``name`` is the reference, ``dsn`` what it leads to."""

    name: str
    dsn: Unshown
    trail: Trail

    def rows(self, query: str, *values: object) -> list[Answer]:
        """The rows that the query finds, by column. Raises ``ReadOnly`` for what is neither SELECT nor SHOW."""
        if not _READS.match(query):
            raise ReadOnly("A check may only SELECT and SHOW, one statement at a time.")
        told = f" with {', '.join(map(str, values))}" if values else ""
        question = f"{self.name}: {' '.join(query.split())}{told}"
        found: list[Answer] = self.trail.read("postgres", question, lambda: _asked(self.dsn, query, values))
        return found

    def encrypted(self) -> bool:
        """Whether the connection that the address asks for is encrypted, as our own side of it sees."""
        found: bool = self.trail.read("postgres", f"{self.name}: connection is encrypted", lambda: _encrypted(self.dsn))
        return found

    def refuses_plain(self) -> bool:
        """Whether the server refuses the same user when the connection is not encrypted."""
        found: bool = self.trail.read("postgres", f"{self.name}: refuses sslmode=disable", lambda: _refuses_plain(self.dsn))
        return found


@dataclass(frozen=True)
class Console:
    """PgBouncer's own database, which knows SHOW and hardly more."""

    name: str
    dsn: Unshown
    trail: Trail

    def show(self, what: str) -> list[Answer]:
        """The rows of ``SHOW POOLS`` and the like. Raises ``ReadOnly`` for another command."""
        command = f"SHOW {what}"
        if not _SHOWS.match(command):
            raise ReadOnly("A check may only SHOW what PgBouncer tells.")
        found: list[Answer] = self.trail.read("postgres", f"{self.name}: {command}", lambda: _shown(self.dsn, command))
        return found


def quote(name: str) -> str:
    """A table or column as SQL names it; a point parts the schema from the table."""
    return ".".join('"{}"'.format(part.replace('"', '""')) for part in name.split("."))


def _asked(dsn: str, query: str, values: tuple[object, ...]) -> list[Answer]:
    import psycopg

    with _connected(dsn) as connection:
        try:
            connection.read_only = True
            connection.execute(f"SET LOCAL statement_timeout = '{_STATEMENT_SECONDS}s'")
            found = connection.execute(query.encode(), values or None).fetchall()
            connection.rollback()
        except psycopg.Error as error:
            raise _translated(error) from error
    return [answer(dict(row)) for row in found]


def _shown(dsn: str, command: str) -> list[Answer]:
    import psycopg

    # The console speaks the simple protocol alone, and knows no transactions.
    with _connected(dsn, autocommit=True) as connection:
        try:
            found = psycopg.ClientCursor(connection).execute(command.encode()).fetchall()
        except psycopg.Error as error:
            raise _translated(error) from error
    return [answer(dict(row)) for row in found]


def _encrypted(dsn: str) -> bool:
    with _connected(dsn) as connection:
        return bool(connection.pgconn.ssl_in_use)


def _refuses_plain(dsn: str) -> bool:
    try:
        with _connected(dsn, sslmode="disable"):
            return False
    except GatesError as error:
        if _NOT_ENCRYPTED.search(str(error)):
            return True
        raise


@contextmanager
def _connected(dsn: str, *, autocommit: bool = False, **settings: Any) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """A connection for one question. Raises our errors; none of them shows the address."""
    import psycopg
    from psycopg.rows import dict_row

    try:
        connection = psycopg.connect(
            dsn,
            autocommit=autocommit,
            prepare_threshold=None,
            row_factory=dict_row,
            connect_timeout=_CONNECT_SECONDS,
            application_name="deployment-gates",
            **settings,
        )
    except psycopg.OperationalError as error:
        raise _refusal(error) from None
    except psycopg.ProgrammingError:
        raise EvidenceError(
            "The reference leads to what is no address of PostgreSQL (postgresql://user:…@host/database)."
        ) from None
    with connection:
        yield connection


def _refusal(error: psycopg.OperationalError) -> GatesError:
    said = " ".join(str(error).split())
    kind = next((kind for words, kind in _REFUSALS if re.search(words, said)), Unreachable)
    return kind(f"PostgreSQL was not reached: {said.rstrip('.')}.")


def _translated(error: psycopg.Error) -> GatesError:
    said = error.diag.message_primary or " ".join(str(error).split())
    state = error.sqlstate or ""
    lost = state.startswith(("08", "57")) or not state
    kind = _STATES.get(state, Unreachable if lost else EvidenceError)
    return kind(f"PostgreSQL could not answer: {said.rstrip('.')}.")
