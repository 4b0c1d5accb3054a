"""What the functions have in common: clients, the table of waiting issues, answers to API Gateway."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import boto3

KEPT_SECONDS = 7 * 24 * 3600


def waiting() -> Any:
    """The table of issues that Jira has not answered yet."""
    return boto3.resource("dynamodb").Table(os.environ["EXECUTIONS_TABLE"])


def states() -> Any:
    """A client to Step Functions."""
    return boto3.client("stepfunctions")


def keep(issue: str, token: str) -> None:
    """Remember which task waits for an issue."""
    waiting().put_item(Item={"issue": issue, "token": token, "expires": int(time.time()) + KEPT_SECONDS})


def take(issue: str) -> str | None:
    """The token of the task that waits for an issue, once; None when none does."""
    found = waiting().delete_item(Key={"issue": issue}, ReturnValues="ALL_OLD").get("Attributes")
    return str(found["token"]) if found else None


def answer(code: int, **body: Any) -> dict[str, Any]:
    """An answer that a browser of the allowed origin may read."""
    headers = {
        "content-type": "application/json",
        "access-control-allow-origin": os.environ["ALLOWED_ORIGIN"],
        "access-control-allow-headers": "content-type,x-api-key",
        "access-control-allow-methods": "POST,OPTIONS",
    }
    return {"statusCode": code, "headers": headers, "body": json.dumps({**body, "version": os.environ["VERSION"]})}
