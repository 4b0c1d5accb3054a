"""What handlers get from API Gateway, and what they answer."""

from __future__ import annotations

import json
import os
from typing import Any


def answer(event: dict[str, Any], status: int, content: object) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", **permitted(event)}
    return {"statusCode": status, "headers": headers, "body": json.dumps(content)}


def permitted(event: dict[str, Any]) -> dict[str, str]:
    """What a page of one of our own origins may do; nothing for any other."""
    sent = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    origin = sent.get("origin", "")
    if origin not in os.environ["CORS_ORIGINS"].split(","):
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET,POST,PUT,DELETE",
        "Access-Control-Allow-Headers": "authorization,content-type",
    }


def caller(event: dict[str, Any]) -> str:
    """Whom Cognito says is calling; empty when it says nothing."""
    claims = event.get("requestContext", {}).get("authorizer", {}).get("claims", {})
    return str(claims.get("sub", ""))


def body(event: dict[str, Any]) -> dict[str, Any]:
    """The request's body; ValueError when it is not an object of JSON."""
    found = json.loads(event.get("body") or "{}")
    if not isinstance(found, dict):
        raise ValueError("The body is not an object.")
    return found


def name(event: dict[str, Any], parameter: str) -> str:
    return str((event.get("pathParameters") or {}).get(parameter, ""))
