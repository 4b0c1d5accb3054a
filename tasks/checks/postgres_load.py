"""What PostgreSQL has to do: connections, transactions, queries and its cache, within limits.

``dsn`` is a reference to the address. A user without pg_monitor does not see what others do, and then the verdict is unknown.
"""

from __future__ import annotations

from tasks.connect.postgres import Database, Postgres
from tasks.core.answers import Answer
from tasks.core.errors import Denied
from tasks.core.judges import at_least, at_most, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_LONGEST_QUERY = 80


@check(remedy="SELECT usename, application_name, state, count(*) FROM pg_stat_activity GROUP BY 1, 2, 3;")
def connections_below(postgres: Postgres, *, dsn: str, percent: float = 80) -> Verdict:
    """At most such a share of the connections is taken that the server allows to users.

    When all are taken, every new request fails. Reads pg_stat_database, which shows the numbers to every user,
    and the limits max_connections and superuser_reserved_connections.

    Example:
        check: postgres_load.connections_below
        with: {dsn: "env:DATABASE_URL", percent: 80}

    """
    seen = postgres.at(dsn).rows(
        """SELECT sum(numbackends)::int AS taken, current_setting('max_connections')::int
           - current_setting('superuser_reserved_connections')::int AS most FROM pg_stat_database"""
    )[0]
    what = f"Share of connections taken ({seen['taken']} of {seen['most']})"
    return at_most(what, round(100 * seen["taken"] / seen["most"], 1), percent, "%")


@check(remedy="SELECT pid, usename, state, xact_start, query FROM pg_stat_activity ORDER BY xact_start;")
def no_long_transactions(postgres: Postgres, *, dsn: str, minutes: float = 5) -> Verdict:
    """No transaction has been open for long.

    An open transaction holds its locks and keeps old rows from being cleaned up. Reads pg_stat_activity.

    Example:
        check: postgres_load.no_long_transactions
        with: {dsn: "env:DATABASE_URL", minutes: 5}

    """
    sessions = _sessions(postgres.at(dsn))
    open_long = [
        f"{each['name']} ({each['minutes']:.0f} minutes, {each['state']})" for each in sessions if each["minutes"] > minutes
    ]
    return none(f"transactions open for more than {minutes:g} minutes", open_long, len(sessions))


@check(remedy="Raise shared_buffers, or find the query that reads whole tables (pg_stat_statements).")
def cache_hit_at_least(postgres: Postgres, *, dsn: str, percent: float = 90) -> Verdict:
    """The database finds most blocks in memory.

    Reads pg_stat_database of this database, which counts since its statistics were reset. Without any read it is unknown.

    Example:
        check: postgres_load.cache_hit_at_least
        with: {dsn: "env:DATABASE_URL", percent: 95}

    """
    seen = postgres.at(dsn).rows(
        "SELECT blks_hit AS hits, blks_read AS reads FROM pg_stat_database WHERE datname = current_database()"
    )[0]
    total = seen["hits"] + seen["reads"]
    return at_least("Share of blocks found in memory", round(100 * seen["hits"] / total, 1) if total else None, percent, "%")


@check(remedy="EXPLAIN (ANALYZE, BUFFERS) <query>; then an index, or another query.")
def slow_queries_below(
    postgres: Postgres, *, dsn: str, milliseconds: float = 500, minimum_calls: int = 5, top: int = 10
) -> Verdict:
    """No query takes long on average.

    Reads pg_stat_statements, which must be installed, for the ``top`` queries by their mean time, of those that ran at least
    ``minimum_calls`` times; the table is in the evidence for a person to review. Without any query it is unknown.

    Example:
        check: postgres_load.slow_queries_below
        with: {dsn: "env:DATABASE_ADMIN_URL", milliseconds: 200}

    """
    database = postgres.at(dsn)
    if not database.rows("SELECT 1 AS there FROM pg_extension WHERE extname = 'pg_stat_statements'"):
        return failed("The extension pg_stat_statements is not installed, so nobody knows which queries are slow.")
    seen = database.rows(
        """SELECT query, calls, round(mean_exec_time::numeric, 1)::float AS mean_ms FROM pg_stat_statements
           WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND calls >= %s
           ORDER BY mean_exec_time DESC LIMIT %s""",
        minimum_calls,
        top,
    )
    if not seen:
        return unknown(f"No query ran {minimum_calls} times yet, so nothing could be judged.")
    slow = [_told(each) for each in seen if each["mean_ms"] > milliseconds]
    if slow:
        return failed(f"{len(slow)} queries take more than {milliseconds:g} ms on average: {' | '.join(slow)}.")
    return passed(f"The slowest query takes {_told(seen[0])}, wanted at most {milliseconds:g} ms.")


def _sessions(database: Database) -> list[Answer]:
    """Sessions of users, with how long their transaction has been open. Raises ``Denied`` when the user may not see them."""
    found = database.rows(
        """SELECT COALESCE(application_name, '') || ' of ' || COALESCE(usename, 'nobody known') AS name, state,
                  COALESCE(EXTRACT(EPOCH FROM clock_timestamp() - xact_start) / 60, 0)::float AS minutes
           FROM pg_stat_activity WHERE backend_type IS NULL OR backend_type = 'client backend'"""
    )
    hidden = [each for each in found if each["state"] is None]
    if hidden:
        raise Denied(f"The user may not see {len(hidden)} of {len(found)} sessions; GRANT pg_monitor TO it.")
    return found


def _told(query: Answer) -> str:
    return f"{query['mean_ms']:g} ms in {query['calls']} calls of {' '.join(query['query'].split())[:_LONGEST_QUERY]}"
