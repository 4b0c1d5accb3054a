"""Looking at, restoring and removing one CloudFormation stack through the write door."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.actions.aws.waiting import until
from tasks.connect.aws import AwsWriter
from tasks.core.answers import Answer, only
from tasks.core.errors import Absent, ActionError, EvidenceError
from tasks.core.redaction import HIDDEN
from tasks.core.stacks import digest, first_failure, latest_operation, snapshot, standing

LARGEST_DIRECT_TEMPLATE = 51_200  # bytes that CloudFormation takes in a request; a larger one must lie in S3
_NO_ECHO = "****"


@dataclass(frozen=True)
class Wish:
    """What a stack is to become."""

    template: str
    parameters: Mapping[str, str]
    tags: Mapping[str, str]
    capabilities: Sequence[str]


def described(aws: AwsWriter, name: str) -> Answer | None:
    """The stack as DescribeStacks has it; None when there is none."""
    try:
        stack: Answer = only("stack", aws.cloudformation.describe_stacks(StackName=name)["Stacks"], "StackName", name)
    except Absent:
        return None
    return stack if stack["StackStatus"] != "DELETE_COMPLETE" else None


def status(stack: Answer | None) -> str:
    """The stack's status in CloudFormation's words; ``absent`` when there is none."""
    return "absent" if stack is None else str(stack["StackStatus"])


def noted(aws: AwsWriter, name: str) -> dict[str, Any]:
    """The stack's snapshot at this moment."""
    stack = described(aws, name)
    template = aws.cloudformation.get_template(StackName=name)["TemplateBody"] if standing(stack) != "absent" else None
    return snapshot(stack, template)


def at_rest(aws: AwsWriter, name: str, seconds: float) -> Answer | None:
    """The stack once nothing changes it any more. Raises ``ActionError`` when that takes longer than ``seconds``."""
    return until(f"changing stack {name}", lambda: described(aws, name), lambda seen: standing(seen) != "in progress", seconds)


def failure(aws: AwsWriter, name: str) -> str:
    """One sentence on what failed first in the stack's latest operation; empty when nothing did."""
    try:
        return first_failure(latest_operation(aws.cloudformation.describe_stack_events(StackName=name)["StackEvents"]))
    except (Absent, EvidenceError) as error:
        return f"Its events could not be read: {error}"


def stop(aws: AwsWriter, name: str, seconds: float) -> Answer | None:
    """End the change that is going on and let the stack come to rest. Raises ``ActionError`` when it does not."""
    if status(described(aws, name)) == "UPDATE_IN_PROGRESS":
        _unless_too_late(lambda: aws.cloudformation.cancel_update_stack(StackName=name))
    stack = at_rest(aws, name, seconds)
    if status(stack) == "UPDATE_ROLLBACK_FAILED":
        aws.cloudformation.continue_update_rollback(StackName=name)
        stack = until(
            f"rolling stack {name} back",
            lambda: described(aws, name),
            lambda seen: standing(seen) != "in progress" and status(seen) != "UPDATE_ROLLBACK_FAILED",
            seconds,
        )
    return stack


def remove(aws: AwsWriter, name: str, seconds: float) -> None:
    """Delete the stack and wait until it is gone. Raises ``ActionError`` when something of it stays."""
    stack = described(aws, name)
    if stack is None:
        return
    aws.cloudformation.delete_stack(StackName=name)
    left = until(f"deleting stack {name}", lambda: described(aws, name), _deletion_ended, seconds)
    if left is not None:
        raise ActionError(f"Stack {name} could not be deleted and is {left['StackStatus']}. {failure(aws, name)}")


def restore(aws: AwsWriter, name: str, before: Mapping[str, Any], seconds: float, bucket: str) -> None:
    """Give the stack its earlier template, parameters and tags, and wait for it. Raises ``ActionError`` when that failed."""
    if digest(before["template"]) != before["digest"]:
        raise ActionError(
            f"The noted template of stack {name} is not whole, for a secret was hidden in it; restore it by hand."
        )
    request = {
        "StackName": name,
        **_template(aws, name, before["template"], bucket),
        "Parameters": [_parameter(key, value) for key, value in before["parameters"].items()],
        "Tags": [{"Key": key, "Value": value} for key, value in before["tags"].items()],
        "Capabilities": before["capabilities"],
    }
    stack = described(aws, name)
    if standing(stack) == "absent":
        remove(aws, name, seconds)
        aws.cloudformation.create_stack(**request)
        earlier = ""
    else:
        earlier = _updated(stack)
        if not _update(aws, request):
            return
    ended = until(
        f"restoring stack {name}",
        lambda: described(aws, name),
        lambda seen: standing(seen) != "in progress" and _updated(seen) != earlier,
        seconds,
    )
    if status(ended) not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise ActionError(f"Restoring stack {name} failed and left it {status(ended)}. {failure(aws, name)}")


def deploy(aws: AwsWriter, name: str, wish: Wish, seconds: float, bucket: str) -> Answer:
    """Create the stack, or update it, as wished, and wait for it.

    Parameters that the wish does not name keep the value that they have. Raises ``ActionError`` when that failed.
    """
    stack = described(aws, name)
    known = [] if stack is None else [str(each["ParameterKey"]) for each in stack.get("Parameters", [])]
    kept = [key for key in known if key not in wish.parameters and _declared(wish.template, key)]
    request = {
        "StackName": name,
        **_template(aws, name, wish.template, bucket),
        "Parameters": [
            *({"ParameterKey": key, "UsePreviousValue": True} for key in kept),
            *({"ParameterKey": key, "ParameterValue": value} for key, value in wish.parameters.items()),
        ],
        "Tags": [{"Key": key, "Value": value} for key, value in wish.tags.items()],
        "Capabilities": wish.capabilities,
    }
    earlier = "" if stack is None else _updated(stack)
    if stack is None:
        aws.cloudformation.create_stack(**request)
    elif not _update(aws, request):
        return stack
    ended = until(
        f"deploying stack {name}",
        lambda: described(aws, name),
        lambda seen: seen is not None and standing(seen) != "in progress" and _updated(seen) != earlier,
        seconds,
    )
    if ended is None or status(ended) not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        raise ActionError(f"Stack {name} is {status(ended)}. {failure(aws, name)}".rstrip())
    return ended


def too_large(template: str) -> bool:
    """Whether the template must lie in a bucket to be sent again."""
    return len(template.encode()) > LARGEST_DIRECT_TEMPLATE


def _declared(template: str, parameter: str) -> bool:
    """Whether the name stands before a colon in the template, JSON or YAML: a parameter that is gone may not be sent."""
    return (
        re.search(rf"""^\s*["']?{re.escape(parameter)}["']?\s*:|[{{,]\s*"{re.escape(parameter)}"\s*:""", template, re.MULTILINE)
        is not None
    )


def _update(aws: AwsWriter, request: Mapping[str, Any]) -> bool:
    try:
        aws.cloudformation.update_stack(**request)
    except EvidenceError as error:
        if "No updates are to be performed" in str(error):
            return False
        raise
    return True


def _template(aws: AwsWriter, name: str, body: str, bucket: str) -> dict[str, str]:
    if not too_large(body):
        return {"TemplateBody": body}
    key = f"deployment-gates/{name}/{digest(body)}.template"
    aws.s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
    return {"TemplateURL": f"https://{bucket}.s3.amazonaws.com/{key}"}


def _parameter(key: str, value: str) -> dict[str, Any]:
    """CloudFormation never tells the value of a NoEcho parameter; it can only be told to keep the one it has."""
    if value == _NO_ECHO or HIDDEN in value:
        return {"ParameterKey": key, "UsePreviousValue": True}
    return {"ParameterKey": key, "ParameterValue": value}


def _deletion_ended(stack: Answer | None) -> bool:
    return stack is None or stack["StackStatus"] == "DELETE_FAILED"


def _updated(stack: Answer | None) -> str:
    return "" if stack is None else str(stack.get("LastUpdatedTime") or stack["CreationTime"])


def _unless_too_late(ask: Callable[[], Answer]) -> None:
    try:
        ask()
    except EvidenceError as error:
        if "ValidationError" not in str(error):  # the update ended between our look and our asking
            raise
