from pathlib import Path
from typing import Any

import pytest

from tasks.core.errors import Absent, Denied, Unreachable
from tasks.core.verdicts import Status
from tests.tasks.servers.databases import DSN, database
from tests.tasks.world import Case

CONNECTS, TLS, PRIVILEGES, TABLES, APPLIED, PREPARED, EXTENSIONS, SETTINGS, REPLICA = (
    f"postgres.{name}"
    for name in (
        "connects", "tls_required", "user_privileges", "tables_exist", "migrations_applied", "migrations_prepared",
        "extensions_installed", "settings_are", "replica_streaming",
    )
)  # fmt: skip
HERE = {"current_database": [{"database": "shop", "version": "15.8"}]}
ROLE = {"rolname": "app"} | dict.fromkeys(("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls"), False)
TWO = [{"oid": 1, "name": "orders"}, {"oid": 2, "name": "users"}]
REFUSED = Denied("PostgreSQL was not reached: password authentication failed.")
MIGRATIONS = {"folder": "shop/migrations", "table": "schema_migrations", "column": "version"}
FILES = {"shop/migrations/0001_orders.sql": "", "shop/migrations/V0002.sql": "", "shop/migrations/README.md": ""}
ALEMBIC = {
    "shop/migrations/a1_first.py": 'revision: str = "a1"\ndown_revision = None\n',
    "shop/migrations/b2_second.py": 'revision = "b2"\ndown_revision: str | None = "a1"\n',
    "shop/migrations/c3_third.py": "revision = 'c3'\ndown_revision = 'b2'\n",
}
BY_REVISION = DSN | {"folder": "shop/migrations", "suffix": ".py"}


def rights(*held: str) -> dict[str, Any]:
    """A user with these rights on every table."""

    def found(*asked: object) -> list[dict[str, Any]]:
        return [{str(right): right in held for right in asked[1::2]}]

    return {"pg_roles": [ROLE], "relname AS name": TWO, "has_table_privilege": found}


def versions(*found: str) -> dict[str, Any]:
    return {"AS version FROM": [{"version": each} for each in found]}


def replicas(*found: tuple[str | None, float]) -> Any:
    return database({"pg_stat_replication": [{"name": "standby", "state": state, "lag": lag} for state, lag in found]})


ALL = rights("SELECT", "INSERT", "UPDATE", "DELETE")
CASES = [
    Case("answers", CONNECTS, DSN, Status.PASSED, "Database shop answers", server=database(HERE)),
    Case("late", CONNECTS, DSN | {"within_seconds": -1}, Status.FAILED, "wanted at most -1 s", server=database(HERE)),
    Case("no such database", CONNECTS, DSN, Status.FAILED,
         "does not exist", server=database({"SELECT": Absent('database "shop" does not exist')})),
    Case("unreachable", CONNECTS, DSN, Status.UNKNOWN, "refused",
         server=database({"SELECT": Unreachable("Connection refused")})),
    Case("password wrong", CONNECTS, DSN, Status.UNKNOWN, "authentication failed", server=database({"SELECT": REFUSED})),
    Case("address not set", CONNECTS, {"dsn": "env:GATES_TEST_NOTHING"}, Status.FAILED, "is not set"),
    Case("address in plain", CONNECTS, {"dsn": "postgresql://a:b@c/d"}, Status.UNKNOWN, "nothing of it is shown"),
    Case("encrypted", TLS, DSN, Status.PASSED, "and others are refused", server=database({})),
    Case("not encrypted", TLS, DSN, Status.FAILED, "is not encrypted", server=database({}, encrypted=False)),
    Case("takes both", TLS, DSN, Status.FAILED, "not encrypted too", server=database({}, plain=True)),
    Case("cannot tell", TLS, DSN, Status.UNKNOWN, "gone", server=database({}, plain=Unreachable("gone"))),
    Case("just enough", PRIVILEGES, DSN, Status.PASSED, "no right of an administrator", server=database(ALL)),
    Case("too little", PRIVILEGES, DSN, Status.FAILED, "on table orders lacks DELETE",
         server=database(rights("SELECT", "INSERT", "UPDATE"))),
    Case("too much", PRIVILEGES, DSN, Status.FAILED, "app is a superuser and may create databases",
         server=database(ALL | {"pg_roles": [ROLE | {"rolsuper": True, "rolcreatedb": True}]})),
    Case("table missing", PRIVILEGES, DSN | {"tables": ["carts"]}, Status.FAILED, "no table public.carts",
         server=database(ALL)),
    Case("no table", PRIVILEGES, DSN, Status.UNKNOWN, "nothing could be judged",
         server=database(ALL | {"relname AS name": []})),
    Case("refused", PRIVILEGES, DSN, Status.UNKNOWN, "authentication failed", server=database({"SELECT": REFUSED})),
    Case("there", TABLES, DSN | {"tables": ["orders"]}, Status.PASSED, "has orders", server=database(ALL)),
    Case("missing", TABLES, DSN | {"tables": ["orders", "carts"]}, Status.FAILED, "lacks carts", server=database(ALL)),
    Case("none named", TABLES, DSN | {"tables": []}, Status.UNKNOWN, "does not say", server=database(ALL)),
    Case("applied", APPLIED, DSN | {"version": "0002"}, Status.PASSED, "is applied",
         server=database(versions("0001", "0002_users"))),
    Case("not applied", APPLIED, DSN | {"version": "0003"}, Status.FAILED, "tells of 0001, 0002",
         server=database(versions("0002", "0001"))),
    Case("nothing applied", APPLIED, DSN | {"version": "1"}, Status.FAILED, "tells of none", server=database(versions())),
    Case("may not read", APPLIED, DSN | {"version": "1"}, Status.UNKNOWN, "denied",
         server=database({"SELECT": Denied("denied")})),
    Case("one pending", PREPARED, DSN | MIGRATIONS,
         Status.PASSED, "1 of 2 migrations in shop/migrations are pending: V0002.sql",
         files=FILES, server=database(versions("0001"))),
    Case("none pending", PREPARED, DSN | MIGRATIONS, Status.PASSED, "0 of 2", files=FILES,
         server=database(versions("0001", "0002"))),
    Case("unknown to the release", PREPARED, DSN | MIGRATIONS, Status.FAILED, "lacks: 0003",
         files=FILES, server=database(versions("0001", "0003"))),
    Case("by Alembic's head", PREPARED, BY_REVISION, Status.PASSED, "pending: c3_third.py", files=ALEMBIC,
         server=database(versions("b2"))),
    Case("another head", PREPARED, BY_REVISION, Status.FAILED, "lacks: f6", files=ALEMBIC, server=database(versions("f6"))),
    Case("no file", PREPARED, DSN | MIGRATIONS, Status.UNKNOWN, "no file that ends in .sql",
         files={"shop/migrations/README.md": ""}, server=database(versions())),
    Case("no folder", PREPARED, DSN | MIGRATIONS, Status.FAILED, "no folder", server=database(versions())),
    Case("installed", EXTENSIONS, DSN | {"extensions": ["citext"]}, Status.PASSED, "has citext",
         server=database({"pg_extension": [{"name": "citext"}]})),
    Case("not installed", EXTENSIONS, DSN | {"extensions": ["postgis"]}, Status.FAILED, "lacks postgis",
         server=database({"pg_extension": [{"name": "citext"}]})),
    Case("none named", EXTENSIONS, DSN | {"extensions": []}, Status.UNKNOWN, "does not say",
         server=database({"pg_extension": []})),
    Case("as wished", SETTINGS, DSN | {"values": {"wal_level": "replica"}}, Status.PASSED, "is 'replica'",
         server=database({"current_setting": [{"value": "replica"}]})),
    Case("another", SETTINGS, DSN | {"values": {"wal_level": "replica"}}, Status.FAILED, "is 'minimal', wanted 'replica'",
         server=database({"current_setting": [{"value": "minimal"}]})),
    Case("none named", SETTINGS, DSN | {"values": {}}, Status.UNKNOWN, "nothing could be judged", server=database({})),
    Case("close behind", REPLICA, DSN, Status.PASSED, "among 1", server=replicas(("streaming", 30))),
    Case("far behind", REPLICA, DSN, Status.FAILED, "standby (streaming, 31 s)", server=replicas(("streaming", 31))),
    Case("catching up", REPLICA, DSN, Status.FAILED, "standby (catchup, 0 s)", server=replicas(("catchup", 0))),
    Case("none", REPLICA, DSN, Status.FAILED, "is 0, wanted at least 1", server=replicas()),
    Case("hidden", REPLICA, DSN, Status.UNKNOWN, "GRANT pg_monitor", server=replicas((None, 0))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
