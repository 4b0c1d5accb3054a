"""The way in: which service a request is for, where that is, and what is answered when it is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .access import bearer
from .operations import SERVICES, named

Answer = tuple[int, dict[str, Any]]
Ask = Callable[[str, str], Answer]
"""Asks a service, by the address of the service and the path."""


def answer(path: str, authorization: str, settings: Mapping[str, str], version: str, ask: Ask, now: int = 0) -> Answer:
    """Status and content for a request; ``settings`` are the gateway's environment variables."""
    operation = named(path)
    if operation is None:
        return 404, {"error": "not_found", "message": f"There is nothing at {path}."}
    if not operation.public and not bearer(authorization, settings.get("SIGNING_KEY", ""), now):
        return 401, {"error": "unauthorized", "message": "Send a token that is good."}
    if operation.service != SERVICES[0]:
        return _forwarded(operation.service, path, settings, ask)
    if path.endswith("/version"):
        return 200, {"version": version}
    return 200, {"status": "ok", "environment": settings["ENVIRONMENT"]}


def _forwarded(service: str, path: str, settings: Mapping[str, str], ask: Ask) -> Answer:
    address = settings.get(f"{service.upper()}_URL", "")
    if not address:
        return 502, {"error": "bad_gateway", "message": f"Nobody says where {service} is."}
    return ask(address, path)
