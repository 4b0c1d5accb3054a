"""Looking at a CloudFormation stack, changing it, and following it to its end."""

from __future__ import annotations

import json
import time
from typing import Any

from botocore.exceptions import ClientError

GOOD = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
Stack = dict[str, Any]


def described(cloudformation: Any, name: str) -> Stack | None:
    """The stack; None when there is none, or one whose creation failed and that holds nothing."""
    try:
        found: Stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    return found


def version(stack: Stack | None) -> str:
    return {each["Key"]: each["Value"] for each in (stack or {}).get("Tags", [])}.get("Version", "")


def body(cloudformation: Any, name: str) -> str:
    """The template of a stack, as text."""
    found = cloudformation.get_template(StackName=name)["TemplateBody"]
    return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))


def put(cloudformation: Any, name: str, template: str, tags: list[dict[str, str]]) -> str:
    """Create or update the stack, print its events, and return its last status: complete when nothing had to change."""
    request = {
        "StackName": name,
        "TemplateBody": template,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "Tags": tags,
    }
    stack = described(cloudformation, name)
    if stack and stack["StackStatus"] == "ROLLBACK_COMPLETE":
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name)
        stack = None
    seen = set() if stack is None else {event["EventId"] for event in events(cloudformation, name)}
    if stack is None:
        cloudformation.create_stack(**request)
    else:
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return GOOD[-1]
            raise
    return follow(cloudformation, name, seen)


def events(cloudformation: Any, name: str) -> list[dict[str, Any]]:
    pages = cloudformation.get_paginator("describe_stack_events").paginate(StackName=name)
    return [event for page in pages for event in page["StackEvents"]]


def follow(cloudformation: Any, name: str, seen: set[str]) -> str:
    """Print the stack's events as they come, until it is at rest; return its status."""
    while True:
        stack = described(cloudformation, name)
        status = str(stack["StackStatus"]) if stack else "DELETED"
        for event in reversed(events(cloudformation, name)):
            if event["EventId"] not in seen:
                seen.add(event["EventId"])
                reason = event.get("ResourceStatusReason", "")
                print(f"{event['LogicalResourceId']:32} {event['ResourceStatus']:28} {reason}".rstrip(), flush=True)
        if not status.endswith("_IN_PROGRESS"):
            return status
        time.sleep(0.2)
