"""GenNet's databases, as the releases before have left them."""

from __future__ import annotations

import secrets

from deployments.sandbox import data_parts
from deployments.sandbox.world import World

from .naming import NAME, SUFFIXES
from .project import migrations


def fill(world: World) -> dict[str, str]:
    """One of every environment, with its owner and with all migrations applied; their addresses by suffix."""
    return {suffix: _database(world, f"{NAME}_{suffix}") for suffix in SUFFIXES}


def _database(world: World, name: str) -> str:
    password = secrets.token_urlsafe(24)
    data_parts.sql(world, f"CREATE ROLE {name} LOGIN PASSWORD '{password}'", f"CREATE DATABASE {name} OWNER {name}")
    applied = ", ".join(f"('{each}')" for each in migrations(world))
    data_parts.sql(
        world,
        f"GRANT pg_monitor TO {name}",
        "CREATE TABLE schema_migrations (version text PRIMARY KEY)",
        f"INSERT INTO schema_migrations VALUES {applied}",  # noqa: S608  the checkout's own file names
        f"GRANT SELECT ON schema_migrations TO {name}",
        database=name,
    )
    return data_parts.postgres_url(world, name, name, password)
