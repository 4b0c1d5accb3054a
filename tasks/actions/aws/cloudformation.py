"""Deploying a CloudFormation stack by the team's own script or from a template, and taking that back."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from tasks.actions.aws import stacks
from tasks.connect.aws import AwsWriter
from tasks.connect.commands import CommandRunner
from tasks.connect.files import Files
from tasks.core.answers import Answer
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action
from tasks.core.stacks import differences, standing

_DEPLOYED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_PERMISSIONS = (
    "cloudformation:CancelUpdateStack",
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:CreateStack",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:GetTemplate",
    "cloudformation:UpdateStack",
    "s3:PutObject",
)
_QUIET_SECONDS = 5.0  # a script that outlived our process may be just about to touch the stack


def before(
    aws: AwsWriter,
    _runner: CommandRunner,
    *,
    stack: str,
    template_bucket: str = "",
    **_rest: Any,
) -> dict[str, Any]:
    """The stack's snapshot. Raises ``ActionError`` for a stack in a state that could not be restored."""
    found = stacks.described(aws, stack)
    if standing(found) in ("in progress", "broken"):
        raise ActionError(
            f"Stack {stack} is {stacks.status(found)}; bring it to rest first, for that is nothing to go back to."
        )
    noted = stacks.noted(aws, stack)
    if noted["exists"] and stacks.too_large(noted["template"]) and not template_bucket:
        raise ActionError(
            f"The template of stack {stack} is larger than CloudFormation takes back directly; name a template_bucket."
        )
    return noted


def settled(
    aws: AwsWriter,
    _runner: CommandRunner,
    *,
    before: Mapping[str, Any],
    stack: str,
    version: str,
    version_tag: str = "Version",
    timeout_minutes: int = 60,
    **_rest: Any,
) -> Settled:
    """Done when the stack moved and stands complete at ``version``; not done when it is untouched; otherwise unknown."""
    if _untouched(aws, stack, before):
        time.sleep(_QUIET_SECONDS)
    try:
        found = stacks.at_rest(aws, stack, timeout_minutes * 60)
    except ActionError:
        return "unknown"
    if _untouched(aws, stack, before):
        return "not done"
    moved = found is not None and stacks.noted(aws, stack).get("updated") != before.get("updated")
    return "done" if moved and found is not None and not _shortcoming(found, version, version_tag) else "unknown"


def undo(
    aws: AwsWriter,
    _runner: CommandRunner,
    *,
    before: Mapping[str, Any],
    stack: str,
    timeout_minutes: int = 60,
    template_bucket: str = "",
    **_rest: Any,
) -> str:
    """Delete a stack that was not there; give back to one that was its template, parameters and tags.

    An update that is still going on is cancelled first. Raises ``ActionError`` when the stack does not get there.
    """
    seconds = timeout_minutes * 60.0
    if not before["exists"]:
        if stacks.described(aws, stack) is None:
            return f"Stack {stack} was not there before the release and is not there now; nothing had to be undone."
        stacks.remove(aws, stack, seconds)
        return f"Stack {stack} was not there before the release and has been deleted."
    found = stacks.stop(aws, stack, seconds)
    if standing(found) == "complete" and not differences(before, stacks.noted(aws, stack)):
        return f"Stack {stack} is as it was before the release; nothing had to be undone."
    stacks.restore(aws, stack, before, seconds, template_bucket)
    return f"Stack {stack} has its template, parameters and tags of before the release again."


@action(
    remedy="aws cloudformation describe-stack-events --stack-name <stack>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=_PERMISSIONS,
)
def deploy_by_script(
    aws: AwsWriter,
    runner: CommandRunner,
    *,
    stack: str,
    command: list[str],
    version: str,
    directory: str = "",
    environment: dict[str, str] | None = None,
    version_tag: str = "Version",
    timeout_minutes: int = 60,
    template_bucket: str = "",  # noqa: ARG001  for the companions, which get every argument
) -> Done:
    """Deploy the stack by the team's own script.

    ``command`` is a list of words, run without a shell in ``directory`` of the system's checkout, with ``environment`` on
    top of the release's own and the release's ID in GATES_RELEASE. The script must leave the stack complete, with
    ``version`` in its tag ``version_tag``: that is how an interrupted deployment is told from one that never began.
    ``timeout_minutes`` limits the script, and every wait for the stack. ``template_bucket`` is an S3 bucket for templates
    of more than 51,200 bytes, which a rollback could not send back otherwise.

    Undone as `cdk destroy` would where the stack was not there before the release, and else by cancelling a running update
    and updating the stack back to the template, parameters and tags it had. Facts: the stack's outputs.

    Example:
        action: aws.cloudformation.deploy_by_script
        with:
          stack: SessionManagement-prod
          command: [make, deploy, ENV=prod, VERSION=1.2.0]
          directory: session-management
          version: 1.2.0

    """
    shown = f"`{' '.join(command)}`"
    finished = runner.run(command, directory, environment, timeout_minutes * 60)
    found = stacks.at_rest(aws, stack, timeout_minutes * 60)
    trouble = "" if found is None else _shortcoming(found, version, version_tag)
    if finished.exit_status != 0:
        state = f"Stack {stack} is {stacks.status(found)}. {stacks.failure(aws, stack) if found else ''}"
        raise ActionError(f"{shown} ended with {finished.exit_status}: {finished.last_line} {state}".rstrip())
    if found is None or trouble:
        raise ActionError(f"{shown} ended well, yet stack {stack} {trouble or 'does not exist'}.")
    outputs = {each["OutputKey"]: str(each["OutputValue"]) for each in found.get("Outputs", [])}
    return Done(f"Stack {stack} is {found['StackStatus']} at version {version}.", outputs)


@action(
    remedy="aws cloudformation describe-stack-events --stack-name <stack>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=_PERMISSIONS,
)
def deploy_template(
    aws: AwsWriter,
    files: Files,
    *,
    stack: str,
    template: str,
    version: str,
    parameters: dict[str, str] | None = None,
    capabilities: list[str] | None = None,
    tags: dict[str, str] | None = None,
    version_tag: str = "Version",
    timeout_minutes: int = 60,
    template_bucket: str = "",
) -> Done:
    """Create the stack from the template, or update it, and wait until it is complete.

    ``template`` is a file relative to the workspace; ``parameters`` that are not named keep the values that they have;
    ``capabilities`` are such as CAPABILITY_IAM; ``version`` becomes the stack's tag ``version_tag``, beside ``tags``.
    ``template_bucket`` is an S3 bucket for templates of more than 51,200 bytes. Undone as deploy_by_script is. Facts: the
    stack's outputs.

    Example:
        action: aws.cloudformation.deploy_template
        with: {stack: shop-prod, template: shop/infrastructure/template.yaml, version: 1.4.0, capabilities: [CAPABILITY_IAM]}

    """
    wish = stacks.Wish(files.text(template), parameters or {}, {**(tags or {}), version_tag: version}, capabilities or [])
    if stacks.too_large(wish.template) and not template_bucket:
        raise ActionError(f"{template} is larger than CloudFormation takes directly; name a template_bucket.")
    found = stacks.deploy(aws, stack, wish, timeout_minutes * 60, template_bucket)
    outputs = {each["OutputKey"]: str(each["OutputValue"]) for each in found.get("Outputs", [])}
    return Done(f"Stack {stack} is {found['StackStatus']} at version {version}.", outputs)


def _shortcoming(found: Answer, version: str, version_tag: str) -> str:
    """What a deployed stack has to be and this one is not, as the end of a sentence; empty when it is as it should be."""
    if found["StackStatus"] not in _DEPLOYED:
        return f"is {found['StackStatus']}"
    seen = {each["Key"]: each["Value"] for each in found.get("Tags", [])}.get(version_tag)
    return (
        "" if seen == version else f"has {f'version {seen}' if seen else 'nothing'} in its tag {version_tag}, wanted {version}"
    )


def _untouched(aws: AwsWriter, stack: str, before: Mapping[str, Any]) -> bool:
    now = stacks.noted(aws, stack)
    return (now["id"], now.get("updated"), differences(before, now)) == (before["id"], before.get("updated"), [])
