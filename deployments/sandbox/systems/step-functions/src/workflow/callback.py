"""Lets an execution go on when Jira says how the issue went."""

from __future__ import annotations

import json
import os
from typing import Any

from workflow import cloud


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer API Gateway; ``{"ping": true}`` answers with the version."""
    if event.get("ping"):
        return {"version": os.environ["VERSION"]}
    told = json.loads(event["body"])
    token = cloud.take(told["issue"])
    if token is None:
        return cloud.answer(404, problem=f"nothing waits for {told['issue']}")
    if told["outcome"] == "done":
        cloud.states().send_task_success(taskToken=token, output=json.dumps(told))
    else:
        cloud.states().send_task_failure(taskToken=token, error="Rejected", cause=told["outcome"])
    return cloud.answer(200, issue=told["issue"])
