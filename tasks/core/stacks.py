"""A CloudFormation stack as it was noted before a change, and how it differs from that now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal

from tasks.core.answers import Answer

COMPLETE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_ROLLBACK_COMPLETE")
"""A stack at rest that holds what its template says. After UPDATE_ROLLBACK_COMPLETE that is the template before."""

_EMPTY = ("ROLLBACK_COMPLETE", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS")

Standing = Literal["absent", "complete", "in progress", "broken"]


def standing(stack: Mapping[str, Any] | None) -> Standing:
    """How a described stack stands. A stack that holds no resource, for its creation failed or never began, is absent."""
    status = "DELETE_COMPLETE" if stack is None else str(stack["StackStatus"])
    if status in _EMPTY:
        return "absent"
    if status in COMPLETE:
        return "complete"
    return "in progress" if status.endswith("_IN_PROGRESS") else "broken"


def snapshot(stack: Answer | None, template: Any = None) -> dict[str, Any]:
    """What restoring the stack needs, as plain JSON; of an absent one only that, and the ID of what is left of it.

    ``stack`` is an entry of DescribeStacks and ``template`` the TemplateBody of GetTemplate: an object, or a text.
    """
    if stack is None or standing(stack) == "absent":
        return {"exists": False, "id": "" if stack is None else stack["StackId"]}
    body = template if isinstance(template, str) else json.dumps(template, separators=(",", ":"))
    return {
        "exists": True,
        "id": stack["StackId"],
        "status": stack["StackStatus"],
        "template": body,
        "digest": digest(body),
        "parameters": {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])},
        "tags": {each["Key"]: each["Value"] for each in stack.get("Tags", [])},
        "capabilities": list(stack.get("Capabilities", [])),
        "updated": str(stack.get("LastUpdatedTime") or stack["CreationTime"]),
    }


def digest(template: str) -> str:
    """SHA-256 of a template; the order of keys and the blanks of one in JSON do not matter."""
    try:
        text = json.dumps(json.loads(template), sort_keys=True, separators=(",", ":"))
    except ValueError:
        text = template
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What of the stack is not as ``before`` says, in words; empty when it is as it was. Both are snapshots."""
    if before["exists"] != now["exists"]:
        return ["it is still there" if now["exists"] else "it is gone"]
    if not before["exists"]:
        return []
    return [name for name, key in _COMPARED.items() if before[key] != now[key]]


_COMPARED = {"its template": "digest", "its parameters": "parameters", "its tags": "tags"}


def latest_operation(events: list[Answer]) -> list[Answer]:
    """The events of the stack's latest operation, newest first; ``events`` are newest first, as CloudFormation gives them.

    An operation begins where the stack itself says CREATE_, UPDATE_ or DELETE_IN_PROGRESS; a rollback belongs to it.
    """
    for place, event in enumerate(events):
        if event["PhysicalResourceId"] == event["StackId"] and event["ResourceStatus"] in _BEGINNINGS:
            return events[: place + 1]
    return events


def first_failure(events: list[Answer]) -> str:
    """One sentence on the earliest failure that is not the consequence of another; empty when there is none."""
    failures = [each for each in events if each["ResourceStatus"].endswith("_FAILED")]
    causes = [each for each in failures if "cancelled" not in each.get("ResourceStatusReason", "").lower()] or failures
    if not causes:
        return ""
    first = causes[-1]
    reason = " ".join(str(first.get("ResourceStatusReason") or "no reason given").split()).rstrip(".")
    return f"{first['LogicalResourceId']} ({first['ResourceType']}) is {first['ResourceStatus']}: {reason}."


_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "IMPORT_IN_PROGRESS")
