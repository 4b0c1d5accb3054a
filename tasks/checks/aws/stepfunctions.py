"""Step Functions state machines: what they do, how they fail, and whether they run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from tasks.checks.aws.metrics import total
from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only, parsed
from tasks.core.judges import at_least, equal, listed, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_READS = ("states:ListStateMachines", "states:DescribeStateMachine")
_LOOK = "aws stepfunctions describe-state-machine --state-machine-arn <arn>"


@check(permissions=_READS, remedy=_LOOK)
def active(aws: Aws, *, machine: str, workflow: Literal["", "STANDARD", "EXPRESS"] = "") -> Verdict:
    """The state machine is active and of the wished type.

    The type cannot be changed: an express workflow is cheap by the million, ends after five minutes, and may run a step twice.
    Reads states:ListStateMachines and states:DescribeStateMachine. ``machine`` is its name; an empty ``workflow`` accepts both
    types. Facts: state_machine_arn.

    Example:
        check: aws.stepfunctions.active
        with: {machine: document-workflow-prod, workflow: STANDARD}

    """
    seen = _machine(aws, machine)
    if seen["status"] != "ACTIVE":
        return failed(f"State machine {machine} is {seen['status']}, wanted ACTIVE.")
    verdict = equal(f"Type of state machine {machine}", seen["type"], workflow or seen["type"])
    return Verdict(verdict.status, verdict.summary, facts={"state_machine_arn": str(seen["stateMachineArn"])})


@check(permissions=_READS, remedy=_LOOK + " --query definition")
def definition_uses(aws: Aws, *, machine: str, includes: list[str] | None = None, excludes: list[str] | None = None) -> Verdict:
    """The definition names what it must, and nothing that it must not.

    A workflow that still calls the mock ends well and does nothing.
    Reads states:DescribeStateMachine. ``includes`` and ``excludes`` are parts of the definition's text, such as a host or the
    word mock; upper and lower case are the same.

    Example:
        check: aws.stepfunctions.definition_uses
        with: {machine: document-workflow-prod, includes: [api.example.com], excludes: [mock, staging]}

    """
    if not includes and not excludes:
        return unknown(f"The item does not say what the definition of {machine} must name.")
    text = str(_machine(aws, machine)["definition"]).lower()
    missing = [each for each in includes or [] if each.lower() not in text]
    wrong = [each for each in excludes or [] if each.lower() in text]
    if missing or wrong:
        told = [f"lacks {listed(missing)}"] * bool(missing) + [f"names {listed(wrong)}"] * bool(wrong)
        return failed(f"The definition of state machine {machine} {' and '.join(told)}.")
    return passed(
        f"The definition of state machine {machine} names {listed(includes or []) or f'none of {listed(excludes or [])}'}."
    )


@check(permissions=_READS, remedy=_LOOK + " --query definition")
def errors_handled(aws: Aws, *, machine: str, catch: bool = True, tolerated: list[str] | None = None) -> Verdict:
    """Every task of the state machine is tried again when it fails, and its last failure is caught.

    One timeout of an outside service ends the whole execution otherwise.
    Reads states:DescribeStateMachine. ``catch`` asks for a Catch beside the Retry; ``tolerated`` are names of states that a
    person has accepted as they are. A machine without a task is unknown.

    Example:
        check: aws.stepfunctions.errors_handled
        with: {machine: document-workflow-prod, tolerated: [NotifyDone]}

    """
    tasks = [(name, state) for name, state in _states(_definition(aws, machine)) if state["Type"] == "Task"]
    wanted = ["Retry", "Catch"] if catch else ["Retry"]
    bare = [
        f"{name} without {' and '.join(missing)}"
        for name, state in tasks
        if name not in (tolerated or []) and (missing := [each for each in wanted if not state.get(each)])
    ]
    return none(f"tasks of state machine {machine} that fail at once", bare, len(tasks))


@check(permissions=_READS, remedy="aws stepfunctions update-state-machine --state-machine-arn <arn> --definition …")
def timeout_set(aws: Aws, *, machine: str, seconds: int) -> Verdict:
    """An execution of the state machine is ended after the wished time.

    Without a timeout an execution that waits for an answer that never comes waits for a year.
    Reads states:DescribeStateMachine. ``seconds`` is the definition's TimeoutSeconds.

    Example:
        check: aws.stepfunctions.timeout_set
        with: {machine: document-workflow-prod, seconds: 7200}

    """
    return equal(f"Timeout of state machine {machine}", _definition(aws, machine).get("TimeoutSeconds"), seconds, "s")


@check(
    permissions=_READS,
    remedy="aws stepfunctions update-state-machine --state-machine-arn <arn> --tracing-configuration enabled=true",
)
def tracing_on(aws: Aws, *, machine: str) -> Verdict:
    """Executions of the state machine are traced by X-Ray.

    Reads states:DescribeStateMachine.

    Example:
        check: aws.stepfunctions.tracing_on
        with: {machine: document-workflow-prod}

    """
    seen = _machine(aws, machine).get("tracingConfiguration", {}).get("enabled", False)
    return equal(f"Tracing of state machine {machine}", seen, wanted=True)


@check(
    permissions=(*_READS, "states:ListExecutions"),
    remedy="aws stepfunctions list-executions --status-filter RUNNING --state-machine-arn <arn>",
)
def no_execution_running(aws: Aws, *, machine: str) -> Verdict:
    """No execution of the state machine is running.

    What runs while its functions are exchanged under it may end half in the old and half in the new version.
    Reads states:ListExecutions. Executions of an express workflow are not listed by AWS: such a machine is unknown.

    Example:
        check: aws.stepfunctions.no_execution_running
        with: {machine: document-workflow-prod}

    """
    seen = _machine(aws, machine)
    if seen["type"] == "EXPRESS":
        return unknown(f"AWS lists no executions of express workflow {machine}.")
    running = aws.stepfunctions.list_executions(stateMachineArn=seen["stateMachineArn"], statusFilter="RUNNING")["executions"]
    if running:
        return failed(f"{len(running)} executions of state machine {machine} run: {listed(each['name'] for each in running)}.")
    return passed(f"No execution of state machine {machine} is running.")


@check(
    permissions=(*_READS, "cloudwatch:GetMetricData"),
    remedy="aws stepfunctions list-executions --status-filter FAILED --state-machine-arn <arn>",
)
def success_rate(aws: Aws, *, machine: str, percent: float, hours: int = 24, executions: int = 1) -> Verdict:
    """Enough of the executions that ended in the last hours succeeded.

    Reads the sums of ExecutionsSucceeded, Failed, TimedOut and Aborted by cloudwatch:GetMetricData. ``percent`` is the smallest
    share of successes, ``executions`` the smallest number that says anything: fewer are unknown.

    Example:
        check: aws.stepfunctions.success_rate
        with: {machine: document-workflow-prod, percent: 99, hours: 24, executions: 20}

    """
    arn = {"StateMachineArn": str(_machine(aws, machine)["stateMachineArn"])}
    ends = {
        each: total(aws, "AWS/States", f"Executions{each}", arn, minutes=hours * 60) or 0
        for each in ("Succeeded", "Failed", "TimedOut", "Aborted")
    }
    every_one = sum(ends.values())
    told = ", ".join(f"{many:g} {end.lower()}" for end, many in ends.items())
    if every_one < max(executions, 1):
        return unknown(f"Only {every_one:g} executions of state machine {machine} ended in the last {hours} hours ({told}).")
    return at_least(
        f"Success of state machine {machine} in {hours} hours ({told})",
        round(100 * ends["Succeeded"] / every_one, 3),
        percent,
        "%",
    )


def _machine(aws: Aws, name: str) -> Answer:
    found = only("state machine", aws.stepfunctions.list_state_machines()["stateMachines"], "name", name)
    return aws.stepfunctions.describe_state_machine(stateMachineArn=found["stateMachineArn"])


def _definition(aws: Aws, name: str) -> Answer:
    definition: Answer = parsed(str(_machine(aws, name)["definition"]), f"The definition of state machine {name}")
    return definition


def _states(definition: Answer) -> Iterator[tuple[str, Answer]]:
    """Every state by name, those inside Parallel and Map too."""
    for name, state in definition["States"].items():
        yield name, state
        inner: list[Any] = [*state.get("Branches", []), state.get("ItemProcessor"), state.get("Iterator")]
        for each in inner:
            if each:
                yield from _states(each)
