"""CloudFormation stacks: deployed, in the wished version, and after a rollback as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tasks.connect.aws import Aws
from tasks.connect.progress import Progress
from tasks.core.answers import Answer, only
from tasks.core.judges import at_least, equal, every, includes, listed, none
from tasks.core.registry import check
from tasks.core.stacks import differences, first_failure, latest_operation, snapshot, standing
from tasks.core.verdicts import Verdict, failed, passed, unknown

_DEPLOYED = ["CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"]
_DEPLOYS = "aws.cloudformation.deploy_by_script"


@check(permissions=("cloudformation:DescribeStacks",), remedy="aws cloudformation describe-stack-events --stack-name <stack>")
def stack_status(aws: Aws, *, stack: str, statuses: list[str] = _DEPLOYED) -> Verdict:
    """The stack stands as a successful deployment leaves it.

    A stack that rolled back, or is still being changed, does not hold what the release wanted. UPDATE_ROLLBACK_COMPLETE is not
    among the statuses taken for good unless the item names it.
    Reads cloudformation:DescribeStacks.

    Example:
        check: aws.cloudformation.stack_status
        with: {stack: SessionManagement-prod}

    """
    found = _stack(aws, stack)
    if found["StackStatus"] in statuses:
        return passed(f"Stack {stack} is {found['StackStatus']}.")
    reason = found.get("StackStatusReason") or "no reason given"
    return failed(f"Stack {stack} is {found['StackStatus']} ({reason}), wanted {' or '.join(statuses)}.")


@check(
    permissions=("cloudformation:DescribeStacks",),
    remedy="aws cloudformation describe-stacks --query Stacks[].[StackName,StackStatus]",
)
def stacks_complete(aws: Aws, *, prefix: str, stacks: int = 1, region: str = "") -> Verdict:
    """Every stack under the prefix stands as a successful deployment leaves it, and there are enough of them.

    One stack of many that rolled back leaves a system of two versions.
    Reads cloudformation:DescribeStacks. ``prefix`` is the beginning of the stacks' names, ``stacks`` the smallest number of
    them; ``region`` looks in another region than the release's, such as the one for disasters.

    Example:
        check: aws.cloudformation.stacks_complete
        with: {prefix: Kalendlytic-prod-, stacks: 5, region: us-west-2}

    """
    every_one = aws.in_region(region).cloudformation.describe_stacks()["Stacks"]
    mine = [each for each in every_one if each["StackName"].startswith(prefix)]
    enough = at_least(f"The number of stacks named {prefix}…{f' in {region}' if region else ''}", len(mine), stacks)
    if not mine or enough.status.keeps_gate_closed:
        return enough if mine else failed(enough.summary)
    broken = [f"{each['StackName']} {each['StackStatus']}" for each in mine if each["StackStatus"] not in _DEPLOYED]
    return none(f"stacks named {prefix}… that are not complete", broken, len(mine))


@check(permissions=("cloudformation:DescribeStacks",), remedy="aws cloudformation delete-stack --stack-name <stack>")
def stack_absent(aws: Aws, *, stack: str) -> Verdict:
    """The stack does not exist.

    What is left of it goes on costing money, and stands in the way of the next deployment.
    Reads cloudformation:DescribeStacks.

    Example:
        check: aws.cloudformation.stack_absent
        with: {stack: SessionManagement-dev}

    """
    found = _stack_or_none(aws, stack)
    if found is None or found["StackStatus"] == "DELETE_COMPLETE":
        return passed(f"Stack {stack} does not exist.")
    return failed(f"Stack {stack} is {found['StackStatus']}, wanted absent.")


@check(
    permissions=("cloudformation:DescribeStacks",),
    remedy="aws cloudformation describe-stacks --stack-name <stack> --query Stacks[0].Outputs",
)
def outputs_present(aws: Aws, *, stack: str, outputs: list[str]) -> Verdict:
    """The stack has each wished output, with a value.

    Clients and later items take addresses and names from them.
    Reads cloudformation:DescribeStacks. Facts: every output of the stack, by its key.

    Example:
        check: aws.cloudformation.outputs_present
        with: {stack: SessionManagement-prod, outputs: [WebSocketEndpoint]}

    """
    seen = {each["OutputKey"]: str(each["OutputValue"]) for each in _stack(aws, stack).get("Outputs", [])}
    verdict = includes(f"Stack {stack}", [key for key, value in seen.items() if value], outputs)
    return Verdict(verdict.status, verdict.summary, facts={} if verdict.status.keeps_gate_closed else seen)


@check(
    permissions=("cloudformation:DescribeStacks",),
    remedy="aws cloudformation describe-stacks --stack-name <stack> --query Stacks[0].Tags",
)
def stack_version(aws: Aws, *, stack: str, version: str, tag: str = "Version") -> Verdict:
    """The stack carries the version of this release.

    A deployment that ended well may still have deployed another version, or nothing.
    Reads cloudformation:DescribeStacks. ``tag`` is the stack's tag that holds the version.

    Example:
        check: aws.cloudformation.stack_version
        with: {stack: SessionManagement-prod, version: 1.2.0}

    """
    seen = {each["Key"]: each["Value"] for each in _stack(aws, stack).get("Tags", [])}.get(tag)
    if seen is None:
        return failed(f"Stack {stack} has no tag {tag}, wanted version {version}.")
    return equal(f"Version of stack {stack}", seen, version)


@check(
    permissions=("cloudformation:DescribeStackEvents",), remedy="aws cloudformation describe-stack-events --stack-name <stack>"
)
def no_failed_events(aws: Aws, *, stack: str, minutes: int = 0) -> Verdict:
    """No resource of the stack failed in its latest operation.

    The first failure is the cause; those after it are its consequences. It is named with its reason.
    Reads cloudformation:DescribeStackEvents. ``minutes`` looks at all events of that many minutes before the sample instead of
    at the latest operation: once the stack was rolled back, its latest operation is the rollback.

    Example:
        check: aws.cloudformation.no_failed_events
        with: {stack: SessionManagement-prod, minutes: 120}

    """
    every_event = aws.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    recent = [each for each in every_event if minutes and each["Timestamp"] >= aws.now - timedelta(minutes=minutes)]
    events = recent if minutes else latest_operation(every_event)
    if not events:
        return unknown(f"Stack {stack} has no event{f' of the last {minutes} minutes' if minutes else ''} to look through.")
    failure = first_failure(events)
    return (
        failed(f"Stack {stack}: {failure}")
        if failure
        else passed(f"No resource failed in {len(events)} events of stack {stack}.")
    )


@check(
    permissions=("cloudformation:DescribeStacks", "cloudformation:GetTemplate"),
    remedy="aws cloudformation describe-stack-events --stack-name <stack>",
)
def restored(aws: Aws, progress: Progress) -> Verdict:
    """Every stack that this release changed is as it was before the release.

    A rollback that ended without an error may still have left something behind. A stack that was not there must be gone; one
    that was there must be complete with the same template, parameters and tags.
    Reads cloudformation:DescribeStacks and cloudformation:GetTemplate, and what the release noted before its changes.

    Example:
        check: aws.cloudformation.restored

    """
    noted: dict[str, Mapping[str, Any]] = {}
    for change in progress.release.changes:
        if change["action"] == _DEPLOYS:
            noted.setdefault(change["arguments"]["stack"], change["before"])  # of several changes the first knows what was
    if not noted:
        return unknown("This release has noted no change of a stack, so nobody can say what restored would mean.")
    return every("stack", noted.items(), lambda pair: _as_before(aws, *pair))


def _as_before(aws: Aws, stack: str, before: Mapping[str, Any]) -> Verdict:
    found = _stack_or_none(aws, stack)
    if standing(found) not in ("absent", "complete"):
        return failed(f"Stack {stack} is {found['StackStatus'] if found else 'absent'}, which is no state to stay in.")
    template = None if found is None else aws.cloudformation.get_template(StackName=stack)["TemplateBody"]
    different = differences(before, snapshot(found, template))
    if different:
        return failed(f"Stack {stack} is not as it was before the release: {listed(different)}.")
    was = "is as it was before the release" if before["exists"] else "is absent, as it was before the release"
    return passed(f"Stack {stack} {was}.")


def _stack(aws: Aws, name: str) -> Answer:
    stack: Answer = only("stack", aws.cloudformation.describe_stacks(StackName=name)["Stacks"], "StackName", name)
    return stack


def _stack_or_none(aws: Aws, name: str) -> Answer | None:
    found = aws.cloudformation.describe_stacks.or_none(StackName=name)
    stack: Answer | None = None if found is None else only("stack", found["Stacks"], "StackName", name)
    return stack
