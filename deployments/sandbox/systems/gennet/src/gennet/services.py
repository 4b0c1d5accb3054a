"""What the services behind the gateway answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .operations import named

_NEEDED = ("ENVIRONMENT", "DATABASE_POOL_SIZE")


def answer(service: str, path: str, settings: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    """Status and content; a service without its settings says so and is not healthy."""
    operation = named(path)
    if operation is None or operation.service != service:
        return 404, {"error": "not_found", "message": f"{service} has nothing at {path}."}
    missing = [name for name in _NEEDED if not settings.get(name)]
    if missing:
        return 503, {"error": "not_ready", "message": f"{service} lacks {', '.join(missing)}."}
    if pool_size(settings) < 1:
        return 503, {"error": "not_ready", "message": f"{service} may open no connection to the database."}
    return 200, dict(operation.example)


def pool_size(settings: Mapping[str, str]) -> int:
    """How many connections to the database a service keeps; none when that is no number."""
    text = settings.get("DATABASE_POOL_SIZE", "")
    return int(text) if text.isdigit() else 0
