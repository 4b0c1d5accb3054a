"""PgBouncer: it pools as it should, and nobody waits for a connection."""

from __future__ import annotations

from tasks.connect.postgres import Postgres
from tasks.core.answers import only
from tasks.core.judges import at_least, at_most, equal
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, unknown, worst


@check(remedy="Set pool_mode and default_pool_size in pgbouncer.ini, then RELOAD; on its console.")
def pool_configured(
    postgres: Postgres, *, dsn: str, database: str, pool_mode: str = "transaction", pool_size_at_least: int = 5
) -> Verdict:
    """The database has a pool of the wished kind that is large enough.

    ``dsn`` is a reference to the address of PgBouncer's console, whose database is named pgbouncer. Reads SHOW DATABASES, and
    SHOW CONFIG for what the database leaves to the default.

    Example:
        check: pgbouncer.pool_configured
        with: {dsn: "env:PGBOUNCER_ADMIN_URL", database: shop, pool_mode: transaction, pool_size_at_least: 20}

    """
    console = postgres.console(dsn)
    seen = only("database", console.show("DATABASES"), "name", database)
    defaults = {each["key"]: each["value"] for each in console.show("CONFIG")}
    mode = seen["pool_mode"] or defaults.get("pool_mode")
    size = int(seen["pool_size"] or defaults.get("default_pool_size", 0))
    return worst([
        equal(f"Pool mode of {database}", mode, pool_mode),
        at_least(f"Pool size of {database}", size, pool_size_at_least),
    ])  # fmt: skip


@check(remedy="SHOW POOLS; on PgBouncer's console, then a larger pool or shorter transactions.")
def nobody_waits(postgres: Postgres, *, dsn: str, at_most_waiting: int = 0) -> Verdict:
    """No client waits for a connection to the database.

    Reads SHOW POOLS of the console that the reference ``dsn`` leads to; without a pool it is unknown.

    Example:
        check: pgbouncer.nobody_waits
        with: {dsn: "env:PGBOUNCER_ADMIN_URL"}

    """
    pools = [each for each in postgres.console(dsn).show("POOLS") if each["database"] != "pgbouncer"]
    if not pools:
        return unknown("PgBouncer has no pool yet, so nothing could be judged.")
    return at_most(
        f"Number of clients that wait in {len(pools)} pools", sum(int(each["cl_waiting"]) for each in pools), at_most_waiting
    )
