"""The workflow: an apply that carries a mistake is taken back on the same state, and a day later a failing release may be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deployments.sandbox import damages
from deployments.sandbox.step_functions import project
from deployments.sandbox.step_functions.system import SYSTEM
from tasks.lock import EnvironmentLock
from tasks.record import verify
from tests.end_to_end.accidents import last, take_back_later
from tests.stack import Stack, alone

pytestmark = [pytest.mark.server, pytest.mark.sandbox]
NAME = SYSTEM.name
SLOWLY = 400
ANSWERS = {**SYSTEM.answers, "expected_executions": 2, "concurrent_executions": 2}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, over a world of this system alone."""
    with alone(tmp_path_factory.mktemp(NAME), NAME) as found:
        yield found


def deployed(stack: Stack) -> dict[str, Any]:
    """What stands in production: its functions with code and settings, its workflow, and whether the clock starts it."""
    functions, states = stack.world.client("lambda"), stack.world.client("stepfunctions")
    machine = "arn:aws:states:us-east-1:123456789012:stateMachine:workflow-prod"
    found = {name: functions.get_function(FunctionName=name) for name in project.functions("prod")}
    return {
        "code": {name: each["Configuration"]["CodeSha256"] for name, each in found.items()},
        "variables": {name: each["Configuration"]["Environment"]["Variables"] for name, each in found.items()},
        "reserved": {name: each["Concurrency"]["ReservedConcurrentExecutions"] for name, each in found.items()},
        "workflow": states.describe_state_machine(stateMachineArn=machine)["definition"],
        "schedule": stack.world.client("events").describe_rule(Name="workflow-prod-schedule")["State"],
    }


def versions(seen: dict[str, Any]) -> set[str]:
    """The versions that production's functions say that they are."""
    return {each["VERSION"] for each in seen["variables"].values()}


def test_an_apply_that_carries_a_broken_function_is_taken_back_to_what_was_there(stack: Stack) -> None:
    before = deployed(stack)
    damages.break_(stack.world, "callback-broken")
    run = stack.release(NAME, answers=ANSWERS)
    stack.play(run)
    damages.repair(stack.world, "callback-broken")
    told = stack.state(run)
    record = stack.record(stack.release_of(run))
    verified = last(record, "sampled").body
    said = [entry.body["summary"] for entry in record.of("performed")]

    assert told.name == "Rolled back", told.message
    assert "1 of 3" in str(told.message) or "2 of 3" in str(told.message), told.message
    assert any("Nothing is started any more by workflow-prod-schedule" in each for each in said), said
    assert versions(before) == {"1.0.0"}
    assert deployed(stack) == before
    assert (verified["place"], verified["open"]) == ("rollback-verification", True)
    assert EnvironmentLock(stack.store, NAME, "production").holder() is None
    assert verify(stack.store, record.name) == []


def test_a_day_later_a_release_whose_executions_fail_is_taken_back_by_whoever_may(stack: Stack) -> None:
    before = deployed(stack)
    run = stack.release(NAME, answers=ANSWERS)
    stack.play(run)
    record = stack.record(stack.release_of(run))
    released, there = stack.state(run), deployed(stack)
    damages.break_(stack.world, "executions-failing")
    waiting = take_back_later(stack, record, "first-day", "Issues get stuck.", SLOWLY)
    damages.repair(stack.world, "executions-failing")

    assert released.name == "Released", released.message
    assert versions(there) == {"1.1.0"}
    assert "roll back" in waiting.hold.decisions
    assert "Monitor CloudWatch dashboards" in {item.title for item in waiting.hold.items}
    assert last(record, "ended").body["state"] == "Rolled back", last(record, "ended").body
    assert deployed(stack) == before
    assert verify(stack.store, record.name) == []
