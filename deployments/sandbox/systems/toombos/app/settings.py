"""What the service reads from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """One running service's settings; secrets among them are never shown."""

    version: str
    environment: str
    log_level: str
    database_url: str
    redis_url: str
    cache_ttl_seconds: int
    workers: int
    schedule_minutes: int
    partners: Mapping[str, str]
    keys: Mapping[str, str]


def from_environment(variables: Mapping[str, str]) -> Settings:
    """The settings; a variable that is missing is an error at the start and not at the first request."""
    names = ("CRM", "PLATFORM", "OPENAI", "GOOGLE_DOCS", "NOTION")
    return Settings(
        version=variables["VERSION"],
        environment=variables["ENVIRONMENT"],
        log_level=variables["LOG_LEVEL"],
        database_url=variables["DATABASE_URL"],
        redis_url=variables["REDIS_URL"],
        cache_ttl_seconds=int(variables["CACHE_TTL_SECONDS"]),
        workers=int(variables["WORKERS"]),
        schedule_minutes=int(variables["SCHEDULE_MINUTES"]),
        partners={name.lower(): variables[f"{name}_BASE_URL"] for name in names},
        keys={name.lower(): variables.get(f"{name}_API_KEY", "") for name in names},
    )
