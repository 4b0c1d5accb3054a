"""The checks of databases against real servers: as they should be, broken in one way each, and as new after a reset."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox import parts
from deployments.sandbox.data_parts import POSTGRES, REDIS, pool, postgres_url, redis_client, redis_url, sql, take_plain
from deployments.sandbox.world import World
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict
from tasks.evaluation import judge

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def servers(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("data"), sandbox_python)
    world.save(ports={}, pids={}, words={})
    try:
        for part in (POSTGRES, REDIS):
            world._remember(**parts.as_state(part.start(world)))
        yield world
    finally:
        world.down()


@pytest.fixture
def shop(servers: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A shop's database with its tables, migrations and pool, and a cache that was used."""
    for part in (POSTGRES, REDIS):
        part.reset(servers)
    sql(servers, "CREATE ROLE app LOGIN PASSWORD 'not-for-eyes'", "GRANT pg_monitor TO app", "CREATE DATABASE shop OWNER app")
    sql(
        servers,
        "CREATE EXTENSION pg_stat_statements",
        "CREATE TABLE orders (id int)",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON orders TO app",
        "CREATE TABLE schema_migrations (version text)",
        "INSERT INTO schema_migrations VALUES ('0001')",
        "GRANT ALL ON schema_migrations TO app",
        *["SELECT count(*) FROM orders"] * 5,
        database="shop",
    )
    pool(servers, "shop")
    with redis_client(servers) as client:
        client.set("a", "1")
        client.get("a")
    monkeypatch.setenv("SHOP_DSN", postgres_url(servers, "shop", "app", "not-for-eyes"))
    monkeypatch.setenv("SHOP_POOLER", postgres_url(servers, "pgbouncer", "app", "not-for-eyes"))
    monkeypatch.setenv("SHOP_CACHE", redis_url(servers))
    return servers


def verdict(check: str, arguments: dict[str, Any], folder: Path) -> Verdict:
    session = Session(Settings(folder, folder, folder, folder, ""))
    return judge(catalogue()[check], arguments, session, Sample()).verdict


def state(*statements: str, database: str = "shop") -> Callable[[World], None]:
    return lambda world: sql(world, *statements, database=database)


def setting(name: str, value: str) -> Callable[[World], None]:
    def change(world: World) -> None:
        with redis_client(world) as client:
            client.config_set(name, value)

    return change


@dataclass(frozen=True)
class Row:
    """A check that passes, what breaks it, and what it then says."""

    check: str
    arguments: dict[str, Any]
    break_: Callable[[World], None]
    says: str
    status: Status = Status.FAILED
    passes: Status = field(default=Status.PASSED)

    def __str__(self) -> str:
        return f"{self.check}: {self.says}"


DSN, POOLER, CACHE = {"dsn": "env:SHOP_DSN"}, {"dsn": "env:SHOP_POOLER"}, {"url": "env:SHOP_CACHE"}
ROWS = [
    Row("postgres.connects", DSN, state("ALTER ROLE app PASSWORD 'another'"), "authentication failed", Status.UNKNOWN),
    Row("postgres.connects", DSN,
        state("DROP DATABASE shop WITH (FORCE)", database="postgres"), 'database "shop" does not exist'),
    Row("postgres.tls_required", DSN, lambda world: take_plain(world, plain=True), "not encrypted too"),
    Row("postgres.user_privileges", DSN, state("REVOKE DELETE ON orders FROM app"), "table orders lacks DELETE"),
    Row("postgres.user_privileges", DSN, state("ALTER ROLE app SUPERUSER"), "is a superuser"),
    Row("postgres.tables_exist", DSN | {"tables": ["orders"]}, state("DROP TABLE orders"), "lacks orders"),
    Row(
        "postgres.migrations_applied",
        DSN | {"version": "0001", "table": "schema_migrations", "column": "version"},
        state("REVOKE ALL ON schema_migrations FROM app"),
        "permission denied",
        Status.UNKNOWN,
    ),
    Row(
        "postgres.migrations_applied",
        DSN | {"version": "0001", "table": "schema_migrations", "column": "version"},
        state("DROP TABLE schema_migrations"),
        "does not exist",
    ),
    Row("postgres.extensions_installed", DSN | {"extensions": ["pg_stat_statements"]},
        state("DROP EXTENSION pg_stat_statements"), "lacks"),
    Row("postgres.settings_are", DSN | {"values": {"work_mem": "4MB"}},
        state("ALTER ROLE app SET work_mem = '8MB'"), "is '8MB'"),
    Row("postgres_load.connections_below", DSN,
        state("ALTER ROLE app CONNECTION LIMIT 0"), "too many connections", Status.UNKNOWN),
    Row("postgres_load.no_long_transactions", DSN, state("REVOKE pg_monitor FROM app"), "pg_monitor", Status.UNKNOWN),
    Row("postgres_load.cache_hit_at_least", DSN | {"percent": 1},
        state("REVOKE CONNECT ON DATABASE shop FROM PUBLIC, app"), "denied", Status.UNKNOWN),
    Row("postgres_load.slow_queries_below", DSN,
        state("SELECT pg_stat_statements_reset()"), "nothing could be judged", Status.UNKNOWN),
    Row("pgbouncer.pool_configured", POOLER | {"database": "shop"},
        lambda world: pool(world, "shop", size=1), "is 1, wanted at least 5"),
    Row("pgbouncer.nobody_waits", POOLER, lambda world: pool(world, "shop", waiting=2), "is 2, wanted at most 0"),
    Row("redis.answers", CACHE, setting("requirepass", "another"), "Redis refused", Status.UNKNOWN),
    Row("redis.auth_required", CACHE, setting("requirepass", ""), "answers to everybody"),
    Row("redis.persistence_on", CACHE, setting("appendonly", "no"), "does not write its data"),
    Row("redis.memory_below", CACHE, setting("maxmemory", "1mb"), "wanted at most 80 %"),
    Row("redis.settings_are", CACHE | {"values": {"maxmemory-policy": "allkeys-lru"}},
        setting("maxmemory-policy", "noeviction"), "noevic"),
    Row("redis.hit_ratio_at_least", CACHE,
        lambda world: POSTGRES.reset(world) or REDIS.reset(world), "had 0 lookups", Status.UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_check_sees_what_breaks(row: Row, shop: World, tmp_path: Path) -> None:
    before = verdict(row.check, row.arguments, tmp_path)
    row.break_(shop)
    after = verdict(row.check, row.arguments, tmp_path)

    assert (before.status, after.status) == (row.passes, row.status), f"{before.summary} / {after.summary}"
    assert row.says in after.summary


@pytest.mark.parametrize(
    "statement", ["DELETE FROM orders RETURNING id", "SELECT 1; DROP TABLE orders", "SELECT setval('s', 9)"]
)
def test_nothing_is_changed_through_the_door(statement: str, shop: World, tmp_path: Path) -> None:
    from tasks.connect.postgres import Postgres
    from tasks.core.errors import ReadOnly
    from tasks.core.sample import Trail

    sql(shop, "CREATE SEQUENCE s", "GRANT ALL ON SEQUENCE s TO app", database="shop")
    door = Postgres.open(Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, "")), Trail(Sample()))

    with pytest.raises(ReadOnly):
        door.at("env:SHOP_DSN").rows(statement)
