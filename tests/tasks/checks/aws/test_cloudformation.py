from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.connect.session import Release
from tasks.core.answers import answer
from tasks.core.stacks import snapshot
from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

STATUS, GONE, OUTPUTS, VERSION, EVENTS, RESTORED = (
    f"aws.cloudformation.{name}"
    for name in ("stack_status", "stack_absent", "outputs_present", "stack_version", "no_failed_events", "restored")
)
NOW = datetime.now(UTC)
ARN = "arn:aws:cloudformation:us-east-1:123456789012:stack/sessions/1"
STACK: dict[str, Any] = {
    "StackId": ARN,
    "StackName": "sessions",
    "StackStatus": "UPDATE_COMPLETE",
    "CreationTime": NOW,
    "Tags": [{"Key": "Version", "Value": "1.2.0"}],
    "Parameters": [{"ParameterKey": "Size", "ParameterValue": "small"}],
    "Outputs": [{"OutputKey": "Endpoint", "OutputValue": "wss://a1"}, {"OutputKey": "Empty", "OutputValue": ""}],
}
TEMPLATE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
ABSENT = aws_error("ValidationError", "Stack with id sessions does not exist")
NAMED = {"stack": "sessions"}


def stack(**changes: Any) -> dict[str, Any]:
    described = {"Stacks": [STACK | changes]}
    return {"cloudformation.describe_stacks": described, "cloudformation.get_template": {"TemplateBody": TEMPLATE}}


def event(status: str, resource: str = "Topic", reason: str = "", minutes_ago: int = 0) -> dict[str, Any]:
    itself = resource == "sessions"
    return {
        "StackId": ARN,
        "PhysicalResourceId": ARN if itself else f"physical-{resource}",
        "LogicalResourceId": resource,
        "ResourceType": "AWS::CloudFormation::Stack" if itself else "AWS::SNS::Topic",
        "ResourceStatus": status,
        "ResourceStatusReason": reason,
        "Timestamp": NOW - timedelta(minutes=minutes_ago),
    }


def events(*found: dict[str, Any]) -> dict[str, Any]:
    """Given oldest first, as they happen; answered newest first, as CloudFormation does."""
    return {"cloudformation.describe_stack_events": {"StackEvents": list(reversed(found))}}


def released(*noted: Mapping[str, Any], action: str = "aws.cloudformation.deploy_by_script") -> Release:
    return Release(
        changes=tuple({"item": "i", "action": action, "arguments": NAMED, "before": each, "status": "done"} for each in noted)
    )


WAS = snapshot(answer(STACK), TEMPLATE)
WAS_NOT = snapshot(None)
MISSING = {"cloudformation.describe_stacks": ABSENT}
UNREAD = {"cloudformation.describe_stacks": DENIED}
BEGUN, ENDED = event("UPDATE_IN_PROGRESS", "sessions"), event("UPDATE_COMPLETE", "sessions")
FAILED_UPDATE = (
    BEGUN,
    event("UPDATE_FAILED", "Topic", "Topic name is taken"),
    event("UPDATE_FAILED", "Queue", "Resource update cancelled"),
    event("UPDATE_ROLLBACK_IN_PROGRESS", "sessions"),
    event("UPDATE_ROLLBACK_COMPLETE", "sessions"),
)
LONG_AGO = (event("CREATE_FAILED", "Topic", "long ago", minutes_ago=61), event("UPDATE_IN_PROGRESS", "sessions", minutes_ago=2))
WITH_OUTPUTS, WITH_EMPTY = NAMED | {"outputs": ["Endpoint"]}, NAMED | {"outputs": ["Endpoint", "Empty"]}
OF_RELEASE, OF_NEXT = NAMED | {"version": "1.2.0"}, NAMED | {"version": "1.3.0"}
HOUR = NAMED | {"minutes": 60}


COMPLETE = "aws.cloudformation.stacks_complete"
PREFIX = {"prefix": "app-"}


def stacks(*statuses: str) -> dict[str, Any]:
    found = [{"StackName": f"app-{place}", "StackStatus": status} for place, status in enumerate(statuses)]
    return {"cloudformation.describe_stacks": {"Stacks": [{"StackName": "other", "StackStatus": "CREATE_FAILED"}, *found]}}


CASES = [
    Case("deployed", STATUS, NAMED, Status.PASSED, "is UPDATE_COMPLETE", stack()),
    Case("rolled back", STATUS, NAMED, Status.FAILED,
         "is UPDATE_ROLLBACK_COMPLETE (no reason", stack(StackStatus="UPDATE_ROLLBACK_COMPLETE")),
    Case("rolled back, as the item allows", STATUS, NAMED | {"statuses": ["UPDATE_ROLLBACK_COMPLETE"]}, Status.PASSED,
         "is UPDATE_ROLLBACK_COMPLETE", stack(StackStatus="UPDATE_ROLLBACK_COMPLETE")),
    Case("still changing", STATUS, NAMED, Status.FAILED, "UPDATE_IN_PROGRESS", stack(StackStatus="UPDATE_IN_PROGRESS")),
    Case("not there", STATUS, NAMED, Status.FAILED, "does not exist", MISSING),
    Case("denied", STATUS, NAMED, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("not there", GONE, NAMED, Status.PASSED, "does not exist", MISSING),
    Case("deleted", GONE, NAMED, Status.PASSED, "does not exist", stack(StackStatus="DELETE_COMPLETE")),
    Case("there", GONE, NAMED, Status.FAILED, "wanted absent", stack()),
    Case("could not be deleted", GONE, NAMED, Status.FAILED, "is DELETE_FAILED", stack(StackStatus="DELETE_FAILED")),
    Case("denied", GONE, NAMED, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("there", OUTPUTS, WITH_OUTPUTS, Status.PASSED, "has Endpoint", stack()),
    Case("one without a value", OUTPUTS, WITH_EMPTY, Status.FAILED, "lacks Empty", stack()),
    Case("no outputs", OUTPUTS, WITH_OUTPUTS, Status.FAILED, "lacks Endpoint", stack(Outputs=[])),
    Case("none asked for", OUTPUTS, NAMED | {"outputs": []}, Status.UNKNOWN, "does not say", stack()),
    Case("denied", OUTPUTS, WITH_OUTPUTS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("this release's", VERSION, OF_RELEASE, Status.PASSED, "'1.2.0'", stack()),
    Case("another release's", VERSION, OF_NEXT, Status.FAILED, "'1.2.0', wanted '1.3.0'", stack()),
    Case("not tagged", VERSION, OF_RELEASE, Status.FAILED, "no tag Version", stack(Tags=[])),
    Case("not there", VERSION, OF_RELEASE, Status.FAILED, "does not exist", MISSING),
    Case("denied", VERSION, OF_RELEASE, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("ended well", EVENTS, NAMED, Status.PASSED, "No resource failed in 2 events", events(BEGUN, ENDED)),
    Case("the cause is named, not its consequence", EVENTS, NAMED, Status.FAILED,
         "Topic (AWS::SNS::Topic) is UPDATE_FAILED: Topic name is taken.", events(*FAILED_UPDATE)),
    Case("an earlier operation failed", EVENTS, NAMED, Status.PASSED, "in 2 events", events(*FAILED_UPDATE, BEGUN, ENDED)),
    Case("an earlier operation failed within the hour", EVENTS, HOUR, Status.FAILED,
         "name is taken", events(*FAILED_UPDATE, BEGUN, ENDED)),
    Case("a failure of more than an hour ago", EVENTS, HOUR, Status.PASSED, "in 1 events", events(*LONG_AGO)),
    Case("only consequences are left", EVENTS, NAMED, Status.FAILED, "cancelled",
         events(event("UPDATE_FAILED", "Queue", "Resource update cancelled"))),
    Case("no event", EVENTS, NAMED, Status.UNKNOWN, "no event", events()),
    Case("not there", EVENTS, NAMED, Status.FAILED, "does not exist", {"cloudformation.describe_stack_events": ABSENT}),
    Case("denied", EVENTS, NAMED, Status.UNKNOWN, "AccessDenied", {"cloudformation.describe_stack_events": DENIED}),
    Case("as it was", RESTORED, {}, Status.PASSED, "is as it was", stack(), released(WAS)),
    Case("as it was after a rollback of its own", RESTORED, {}, Status.PASSED, "is as it was",
         stack(StackStatus="UPDATE_ROLLBACK_COMPLETE"), released(WAS)),
    Case("absent as it was", RESTORED, {}, Status.PASSED, "is absent, as it was", MISSING, released(WAS_NOT)),
    Case("still there", RESTORED, {}, Status.FAILED, "it is still there", stack(), released(WAS_NOT)),
    Case("gone", RESTORED, {}, Status.FAILED, "it is gone", MISSING, released(WAS)),
    Case("other tags", RESTORED, {}, Status.FAILED, "its tags", stack(Tags=[]), released(WAS)),
    Case("other parameters", RESTORED, {}, Status.FAILED, "its parameters", stack(Parameters=[]), released(WAS)),
    Case("another template", RESTORED, {}, Status.FAILED, "its template",
         stack() | {"cloudformation.get_template": {"TemplateBody": "Resources: {}"}}, released(WAS)),
    Case("still changing", RESTORED, {}, Status.FAILED,
         "no state to stay in", stack(StackStatus="UPDATE_IN_PROGRESS"), released(WAS)),
    Case("changed twice, the first knows what was", RESTORED, {}, Status.PASSED, "is absent", MISSING, released(WAS_NOT, WAS)),
    Case("no change noted", RESTORED, {}, Status.UNKNOWN, "noted no change", stack(), released()),
    Case("only other actions noted", RESTORED, {}, Status.UNKNOWN,
         "noted no change", stack(), released(WAS, action="command.run")),
    Case("denied", RESTORED, {}, Status.UNKNOWN, "AccessDenied", UNREAD, released(WAS)),
    Case("template denied", RESTORED, {}, Status.UNKNOWN,
         "AccessDenied", stack() | {"cloudformation.get_template": DENIED}, released(WAS)),
    Case("all complete", COMPLETE, PREFIX, Status.PASSED, "among 2", stacks("CREATE_COMPLETE", "UPDATE_COMPLETE")),
    Case("elsewhere", COMPLETE, PREFIX | {"region": "us-west-2"}, Status.PASSED, "among 1", stacks("CREATE_COMPLETE")),
    Case("one rolled back", COMPLETE, PREFIX, Status.FAILED,
         "app-1 ROLLBACK_COMPLETE", stacks("CREATE_COMPLETE", "ROLLBACK_COMPLETE")),
    Case("too few", COMPLETE, PREFIX | {"stacks": 3}, Status.FAILED,
         "is 2, wanted at least 3", stacks("CREATE_COMPLETE", "CREATE_COMPLETE")),
    Case("empty account", COMPLETE, PREFIX, Status.FAILED, "is 0", stacks()),
    Case("none wanted, none there", COMPLETE, PREFIX | {"stacks": 0}, Status.FAILED, "is 0", stacks()),
    Case("denied", COMPLETE, PREFIX, Status.UNKNOWN, "AccessDenied", {"cloudformation.describe_stacks": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary


def test_every_output_is_told_to_later_items(tmp_path: Path) -> None:
    facts = Case("", OUTPUTS, WITH_OUTPUTS, Status.PASSED, "", stack()).verdict(tmp_path).facts

    assert facts == {"Endpoint": "wss://a1", "Empty": ""}
