"""What a release does was decided when it began; who may sign is decided when they sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pyotp
import pytest
from prefect.client.orchestration import get_client
from prefect.states import Scheduled
from ruamel.yaml import YAML

from checklists.request import Request
from deployments import runs
from flows.freezing import freeze
from flows.release import release_name
from tasks.core.errors import ApprovalError
from tasks.record import Record
from tests.end_to_end.accidents import Trial, assert_clean_end, come_to_hold, types, until
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]


@pytest.fixture
def checklist(stack: Stack) -> Iterator[Path]:
    """The file of the trial's checklist, put back afterwards."""
    path = stack.directory / "checklists" / "trial.yaml"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


@pytest.fixture
def approvers(stack: Stack) -> Iterator[Path]:
    """The registry of approvers, put back afterwards."""
    path = stack.world.directory / "approvers.yaml"
    before = path.read_bytes()
    yield path
    path.write_bytes(before)


def test_a_checklist_that_is_edited_while_a_release_waits_does_not_change_it(
    stack: Stack, trial: Trial, checklist: Path
) -> None:
    run = stack.release("trial", environment="production")
    record = stack.record(stack.release_of(run))
    stack.hold(run)
    sound = checklist.read_text()
    other = sound.replace('[sh, turn.sh, "on"]', '[sh, turn.sh, "sideways"]')
    checklist.write_text(other)
    stack.sign(run, "ana")
    stack.sign(run, "ben")
    stack.hold(run)
    broken = sound.replace("phases:", "phases: {")
    checklist.write_text(broken)
    stack.sign(run, "ana")
    stack.wait_for(run, ["Released"])

    assert len({sound, other, broken}) == 3
    assert trial.turned == ["on"]
    assert_clean_end(stack, record, "Released", "trial", "production")


def _newer_format(plan: dict[str, Any]) -> None:
    plan["format"] = 99


def _unknown_field(plan: dict[str, Any]) -> None:
    plan["weather"] = "fair"


def _lost_check(plan: dict[str, Any]) -> None:
    plan["phases"][2]["gates"][0]["items"][0]["checks"][0]["id"] = "command.vanished"


def _lost_argument(plan: dict[str, Any]) -> None:
    plan["phases"][1]["gates"][0]["actions"][0]["action"]["arguments"]["colour"] = "red"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(_newer_format, "The plan has format 99 and this code runs format 1;", id="of another format"),
        pytest.param(_unknown_field, "was frozen by another version of this program", id="with a field that nobody knows"),
        pytest.param(_lost_check, "the catalogue has no 'command.vanished' any more.", id="with a check that is gone"),
        pytest.param(_lost_argument, "'colour'", id="with an argument that is gone"),
    ],
)
def test_a_plan_that_this_code_cannot_run_is_refused_whole(
    stack: Stack, trial: Trial, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    run, record = _begun_by_another_version(stack, change)
    state = stack.wait_for(run, ["Refused"])

    assert sentence in str(state.message)
    assert "\n" not in str(state.message).strip()
    assert types(record) == ["planned"]
    assert trial.begun == []


def test_who_lost_a_role_or_got_one_while_a_release_waits_signs_as_the_registry_says_now(
    stack: Stack, trial: Trial, approvers: Path
) -> None:
    run = stack.release("trial", environment="development")
    record = stack.record(stack.release_of(run))
    stack.hold(run)
    _change(approvers, lambda people: people["ana"].update(roles=["qa"]))
    refused = stack.sign(run, "ana")

    assert (refused.type, "has none of the roles" in refused.body["reason"]) == ("refused", True)

    eva = {"name": "Eva Lind", "roles": ["deployer"], "totp_secret": pyotp.random_base32()}
    come_to_hold(stack, run)  # with a form made from the registry as it was
    _change(approvers, lambda people: people.update(eva=eva))
    with pytest.raises(ApprovalError, match="does not fit the form"):
        stack.sign(run, "eva")  # the form still lists those of before
    held = types(record).count("held")
    runs.go_on(run)
    until(lambda: types(record).count("held") > held, "the hold to stand again")
    signed = stack.sign(run, "eva")
    stack.wait_for(run, ["Released"])

    assert (signed.type, signed.body["person"]) == ("signed", "eva")
    assert trial.turned == ["on"]
    assert_clean_end(stack, record, "Released", "trial", "development")


def _change(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = YAML(typ="safe").load(path.read_text())
    change(content["people"])
    with path.open("w") as file:
        YAML(typ="safe").dump(content, file)


def _begun_by_another_version(stack: Stack, change: Callable[[dict[str, Any]], None]) -> tuple[str, Record]:
    """A run whose record was begun with a plan that was changed so, set going."""
    parameters = {"checklist": "trial", "version": "1.1.0", "requested_by": "rita", "environment": "production"}
    later = Scheduled(scheduled_time=datetime.now(UTC) + timedelta(hours=1))
    with get_client(sync_client=True) as client:
        deployment = client.read_deployment_by_name("release/production")
        run = str(client.create_flow_run_from_deployment(deployment.id, parameters=parameters, state=later).id)
        plan = freeze("trial", Request("production", "1.1.0", "rita", "", {})).model_dump(mode="json")
        change(plan)
        record = stack.record(release_name("trial", "production", run))
        record.append("planned", {"plan": plan, "flow_run": run})
        client.set_flow_run_state(UUID(run), Scheduled(), force=True)
    return run, record
