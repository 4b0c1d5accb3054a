"""The day after: the later checks are scheduled once, pass or tell, and a person may have the release taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    ArtifactFilterKey,
    FlowRunFilter,
    FlowRunFilterIdempotencyKey,
)

from deployments import runs
from tasks.lock import EnvironmentLock
from tasks.record import Record, verify
from tests.end_to_end.accidents import last, types, until
from tests.end_to_end.spoiling import SLOWLY, SUFFIX, Account, account, deploy_with, impatient
from tests.sandbox.deployed import Deployed
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]


@dataclass(frozen=True)
class Finished:
    """A release that ended well: over which account, as which run, with which record."""

    environment: str
    run: str
    record: Record
    before: Account | None

    def block(self) -> dict[str, Any]:
        """What the record says of its one scheduled block."""
        scheduled = self.record.of("scheduled")

        assert len(scheduled) == 1, scheduled
        return dict(scheduled[0].body)


@pytest.fixture(scope="module", autouse=True)
def _impatient(stack: Stack) -> Iterator[None]:
    with impatient(stack):
        yield


@pytest.fixture(scope="module")
def finished(stack: Stack) -> dict[str, Finished]:
    """Version 1.1.0 released to development and to staging, signed by whoever may."""
    stack.reset()
    found = {}
    for environment in ("development", "staging"):
        before = account(Deployed(stack.world, SUFFIX[environment]), Deployed.variables)
        run, record = deploy_with(stack, [], environment)
        found[environment] = Finished(environment, run, record, before)
    stack.play(*(each.run for each in found.values()))
    for each in found.values():
        each.record.refresh()

        assert stack.state(each.run).name == "Released", stack.state(each.run).message
    return found


def scheduled_with(key: str) -> list[Any]:
    """The runs of one idempotency key."""
    with get_client(sync_client=True) as client:
        wanted = FlowRunFilter(idempotency_key=FlowRunFilterIdempotencyKey(any_=[key]))
        return list(client.read_flow_runs(flow_run_filter=wanted))


def page(run: str, key: str) -> str:
    """The Markdown on the page of a run."""
    with get_client(sync_client=True) as client:
        wanted = ArtifactFilter(key=ArtifactFilterKey(any_=[key]), flow_run_id=ArtifactFilterFlowRunId(any_=[UUID(run)]))
        found = client.read_artifacts(artifact_filter=wanted)

    assert len(found) == 1
    return str(found[0].data)


def test_the_check_of_the_first_day_is_scheduled_once_however_often_the_release_ends(
    stack: Stack, finished: dict[str, Finished]
) -> None:
    ended = finished["staging"]
    block = ended.block()
    runs.go_on(ended.run)  # a retry from the UI
    stack.wait_for(ended.run, ["Released"], SLOWLY)
    found = scheduled_with(f"{ended.record.name}-first-day-1")
    due = datetime.fromisoformat(block["at"])

    assert [str(run.id) for run in found] == [block["flow_run"]]
    assert due - last(ended.record, "finished").at == timedelta(hours=24)
    assert abs((found[0].next_scheduled_start_time or found[0].expected_start_time) - due) < timedelta(seconds=1)
    assert ended.block() == block


def test_a_day_later_a_healthy_release_passes_and_older_ones_cannot_be_rolled_back_over_newer_ones(
    stack: Stack, finished: dict[str, Finished]
) -> None:
    healthy = finished["development"]
    block = healthy.block()["flow_run"]
    stack.bring_forward(block)
    passed = stack.wait_for(block, ["Passed"], SLOWLY)

    assert passed.message == "All checks of '24 hours after deployment' passed."
    assert "- [x] ✅ *No alarm is ringing*" in page(healthy.run, f"checklist-{healthy.record.name}")
    assert "Connections table deployed" not in page(block, f"checklist-{healthy.record.name}-first-day-1")

    newer, record = deploy_with(stack, ["wrong-timeout"], "development", "1.2.0")
    stack.hold(newer, SLOWLY)
    early = stack.start("rollback/development", release_id=healthy.record.name, reason="Too late.")
    refused = stack.wait_for(early, ["Nothing to do"], SLOWLY)
    between = Deployed(stack.world, "dev").outputs()["Version"]
    stack.sign(newer, "ben", "roll back", seconds=SLOWLY)
    stack.wait_for(newer, ["Rolled back"], SLOWLY)
    restored = Deployed(stack.world, "dev").outputs()["Version"]
    again = stack.start("rollback/development", release_id=healthy.record.name, reason="The newer one is gone.")
    stack.wait_for(again, ["Rolled back"], SLOWLY)

    assert str(refused.message).startswith(f"{record.name} has been released since; roll that back first")
    assert (between, restored) == ("1.2.0", "1.1.0")
    assert account(Deployed(stack.world, "dev"), Deployed.variables) == healthy.before
    assert EnvironmentLock(stack.store, "session-management", "development").holder() is None


def test_a_day_later_a_broken_release_tells_people_and_a_release_manager_has_it_taken_back(
    stack: Stack, finished: dict[str, Finished]
) -> None:
    broken = finished["staging"]
    deployed = Deployed(stack.world, "staging")
    _break_the_connection_handler(stack, deployed)
    block = broken.block()["flow_run"]
    stack.bring_forward(block)
    waiting = stack.hold(block, SLOWLY)
    notices = stack.world.gateway.notices()
    foreign = stack.sign(block, "ana", "roll back", seconds=SLOWLY)
    stack.sign(block, "ben", "roll back", comment="Nobody can speak.", seconds=SLOWLY)
    told = stack.wait_for(block, ["Rollback started"], SLOWLY)
    later = stack.record(f"{broken.record.name}.first-day.1", "checks-later")
    until(lambda: last(broken.record, "ended").body["state"] != "Released", "the rollback", SLOWLY)
    started = scheduled_with(f"{broken.record.name}-rollback-{later.name}")

    assert sorted(waiting.hold.decisions) == ["keep", "re-check", "roll back"]
    assert {item.title for item in waiting.hold.items} >= {"Speakers can still open a session, and listeners still join it"}
    assert any("24 hours after deployment failed." in notice for notice in notices)
    assert (foreign.type, "does not have the role release_manager" in foreign.body.get("reason", "")) == ("refused", True)
    assert "Ben Okafor decided: roll back. Nobody can speak." in str(told.message)
    assert len(started) == 1
    assert stack.wait_for(str(started[0].id), ["Rolled back"], SLOWLY).message == "2 action(s) undone and verified."
    assert account(deployed, Deployed.variables) == broken.before
    assert last(broken.record, "ended").body["state"] == "Rolled back"
    assert EnvironmentLock(stack.store, "session-management", "staging").holder() is None
    assert verify(stack.store, broken.record.name) == []

    _see_to_the_follow_up(stack, broken)


def _see_to_the_follow_up(stack: Stack, broken: Finished) -> None:
    follow_up = stack.record(f"{broken.record.name}.follow-up", "follow-ups")
    until(lambda: types(follow_up)[-1:] == ["held"], "the follow-up", SLOWLY)
    run = last(follow_up, "held").body["flow_run"]
    stack.play(run)
    follow_up.refresh()
    reasons = [entry.body["blanks"] for entry in follow_up.of("signed")]

    assert stack.state(run).name == "Followed up"
    assert reasons


def _break_the_connection_handler(stack: Stack, deployed: Deployed) -> None:
    """As somebody could who changes a function by hand: it no longer knows where sessions are kept."""
    variables = deployed.function("connection-handler")["Environment"]["Variables"]
    kept = {name: value for name, value in variables.items() if name != "SESSIONS_TABLE"}
    functions = stack.world.client("lambda")
    functions.update_function_configuration(
        FunctionName=f"session-connection-handler-{deployed.suffix}", Environment={"Variables": kept}
    )
