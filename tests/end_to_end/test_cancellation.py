"""A cancelled release is taken back by the automation that stands beside it; one that changed nothing simply ends."""

from __future__ import annotations

import httpx
import pytest

from tests.end_to_end.accidents import MOMENT, Trial, assert_clean_end, last, types, until
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]


def test_a_release_that_is_cancelled_while_it_deploys_is_rolled_back_to_what_was_there(stack: Stack) -> None:
    stack.reset()
    stack.world.gateway.set_faults([{"name": "slow", "operation": "UpdateStack", "latency_ms": 3000}])
    run = stack.release(environment="production")
    record = stack.record(stack.release_of(run))
    until(lambda: stack.world.gateway.calls().get("cloudformation.UpdateStack"), "the update of the stack", every=MOMENT)
    _cancel(stack, run)
    stack.world.gateway.set_faults([])
    until(lambda: "ended" in types(record), "the end of the rollback")
    found = stack.world.client("cloudformation").describe_stacks(StackName="SessionManagement-prod")["Stacks"][0]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in found["Outputs"]}

    assert stack.state(run).name == "Cancelled"
    assert last(record, "rollback begun").body["reason"] == "The release was cancelled."
    assert outputs["Version"] == "1.0.0"
    assert_clean_end(stack, record, "Rolled back", "session-management", "production")


def test_a_release_that_is_cancelled_while_it_waits_is_rolled_back(stack: Stack, trial: Trial) -> None:
    run = stack.release("trial", environment="development")
    record = stack.record(stack.release_of(run))
    stack.hold(run)
    _cancel(stack, run)
    until(lambda: "ended" in types(record), "the end of the rollback")

    assert stack.state(run).name == "Cancelled"
    assert trial.turned == ["on", "off"]
    assert_clean_end(stack, record, "Rolled back", "trial", "development")


def test_a_release_that_is_cancelled_before_it_changed_anything_ends_and_nothing_is_done(stack: Stack, trial: Trial) -> None:
    run = stack.release("trial", environment="production")
    record = stack.record(stack.release_of(run))
    stack.hold(run)
    _cancel(stack, run)
    until(lambda: "ended" in types(record), "the end of the release")

    assert (trial.begun, trial.turned) == ([], [])
    assert "rollback begun" not in types(record)
    assert_clean_end(stack, record, "Aborted", "trial", "production")


def test_a_hold_that_nobody_decides_ends_the_release_when_nothing_was_changed(stack: Stack, trial: Trial) -> None:
    run = stack.release("trial", environment="staging")
    record = stack.record(stack.release_of(run))

    assert "Nobody decided" in str(stack.wait_for(run, ["Aborted"]).message)
    assert trial.begun == []
    assert_clean_end(stack, record, "Aborted", "trial", "staging")


def test_a_hold_that_nobody_decides_has_the_release_rolled_back_when_something_was_changed(stack: Stack, trial: Trial) -> None:
    run = stack.release("trial", environment="staging")
    record = stack.record(stack.release_of(run))
    stack.sign(run, "ana")

    assert "Nobody decided" in str(stack.wait_for(run, ["Rolled back"]).message)
    assert trial.turned == ["on", "off"]
    assert_clean_end(stack, record, "Rolled back", "trial", "staging")


def _cancel(stack: Stack, run: str) -> None:
    """Cancel as the UI does."""
    content = {"state": {"type": "CANCELLING", "name": "Cancelling"}, "force": False}
    assert httpx.post(f"{stack.api}/flow_runs/{run}/set_state", json=content, timeout=30).is_success
