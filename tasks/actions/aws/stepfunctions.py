"""Bringing a workflow to rest: nothing new is started, and what runs may end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.aws.waiting import until
from tasks.connect.aws import AwsWriter
from tasks.core.answers import only
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action


def before(aws: AwsWriter, *, rules: list[str], functions: list[str] | None = None, bus: str = "default") -> dict[str, Any]:
    """How rules and functions stand: ``{"rules": {name: state}, "functions": {name: reserved or None}}``."""
    return {
        "rules": {name: _state(aws, name, bus) for name in rules},
        "functions": {name: _reserved(aws, name) for name in functions or ()},
    }


def settled(
    aws: AwsWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  the end is told from what there is now
    rules: list[str],
    functions: list[str] | None = None,
    bus: str = "default",
) -> Settled:
    """Done when every rule is disabled and no function may run; anything less may simply be done again."""
    stopped = all(_state(aws, name, bus) == "DISABLED" for name in rules)
    return "done" if stopped and all(_reserved(aws, name) == 0 for name in functions or ()) else "not done"


def undo(
    aws: AwsWriter,
    *,
    before: Mapping[str, Any],
    rules: list[str],
    functions: list[str] | None = None,
    bus: str = "default",
) -> str:
    """Enable again what was enabled, and give the functions the concurrency that they had."""
    for name in rules:
        if before["rules"][name] != "DISABLED":
            aws.events.enable_rule(Name=name, EventBusName=bus)
    for name in functions or ():
        earlier = before["functions"][name]
        if earlier is None:
            aws.lambda_.delete_function_concurrency(FunctionName=name)
        else:
            aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=earlier)
    return f"{', '.join([*rules, *(functions or ())])} start executions as they did before."


@action(
    remedy="aws events list-rules; aws lambda get-function-concurrency --function-name <function>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=(
        "events:DescribeRule",
        "events:DisableRule",
        "events:EnableRule",
        "lambda:DeleteFunctionConcurrency",
        "lambda:GetFunctionConcurrency",
        "lambda:PutFunctionConcurrency",
    ),
)
def stop_new_executions(aws: AwsWriter, *, rules: list[str], functions: list[str] | None = None, bus: str = "default") -> Done:
    """See to it that no new execution of the workflow is started.

    ``rules`` are the EventBridge rules of ``bus`` that start it, which are disabled; ``functions`` are the Lambda functions
    that start it, which may no longer run (a reserved concurrency of 0). Undone by putting both back as they were.

    Example:
        action: aws.stepfunctions.stop_new_executions
        with: {rules: [document-workflow-nightly-prod], functions: [document-workflow-start-prod]}

    """
    if not rules and not functions:
        raise ActionError("The item names neither a rule nor a function that starts executions.")
    for name in rules:
        aws.events.disable_rule(Name=name, EventBusName=bus)
    for name in functions or ():
        aws.lambda_.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    return Done(f"Nothing is started any more by {', '.join([*rules, *(functions or ())])}.")


def completed(
    aws: AwsWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  waiting notes nothing
    machine: str,
    **_rest: Any,
) -> Settled:
    """Done when nothing runs; otherwise one may wait again."""
    return "not done" if _running(aws, _arn(aws, machine)) else "done"


def nothing_to_undo(_aws: AwsWriter, *, before: Mapping[str, Any], machine: str, **_rest: Any) -> str:  # noqa: ARG001
    """Waiting changed nothing."""
    return f"Waiting for the executions of {machine} changed nothing, so nothing had to be undone."


@action(
    remedy="aws stepfunctions list-executions --status-filter RUNNING --state-machine-arn <arn>",
    settled=completed,
    undo=nothing_to_undo,
    permissions=("states:ListExecutions", "states:ListStateMachines"),
)
def let_complete(aws: AwsWriter, *, machine: str, timeout_minutes: float = 30) -> Done:
    """Wait until every execution of the state machine has ended.

    ``machine`` is its name; after ``timeout_minutes`` the action has failed, and what runs goes on. Nothing is stopped.

    Example:
        action: aws.stepfunctions.let_complete
        with: {machine: document-workflow-prod, timeout_minutes: 30}

    """
    arn = _arn(aws, machine)
    waited_for = _running(aws, arn)
    until(f"the executions of {machine}", lambda: _running(aws, arn), lambda count: not count, timeout_minutes * 60)
    return Done(f"No execution of {machine} is running; {waited_for} ran when the waiting began.")


def _arn(aws: AwsWriter, machine: str) -> str:
    machines = aws.stepfunctions.list_state_machines()["stateMachines"]
    return str(only("state machine", machines, "name", machine)["stateMachineArn"])


def _running(aws: AwsWriter, arn: str) -> int:
    return len(aws.stepfunctions.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"])


def _state(aws: AwsWriter, rule: str, bus: str) -> str:
    return str(aws.events.describe_rule(Name=rule, EventBusName=bus)["State"])


def _reserved(aws: AwsWriter, function: str) -> int | None:
    """The concurrency reserved for the function; None where nothing is."""
    found = aws.lambda_.get_function_concurrency(FunctionName=function).get("ReservedConcurrentExecutions")
    return None if found is None else int(found)
