"""Kalendlytic: a deploy that carries a mistake is taken back to what was there, and a day later a failing release may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deployments.sandbox import damages
from deployments.sandbox.kalendlytic.project import NAME, tables
from tasks.lock import EnvironmentLock
from tasks.record import verify
from tests.end_to_end.accidents import last, take_back_later
from tests.stack import Stack, alone

pytestmark = [pytest.mark.server, pytest.mark.sandbox]
SLOWLY = 400


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, over a world of this system alone."""
    with alone(tmp_path_factory.mktemp(NAME), NAME) as found:
        yield found


def deployed(stack: Stack, suffix: str) -> dict[str, Any]:
    """What stands in an environment: its template, and the tags that say which version that is."""
    cloudformation = stack.world.client("cloudformation")
    seen = cloudformation.describe_stacks(StackName=f"Kalendlytic-{suffix}")["Stacks"][0]
    body = cloudformation.get_template(StackName=f"Kalendlytic-{suffix}")["TemplateBody"]
    tags = {each["Key"]: each["Value"] for each in seen["Tags"]}
    return {"template": json.loads(body) if isinstance(body, str) else body, "version": tags["Version"]}


def test_a_deploy_that_forgets_an_alarm_is_taken_back_to_exactly_what_was_there(stack: Stack) -> None:
    before = deployed(stack, "prod")
    damages.break_(stack.world, "latency-unwatched")
    run = stack.release(NAME)
    stack.play(run)
    damages.repair(stack.world, "latency-unwatched")
    told = stack.state(run)
    record = stack.record(stack.release_of(run))
    verified = last(record, "sampled").body
    said = {entry.body["item"]: entry.body["summary"] for entry in record.of("performed")}
    backups = stack.world.client("dynamodb").list_backups(TableName=tables("prod")[0])["BackupSummaries"]

    assert told.name == "Rolled back", told.message
    assert "Validate monitoring setup: There is no alarm named 'kalendlytic-prod-latency'." in str(told.message)
    assert deployed(stack, "prod") == before
    assert before["version"] == "1.0.0"
    assert (verified["place"], verified["open"]) == ("rollback-verification", True)
    assert any("Kalendlytic-prod stands at 1.0.0" in summary for summary in said.values()), said
    assert any(each["BackupName"].startswith("rollback-") for each in backups)
    assert any("Kalendlytic 1.1.0 has been taken back from production" in each for each in stack.world.gateway.notices())
    assert EnvironmentLock(stack.store, NAME, "production").holder() is None
    assert verify(stack.store, record.name) == []


def test_a_day_later_a_release_whose_functions_fail_is_taken_back_by_whoever_may(stack: Stack) -> None:
    before = deployed(stack, "dev")
    run = stack.release(NAME, environment="development")
    stack.play(run)
    record = stack.record(stack.release_of(run))
    released = stack.state(run)
    damages.break_(stack.world, "errors-logged")
    waiting = take_back_later(stack, record, "immediate", "Users lose events.", SLOWLY)
    damages.repair(stack.world, "errors-logged")

    assert released.name == "Released", released.message
    assert "roll back" in waiting.hold.decisions
    assert "Monitor deployment for errors" in {item.title for item in waiting.hold.items}
    assert last(record, "ended").body["state"] == "Rolled back", last(record, "ended").body
    assert deployed(stack, "dev") == before
    assert verify(stack.store, record.name) == []
