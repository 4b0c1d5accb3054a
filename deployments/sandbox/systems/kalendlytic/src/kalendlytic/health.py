"""GET /health: which version runs, and whether it finds its secrets. It also answers what browsers ask beforehand."""

from __future__ import annotations

import functools
import os
from typing import Any

from kalendlytic.answers import answer
from kalendlytic.cloud import client

SECRETS = ("BEDROCK_API_KEY", "JWT_SECRET", "CALENDAR_ENCRYPTION_KEY", "WEBHOOK_SECRET")


@functools.cache
def missing() -> tuple[str, ...]:
    """Names of secrets that Parameter Store does not have."""
    path = os.environ["PARAMETERS"]
    found = client("ssm").get_parameters(Names=[f"{path}/{name}" for name in SECRETS], WithDecryption=True)
    return tuple(name.rpartition("/")[2] for name in found["InvalidParameters"])


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    if event.get("httpMethod") == "OPTIONS":
        return answer(event, 200, {})
    lacking = missing()
    status = "ok" if not lacking else f"no {', '.join(lacking)}"
    return answer(event, 503 if lacking else 200, {"status": status, "version": os.environ["VERSION"]})
