"""The team's database and cache before a release: a database for every environment, and one Redis with a part for each."""

from __future__ import annotations

import secrets

from deployments.sandbox.data_parts import postgres_url, redis_url, sql
from deployments.sandbox.world import World

from .naming import NAME, SUFFIXES

_TABLES = (
    "CREATE EXTENSION pg_stat_statements",
    "CREATE TABLE contents (id bigserial PRIMARY KEY, topic text NOT NULL, body text NOT NULL)",
    "INSERT INTO contents (topic, body) SELECT 'topic ' || n, 'a text' FROM generate_series(1, 500) AS n",
    "CREATE TABLE schema_migrations (version text PRIMARY KEY)",
    "INSERT INTO schema_migrations VALUES ('0001')",
)


def fill(world: World, suffix: str) -> dict[str, str]:
    """Make database and user as 1.0.0 left them; the settings that lead there."""
    database, password = named(suffix), secrets.token_urlsafe(18)
    sql(world, f"CREATE ROLE {database} LOGIN PASSWORD '{password}'", f"CREATE DATABASE {database}")
    sql(world, *_TABLES, f"GRANT SELECT ON schema_migrations TO {database}", database=database)
    grant(world, suffix)
    return {
        "DATABASE_URL": postgres_url(world, database, database, password),
        "REDIS_URL": redis_url(world).removesuffix("/0") + f"/{SUFFIXES.index(suffix)}",
    }


def grant(world: World, suffix: str) -> None:
    """Let the application's user read and write its tables."""
    sql(world, f"GRANT SELECT, INSERT, UPDATE, DELETE ON contents TO {named(suffix)}", database=named(suffix))


def withhold(world: World, suffix: str) -> None:
    """Let it only read."""
    sql(world, f"REVOKE INSERT, UPDATE, DELETE ON contents FROM {named(suffix)}", database=named(suffix))


def named(suffix: str) -> str:
    """The name of an environment's database, and of its user."""
    return f"{NAME}_{suffix}"
