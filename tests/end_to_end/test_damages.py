"""A damage keeps the gate closed before the deploy, and takes the release back after it, to exactly what was there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from deployments.sandbox import damages
from flows.forms import describe
from tasks.core.verdicts import Status
from tasks.lock import EnvironmentLock
from tasks.record import verify
from tests.end_to_end.accidents import last, types, until
from tests.end_to_end.spoiling import Carried, Told, account, deploy_with, impatient, spoil
from tests.sandbox.deployed import Deployed
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]


@dataclass(frozen=True)
class Closed:
    """A damage that the checks before the deploy see: the item that it closes, how it is judged, and what the hold says."""

    damage: str
    item: str
    status: Status
    says: str
    remedy: str


FILL_IN = "Fill in the values that the sentence names"
ROUNDS = (
    (
        Closed("old-node", "Node.js 18+ installed", Status.FAILED, "node is 16.20.2, wanted at least 18.", "--version"),
        Closed("cdk-missing", "AWS CDK CLI installed", Status.FAILED, "`cdk` is not on the PATH; install it.", "command -v"),
        Closed("aws-unreachable", "AWS CLI installed", Status.UNKNOWN, "get_caller_identity was not reached", "aws sts"),
    ),
    (
        Closed("alarm-email-missing", "Alarm email address", Status.FAILED, "'alarmEmail' in infrastructure/config/", FILL_IN),
        Closed("config-placeholder", "All required fields", Status.FAILED, "is the placeholder 'us-east-1_REPLACEME'", FILL_IN),
        Closed("aws-throttled", "User Pool created", Status.UNKNOWN, "ThrottlingException: Rate exceeded", "list-user-pools"),
    ),
    (
        Closed("unit-test-failing", "All unit tests passing", Status.FAILED, "`make test` ended with 2", "by hand"),
        Closed("lint-error", "Code linted", Status.FAILED, "`make lint` ended with 2", "Run the linter"),
        Closed("unformatted-code", "Code formatted", Status.FAILED, "1 file would be reformatted", "Run the formatter"),
    ),
    (Closed("aws-denied", "CDK bootstrapped", Status.UNKNOWN, "is not authorized to perform", "describe-stack-events"),),
    (Closed("cdk-not-bootstrapped", "CDK bootstrapped", Status.FAILED, "CDKToolkit does not exist", "describe-stack-events"),),
)
PEOPLE = ("ana", "ben", "carla", "dev", "rita")

RIGHT_TO_CALL = ("connection-handler", "heartbeat-handler", "disconnect-handler", "refresh-handler")
CARRIED = (
    Carried("ttl-off", "staging", "Sessions table has TTL enabled", Deployed.ttl),
    Carried("gsi-missing", "development", "Connections table has GSI", Deployed.indexes),
    Carried("pitr-off", "production", "Point-in-Time Recovery enabled", Deployed.recovery),
    Carried("wrong-memory", "production", "Connection Handler deployed", Deployed.functions),
    Carried("env-var-missing", "staging", "correct environment variables", Deployed.variables),
    Carried("heartbeat-broken", "production", "Heartbeat tested", Deployed.code),
    Carried("route-missing", "development", "heartbeat route configured", Deployed.routes),
    Carried("throttling-off", "development", "Stage has throttling configured", Deployed.throttling),
    Carried(
        "invoke-permission-missing",
        "development",
        "API Gateway has permissions to invoke",
        lambda deployed: [deployed.callers(handler) for handler in RIGHT_TO_CALL],
    ),
    Carried(
        "alarm-missing",
        "production",
        "Session creation latency alarm configured",
        lambda deployed: sorted(name for name in deployed.alarms() if f"-{deployed.suffix}" in name),
    ),
    Carried("stack-fails", "staging", "An action failed", Deployed.functions),
    Carried("retention-unset", "staging", "Log retention set", lambda _deployed: None, first=True),
)


@pytest.fixture(scope="module", autouse=True)
def _impatient(stack: Stack) -> Iterator[None]:
    with impatient(stack):
        yield


@pytest.fixture(scope="module")
def refused(stack: Stack) -> dict[str, Any]:
    """One release that meets every damage before its deploy: each round is found, repaired, and the next one looked for."""
    stack.reset()
    for closed in ROUNDS[0]:
        damages.break_(stack.world, closed.damage)
    before = account(Deployed(stack.world, "prod"))
    run = stack.release(requested_by="nobody-here")
    seen: dict[str, Any] = {}
    for number, (here, following) in enumerate(zip(ROUNDS, (*ROUNDS[1:], ()), strict=True)):
        waiting = stack.hold(run)
        journey, text = waiting.journey, describe(waiting.journey, waiting.hold)
        found = {item.title: (journey.standings()[item.id].verdict, text) for item in waiting.hold.items}
        seen |= {closed.damage: found for closed in here}
        for closed in here:
            damages.repair(stack.world, closed.damage)
        for closed in following:
            damages.break_(stack.world, closed.damage)
        stack.sign(run, PEOPLE[number % 5], "re-check" if following else "abort", comment="" if following else "Enough.")
    stack.wait_for(run, ["Aborted"])
    return seen | {"run": run, "before": before, "after": account(Deployed(stack.world, "prod"))}


@pytest.mark.parametrize("closed", [each for here in ROUNDS for each in here], ids=lambda closed: closed.damage)
def test_before_the_deploy_a_damage_closes_the_gate_and_the_hold_says_why_and_how_to_mend_it(
    refused: dict[str, Any], closed: Closed
) -> None:
    verdict, text = next(found for title, found in refused[closed.damage].items() if closed.item in title)

    assert verdict.status is closed.status
    assert closed.says in verdict.summary
    assert closed.remedy in verdict.remedy
    assert closed.says in text
    assert "\n" not in verdict.summary


def test_a_release_that_is_aborted_before_its_deploy_has_changed_nothing(stack: Stack, refused: dict[str, Any]) -> None:
    run = refused["run"]
    record = stack.record(stack.release_of(run))

    assert stack.state(run).name == "Aborted"
    assert "rollback begun" not in types(record)
    assert refused["before"] == refused["after"]
    assert EnvironmentLock(stack.store, "session-management", "production").holder() is None
    assert verify(stack.store, record.name) == []


@pytest.fixture(scope="module")
def spoiled(stack: Stack) -> dict[str, Told]:
    stack.reset()
    return spoil(stack, CARRIED)


@pytest.mark.parametrize("carried", CARRIED, ids=lambda carried: carried.id)
def test_a_release_that_carries_a_damage_is_rolled_back_to_exactly_what_was_there(
    stack: Stack, spoiled: dict[str, Told], carried: Carried
) -> None:
    told = spoiled[carried.id]
    verified = last(told.record, "sampled").body
    undone = told.record.of("undone")

    assert told.state == "Rolled back", told.message
    assert carried.found_by in told.message
    assert told.after == told.before
    assert (told.before is None) == carried.first
    assert undone
    assert (verified["place"], verified["open"]) == ("rollback-verification", True)
    assert verify(stack.store, told.record.name) == []


@pytest.mark.parametrize("carried", CARRIED, ids=lambda carried: carried.id)
def test_after_a_rollback_the_environment_is_free_and_people_are_asked_what_follows(
    stack: Stack, spoiled: dict[str, Told], carried: Carried
) -> None:
    release = spoiled[carried.id].record.name
    lock = EnvironmentLock(stack.store, "session-management", carried.environment)
    follow_up = stack.record(f"{release}.follow-up", "follow-ups")
    until(lambda: types(follow_up)[-1:] == ["held"], f"the follow-up of {release}")

    assert lock.holder() is None
    assert stack.wait_for(last(follow_up, "held").body["flow_run"], ["Suspended"]).name == "Suspended"


def test_releases_of_different_environments_run_at_the_same_time(spoiled: dict[str, Told]) -> None:
    spans = [(told.record.entries[0].at, last(told.record, "ended").at, told.record.name) for told in spoiled.values()]
    overlapping = [(one, other) for *_, one in spans for *_, other in spans if one < other and _overlap(spans, one, other)]

    assert overlapping


def _overlap(spans: list[tuple[datetime, datetime, str]], one: str, other: str) -> bool:
    times = {name: (begun, ended) for begun, ended, name in spans}
    return times[one][0] < times[other][1] and times[other][0] < times[one][1]


def test_the_test_user_of_a_release_is_gone_after_its_rollback(spoiled: dict[str, Told]) -> None:
    told = spoiled["heartbeat-broken in production"]
    undone = [entry.body["summary"] for entry in told.record.of("undone")]

    assert told.after is not None
    assert not told.after.test_user
    assert "Test user release-check@example.com is deleted, and so is secret session-management/test-user-prod." in undone


def test_a_rollback_that_cannot_succeed_says_what_is_left_keeps_the_lock_and_succeeds_when_started_again(stack: Stack) -> None:
    stack.reset()
    deployed = Deployed(stack.world, "dev")
    before = account(deployed)
    run, record = deploy_with(stack, ["wrong-memory"], "development")
    stack.hold(run)
    stack.world.gateway.set_faults(
        [{"name": "no-update", "service": "cloudformation", "operation": "UpdateStack", "deny": True}]
    )
    stack.sign(run, "ben", "roll back")
    told = stack.wait_for(run, ["ROLLBACK FAILED"])
    lock = EnvironmentLock(stack.store, "session-management", "development")
    holder = lock.holder()
    other = stack.wait_for(stack.release(version="1.2.0", environment="development"), ["Refused"])
    stack.world.gateway.set_faults([])
    again = stack.start("rollback/development", release_id=record.name, reason="The right to update is back.")
    done = stack.wait_for(again, ["Rolled back"])

    assert "Undo of 'Deploy the stack with the team's own script': AWS cloudformation update_stack" in str(told.message)
    assert "Verify resources are cleaned up: Stack SessionManagement-dev is not as it was before" in str(told.message)
    assert holder is not None
    assert holder.release == record.name
    assert str(other.message) == f"session-management in development is being released by {record.name}."
    assert done.message == "1 action(s) undone and verified."
    assert account(deployed) == before
    assert lock.holder() is None
    assert verify(stack.store, record.name) == []


def test_where_people_are_asked_a_waived_check_opens_the_gate_and_a_release_may_be_kept(stack: Stack) -> None:
    stack.reset()
    run, record = deploy_with(stack, ["throttling-off", "heartbeat-broken"], "development")
    first = stack.hold(run)
    stack.sign(run, "ana", "re-check")
    stack.sign(run, "ben", "waive")  # without a reason
    stack.sign(run, "ben", "waive", comment="Nobody uses development tonight.")
    until(lambda: last(record, "held").body["hold"] != first.hold.id and types(record)[-1] == "held", "the next closed gate")
    second = stack.hold(run)
    waived = second.journey.standings()
    stack.sign(run, "ben", "keep", comment="Development is for looking.")
    told = stack.wait_for(run, ["Kept"])
    title = "Stage has throttling configured"
    found = next(each.verdict for each in waived.values() if each.item.title == title)

    assert sorted(first.hold.decisions) == ["keep", "re-check", "roll back", "waive"]
    assert last(record, "refused").body["reason"] == "A waiver needs its reason in the comment."
    assert found is not None
    assert found.status is Status.WAIVED
    assert "Waived by Ben Okafor" in found.summary
    assert "Nobody uses development tonight." in found.summary
    assert any(item.title == "Heartbeat tested" for item in second.hold.items)
    assert "Ben Okafor decided to keep: Development is for looking." in str(told.message)
    assert Deployed(stack.world, "dev").outputs()["Version"] == "1.1.0"
    assert EnvironmentLock(stack.store, "session-management", "development").holder() is None
