"""The team's scripts do what the checklist has them do, and nothing that is not asked of them."""

from __future__ import annotations

import json

import pytest

from deployments.sandbox.kalendlytic.project import NAME, deploy, script, tables
from deployments.sandbox.world import World

pytestmark = pytest.mark.sandbox

PATH = "/kalendlytic/dev"


def values(world: World) -> dict[str, str]:
    found = world.client("ssm").get_parameters_by_path(Path=PATH, WithDecryption=True)["Parameters"]
    return {each["Name"].rpartition("/")[2]: each["Value"] for each in found}


def version(world: World) -> str:
    stack = world.client("cloudformation").describe_stacks(StackName="Kalendlytic-dev")["Stacks"][0]
    return next(str(each["Value"]) for each in stack["Tags"] if each["Key"] == "Version")


def backups(world: World) -> set[str]:
    found = world.client("dynamodb").list_backups(TableName=tables("dev")[0])["BackupSummaries"]
    return {each["BackupName"] for each in found}


def test_initialising_makes_only_the_secrets_that_are_missing_and_shows_none(world: World) -> None:
    before = values(world)
    for name in ("JWT_SECRET", "BEDROCK_API_KEY"):
        world.client("ssm").delete_parameter(Name=f"{PATH}/{name}")
    run = script(world, "manage-secrets", "init", "-e", "dev")
    after = values(world)
    world.client("ssm").put_parameter(Name=f"{PATH}/BEDROCK_API_KEY", Value=before["BEDROCK_API_KEY"], Overwrite=True)

    assert run.returncode == 0, run.stderr
    assert after.keys() == before.keys()
    assert {name for name in after if after[name] != before[name]} == {"JWT_SECRET", "BEDROCK_API_KEY"}
    assert after["BEDROCK_API_KEY"] == "CHANGE_ME"
    assert len(after["JWT_SECRET"]) >= 32
    assert not any(value in run.stdout + run.stderr for value in after.values() if value != "CHANGE_ME")


def test_a_dry_run_writes_the_plan_and_changes_nothing(world: World) -> None:
    run = script(world, "deploy", "-e", "dev", "--version", "1.1.0", "--dry-run")
    plan = (world.project(NAME) / "reports" / "plan-dev.txt").read_text()

    assert run.returncode == 0, run.stderr
    assert plan.splitlines()[0] == "Stack Kalendlytic-dev: 1.0.0 -> 1.1.0"
    assert "~ Events (AWS::Lambda::Function)" in plan
    assert version(world) == "1.0.0"


def test_bootstrapping_twice_changes_nothing(world: World) -> None:
    for _ in range(2):
        run = script(world, "bootstrap", "-e", "dev")

        assert run.returncode == 0, run.stderr
        assert "aws://123456789012/us-east-1" in run.stdout


def test_rolling_back_puts_back_what_the_last_deployment_replaced_and_only_once(world: World) -> None:
    deploy(world, "dev", "1.0.0")
    deploy(world, "dev", "1.1.0")
    kept = backups(world)
    saved = script(world, "rollback", "-e", "dev", "--backup-only")
    between = version(world)
    first = script(world, "rollback", "-e", "dev")
    stands = version(world)
    second = script(world, "rollback", "-e", "dev")

    assert (saved.returncode, first.returncode, second.returncode) == (0, 0, 0), first.stderr
    assert len(backups(world) - kept) == 1
    assert (between, stands) == ("1.1.0", "1.0.0")
    assert "nothing is left to put back" in second.stdout
    assert version(world) == "1.0.0"


def test_a_release_takes_back_only_what_it_deployed_itself(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(world, "dev", "1.1.0")
    monkeypatch.setenv("GATES_RELEASE", "another-release")
    run = script(world, "rollback", "-e", "dev")
    monkeypatch.delenv("GATES_RELEASE")
    stands = version(world)
    script(world, "rollback", "-e", "dev")

    assert (run.returncode, stands) == (0, "1.1.0")
    assert version(world) == "1.0.0"


def test_the_load_test_writes_down_what_it_found(world: World) -> None:
    stack = world.client("cloudformation").describe_stacks(StackName="Kalendlytic-dev")["Stacks"][0]
    url = next(each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "ApiUrl")
    run = script(world, "load-test", "-e", "dev", "--url", f"{url}/health", "--requests", "20")
    found = json.loads((world.project(NAME) / "reports" / "load-dev.json").read_text())

    assert run.returncode == 0, run.stderr
    assert (found["requests"], found["failures"], found["error_percent"]) == (20, 0, 0)
    assert found["p95_ms"] > 0
