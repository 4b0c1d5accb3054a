"""PostgreSQL: it answers, safely, to a user who may do what it must and no more, with its migrations and its load in order.

``dsn`` is a reference to the address, such as ``env:DATABASE_URL``; the address itself never stands in a checklist.
"""

from __future__ import annotations

from tasks.connect.files import Files
from tasks.connect.postgres import Database, Postgres, quote
from tasks.core.answers import Answer
from tasks.core.judges import at_least, at_most, equal, every, includes, listed, none
from tasks.core.migrations import applied, migration, version_of
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown, worst

_RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE"]
_DANGERS = {
    "rolsuper": "is a superuser",
    "rolcreaterole": "may create roles",
    "rolcreatedb": "may create databases",
    "rolreplication": "may replicate",
    "rolbypassrls": "passes by row security",
}
_TABLES = """SELECT c.oid, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = %s AND c.relkind IN ('r', 'p') ORDER BY c.relname"""


@check(remedy="psql <dsn> -c 'SELECT 1'")
def connects(postgres: Postgres, *, dsn: str, within_seconds: float = 5) -> Verdict:
    """The database takes a connection and answers in time.

    Measured by the server's own clocks of both sides: one SELECT on a fresh connection. Its version is kept as a fact.

    Example:
        check: postgres.connects
        with: {dsn: "env:DATABASE_URL"}

    """
    database = postgres.at(dsn)
    seen = database.rows("SELECT current_database() AS database, current_setting('server_version') AS version")[0]
    seconds = database.trail.readings[-1].seconds
    took = at_most(f"Answer time of database {seen['database']}", round(seconds, 3), within_seconds, "s")
    facts = {"database_version": str(seen["version"])}
    return worst([took, passed(f"Database {seen['database']} answers.", facts)])


@check(remedy="Use hostssl instead of host in pg_hba.conf, and sslmode=verify-full in the address.")
def tls_required(postgres: Postgres, *, dsn: str) -> Verdict:
    """Connections are encrypted, and the server refuses one that is not.

    Passwords and rows cross the network on them. Connects as the address says, and then with ``sslmode=disable``.

    Example:
        check: postgres.tls_required
        with: {dsn: "env:DATABASE_URL"}

    """
    database = postgres.at(dsn)
    if not database.encrypted():
        return failed(f"The connection of {dsn} is not encrypted.")
    if not database.refuses_plain():
        return failed(f"The server of {dsn} takes connections that are not encrypted too.")
    return passed(f"Connections of {dsn} are encrypted, and others are refused.")


@check(remedy="GRANT <privilege> ON <table> TO <user>; ALTER ROLE <user> NOSUPERUSER NOCREATEROLE NOCREATEDB;")
def user_privileges(
    postgres: Postgres,
    *,
    dsn: str,
    privileges: list[str] = _RIGHTS,
    tables: list[str] | None = None,
    schema: str = "public",
) -> Verdict:
    """The user may do what it must on every table, and has none of the rights that an application never needs.

    Whoever gets into the application is that user. ``tables`` are names in ``schema``; none named: all of them.
    Reads pg_roles, and has_table_privilege for each table.

    Example:
        check: postgres.user_privileges
        with: {dsn: "env:DATABASE_URL", privileges: [SELECT, INSERT, UPDATE]}

    """
    database = postgres.at(dsn)
    role = database.rows("SELECT * FROM pg_roles WHERE rolname = current_user")[0]
    name = role["rolname"]
    too_much = [told for column, told in _DANGERS.items() if role[column]]
    found = {each["name"]: each["oid"] for each in database.rows(_TABLES, schema)}

    def allowed(table: str) -> Verdict:
        if table not in found:
            return failed(f"There is no table {schema}.{table}.")
        asked = ", ".join(f"has_table_privilege(%s, %s) AS {quote(each)}" for each in privileges)
        values = [value for each in privileges for value in (found[table], each)]
        seen = database.rows(f"SELECT {asked}", *values)[0]
        return includes(f"User {name} on table {table}", [each for each in privileges if seen[each]], privileges)

    safe = (
        failed(f"User {name} {' and '.join(too_much)}.")
        if too_much
        else passed(f"User {name} has no right of an administrator.")
    )
    return worst([safe, every("table", tables if tables is not None else found, allowed)])


@check(remedy="Run the migration that creates the table.")
def tables_exist(postgres: Postgres, *, dsn: str, tables: list[str], schema: str = "public") -> Verdict:
    """Every table is there.

    Reads pg_class.

    Example:
        check: postgres.tables_exist
        with: {dsn: "env:DATABASE_URL", tables: [orders]}

    """
    return includes(f"Schema {schema}", [each["name"] for each in postgres.at(dsn).rows(_TABLES, schema)], tables)


@check(remedy="Run the migrations (alembic upgrade head, flyway migrate, …).")
def migrations_applied(
    postgres: Postgres, *, dsn: str, version: str, table: str = "alembic_version", column: str = "version_num"
) -> Verdict:
    """The migration is applied.

    Code that meets an older schema fails at its first query. Reads the table in which the tool keeps what it applied.

    Example:
        check: postgres.migrations_applied
        with: {dsn: "env:DATABASE_URL", version: "0042", table: schema_migrations, column: version}

    """
    seen = _applied(postgres.at(dsn), table, column)
    known = [*seen, *map(version_of, seen)]
    return passed(f"Migration {version} is applied.") if version in known else failed(
        f"Migration {version} is not applied; {table} tells of {listed(seen[-5:]) or 'none'}."
    )  # fmt: skip


@check(remedy="Add the missing files to the folder: the database has migrations that this version does not know.")
def migrations_prepared(
    postgres: Postgres,
    files: Files,
    *,
    dsn: str,
    folder: str,
    table: str = "alembic_version",
    column: str = "version_num",
    suffix: str = ".sql",
) -> Verdict:
    """It is known which migrations the release brings, and the database has none that the release does not know.

    ``folder`` is relative to the workspace; a file's version is its name up to the first ``_`` or point, or the revision that
    it names (Alembic, with ``suffix`` .py). Reads the files, and the table in which the tool keeps what it applied.

    Example:
        check: postgres.migrations_prepared
        with: {dsn: "env:DATABASE_URL", folder: shop/migrations, table: schema_migrations, column: version}

    """
    names = [name for name in files.names(folder) if name.endswith(suffix)]
    if not names:
        return unknown(f"{folder} has no file that ends in {suffix}, so nothing could be judged.")
    prepared = [migration(name, files.text(f"{folder}/{name}")) for name in names]
    have = applied(prepared, _applied(postgres.at(dsn), table, column))
    strange = sorted(have - {each.version for each in prepared})
    if strange:
        return failed(f"The database has migrations that {folder} lacks: {listed(strange)}.")
    pending = [each.file for each in prepared if each.version not in have]
    told = f"{len(pending)} of {len(prepared)} migrations in {folder} are pending"
    return passed(f"{told}: {listed(pending)}." if pending else f"{told}.", {"pending_migrations": str(len(pending))})


@check(remedy="CREATE EXTENSION <extension>;")
def extensions_installed(postgres: Postgres, *, dsn: str, extensions: list[str]) -> Verdict:
    """Every extension is installed in the database.

    Reads pg_extension.

    Example:
        check: postgres.extensions_installed
        with: {dsn: "env:DATABASE_URL", extensions: [pg_stat_statements]}

    """
    seen = [each["name"] for each in postgres.at(dsn).rows("SELECT extname AS name FROM pg_extension")]
    return includes("The database", seen, extensions)


@check(remedy="ALTER SYSTEM SET <setting> = <value>; SELECT pg_reload_conf();")
def settings_are(postgres: Postgres, *, dsn: str, values: dict[str, str]) -> Verdict:
    """Every setting of the server has its value.

    ``values`` are as SHOW tells them, such as ``128MB`` or ``on``.

    Example:
        check: postgres.settings_are
        with: {dsn: "env:DATABASE_URL", values: {wal_level: replica}}

    """
    database = postgres.at(dsn)

    def right(pair: tuple[str, str]) -> Verdict:
        seen = database.rows("SELECT current_setting(%s) AS value", pair[0])[0]["value"]
        return equal(f"Setting {pair[0]}", seen, str(pair[1]))

    return every("setting", values.items(), right)


@check(remedy="SELECT * FROM pg_stat_replication;")
def replica_streaming(postgres: Postgres, *, dsn: str, replicas: int = 1, lag_seconds: float = 30) -> Verdict:
    """Enough replicas follow the database, and each closely.

    Reads pg_stat_replication, for which the user needs pg_monitor; without it the replicas' state is hidden and the verdict
    unknown. ``lag_seconds`` is how far behind a replica may be.

    Example:
        check: postgres.replica_streaming
        with: {dsn: "env:DATABASE_ADMIN_URL", replicas: 2, lag_seconds: 10}

    """
    seen = postgres.at(dsn).rows(
        """SELECT application_name AS name, state, COALESCE(EXTRACT(EPOCH FROM replay_lag), 0)::float AS lag
           FROM pg_stat_replication"""
    )
    if any(each["state"] is None for each in seen):
        return unknown("The user may not see the state of the replicas; GRANT pg_monitor TO it.")
    counted = at_least("Number of replicas", len(seen), replicas)
    behind = [f"{each['name']} ({each['state']}, {each['lag']:.0f} s)" for each in seen if _behind(each, lag_seconds)]
    return worst([counted, none("replicas that do not follow closely", behind, len(seen))]) if seen else counted


def _behind(replica: Answer, lag_seconds: float) -> bool:
    return bool(replica["state"] != "streaming" or replica["lag"] > lag_seconds)


def _applied(database: Database, table: str, column: str) -> list[str]:
    return sorted(str(each["version"]) for each in database.rows(f"SELECT {quote(column)} AS version FROM {quote(table)}"))  # noqa: S608
