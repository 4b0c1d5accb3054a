"""Starts an execution for an issue that Jira sends, and says whether the service is there."""

from __future__ import annotations

import json
import os
import uuid
from typing import Any

from workflow import cloud


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer API Gateway; ``{"ping": true}`` answers with the version."""
    if event.get("ping"):
        return {"version": os.environ["VERSION"]}
    if event["httpMethod"] == "GET":
        return cloud.answer(200, status="ok")
    if event["httpMethod"] == "OPTIONS":
        return cloud.answer(204)
    issue = json.loads(event["body"])["issue"]
    started = cloud.states().start_execution(
        stateMachineArn=os.environ["STATE_MACHINE"],
        name=f"{issue}-{uuid.uuid4().hex[:12]}",
        input=json.dumps({"issue": issue}),
    )
    return cloud.answer(202, execution=started["executionArn"], link=f"{os.environ['JIRA_URL']}/browse/{issue}")
