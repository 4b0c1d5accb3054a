"""Waits for Jira: the token of the task is kept under the issue, until Jira calls back."""

from __future__ import annotations

import os
from typing import Any

from workflow import cloud


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Keep the token; an issue without a number cannot be asked about."""
    if event.get("ping"):
        return {"version": os.environ["VERSION"]}
    if "-" not in event["issue"]:
        raise ValueError(f"{event['issue']} is no issue of Jira")
    cloud.keep(event["issue"], event["token"])
    return {"waiting": event["issue"]}
