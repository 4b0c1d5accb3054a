"""The session-management project deploys, updates, is restored and destroyed for real in the emulated AWS."""

from __future__ import annotations

import os
import subprocess

import pytest

from deployments.sandbox.account import ASSETS_BUCKET
from deployments.sandbox.session_management.project import NAME, make, seed
from deployments.sandbox.world import World
from tests.sandbox.deployed import TABLES, Deployed

pytestmark = pytest.mark.sandbox


def test_the_teams_own_checks_pass(world: World) -> None:
    run = make(world, "install", "test", "lint", "format-check")

    assert run.returncode == 0, run.stderr


def test_a_deploy_makes_what_the_checklist_asks_for(world: World) -> None:
    run = make(world, "deploy", ENV="dev", VERSION="1.0.0")
    dev = Deployed(world, "dev")

    assert run.returncode == 0, run.stderr
    assert dev.stack()["StackStatus"] == "CREATE_COMPLETE"
    assert dev.functions() == {
        "authorizer": (128, 10),
        "connection-handler": (256, 30),
        "heartbeat-handler": (128, 10),
        "disconnect-handler": (256, 30),
        "refresh-handler": (256, 30),
    }
    assert dev.ttl() == TABLES
    assert set(dev.billing().values()) == {"PAY_PER_REQUEST"}
    assert set(dev.recovery().values()) == {"DISABLED"}
    assert dev.indexes() == ["sessionId-targetLanguage-index"]
    assert dev.routes() == {"$connect": "CUSTOM", "$disconnect": "NONE", "heartbeat": "NONE", "refreshConnection": "CUSTOM"}
    assert dev.throttling() == {"ThrottlingRateLimit": 1000.0, "ThrottlingBurstLimit": 500}
    assert dev.retention() == {1}
    assert dev.dashboards() == {"SessionManagement-dev"}
    assert dev.alarms() == {
        "session-creation-latency-dev",
        "session-connection-errors-dev",
        "session-active-sessions-dev",
        "session-authorizer-dev-errors",
        "session-connection-handler-dev-errors",
        "session-heartbeat-handler-dev-errors",
        "session-disconnect-handler-dev-errors",
        "session-refresh-handler-dev-errors",
    }


def test_production_has_point_in_time_recovery(world: World) -> None:
    seed(world, "prod", "1.0.0")

    assert set(Deployed(world, "prod").recovery().values()) == {"ENABLED"}


def test_an_update_changes_version_and_code_and_a_restore_brings_both_back(world: World) -> None:
    seed(world, "dev", "1.0.0")
    dev = Deployed(world, "dev")
    before = (dev.outputs(), dev.versions(), dev.code())
    template = dev.template()
    heartbeat = world.project(NAME) / "src" / "sessions" / "heartbeat.py"
    heartbeat.write_text(heartbeat.read_text() + "\n# A new release.\n")

    seed(world, "dev", "1.1.0")
    between = (dev.outputs(), dev.versions(), dev.code())
    dev.restore(template)

    assert between[0]["Version"] == "1.1.0"
    assert between[1] == {"1.1.0"}
    assert between[2].isdisjoint(before[2])
    assert between[0]["WebSocketEndpoint"] == before[0]["WebSocketEndpoint"]
    assert (dev.outputs(), dev.versions(), dev.code()) == before


def test_a_failing_update_leaves_the_previous_version(world: World) -> None:
    seed(world, "dev", "1.0.0")
    break_memory(world)

    run = make(world, "deploy", ENV="dev", VERSION="1.1.0")
    dev = Deployed(world, "dev")

    assert run.returncode != 0
    assert "memorySize" in run.stdout
    assert dev.stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert dev.versions() == {"1.0.0"}


def test_a_failed_first_deploy_can_be_repeated(world: World) -> None:
    good = break_memory(world)
    failed = make(world, "deploy", ENV="dev", VERSION="1.0.0")
    (world.project(NAME) / "infrastructure" / "functions.py").write_text(good)

    repeated = make(world, "deploy", ENV="dev", VERSION="1.0.0")

    assert failed.returncode != 0
    assert repeated.returncode == 0, repeated.stderr
    assert Deployed(world, "dev").stack()["StackStatus"] == "CREATE_COMPLETE"


def break_memory(world: World) -> str:
    """Ask for memory that Lambda does not have; return the file as it was."""
    path = world.project(NAME) / "infrastructure" / "functions.py"
    good = path.read_text()
    path.write_text(good.replace("memory_mb=128", "memory_mb=64"))
    return good


def test_the_same_deploy_again_changes_nothing(world: World) -> None:
    seed(world, "dev", "1.0.0")

    run = make(world, "deploy", ENV="dev", VERSION="1.0.0")

    assert run.returncode == 0
    assert "already stands at 1.0.0" in run.stdout


def test_the_release_is_named_on_the_stack(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_RELEASE", "release-7")

    seed(world, "dev", "1.0.0")

    tags = {tag["Key"]: tag["Value"] for tag in Deployed(world, "dev").stack()["Tags"]}
    assert tags["Release"] == "release-7"
    assert tags["Version"] == "1.0.0"


def test_destroy_leaves_nothing_but_the_code_archive(world: World) -> None:
    seed(world, "dev", "1.0.0")

    run = make(world, "destroy", ENV="dev")

    assert run.returncode == 0, run.stderr
    assert world.client("dynamodb").list_tables()["TableNames"] == []
    assert world.client("lambda").list_functions()["Functions"] == []
    assert world.client("apigatewayv2").get_apis()["Items"] == []
    assert world.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/session-")["logGroups"] == []
    assert len(world.client("s3").list_objects_v2(Bucket=ASSETS_BUCKET)["Contents"]) == 1


def cdk(world: World, *words: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **world.environ()}
    return subprocess.run(["cdk", *words], cwd=world.project(NAME), env=environ, capture_output=True, text=True, check=False)


def test_cdk_lists_the_stack_of_an_environment(world: World) -> None:
    run = cdk(world, "list", "--context", "env=dev")

    assert (run.returncode, run.stdout) == (0, "SessionManagement-dev\n")


def test_cdk_fails_on_an_environment_that_is_not_configured(world: World) -> None:
    run = cdk(world, "list", "--context", "env=qa")

    assert run.returncode == 1
    assert "config/qa.json does not exist" in run.stderr


def test_cdk_destroys_the_stack(world: World) -> None:
    seed(world, "dev", "1.0.0")

    run = cdk(world, "destroy", "--context", "env=dev", "--force")

    assert run.returncode == 0, run.stderr
    assert world.client("dynamodb").list_tables()["TableNames"] == []
