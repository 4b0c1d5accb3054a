"""Each damage has the effect it names, and repairing it takes the effect away."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

from deployments.sandbox import account
from deployments.sandbox.damage import EditError, replace
from deployments.sandbox.damages import break_, damages, named, repair, standing
from deployments.sandbox.session_management import project
from deployments.sandbox.session_management.damages_after import AFTER
from deployments.sandbox.session_management.damages_before import BEFORE
from deployments.sandbox.session_management.project import NAME, make, seed
from deployments.sandbox.world import World, WorldError
from tests.sandbox.conversation import endpoint, heard, say
from tests.sandbox.deployed import Deployed

pytestmark = pytest.mark.sandbox

Look = Callable[[World], Any]
HOME = "us-east-1:123456789012"


def config(field: str) -> Look:
    return lambda world: {suffix: project.read_config(world, suffix)[field] for suffix in project.SUFFIXES}


def config_files(world: World) -> bool:
    return all(project.config_path(world, suffix).is_file() for suffix in project.SUFFIXES)


def configured_pools_exist(world: World) -> bool:
    pools = {pool["Id"] for pool in world.client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]}
    return set(config("cognitoUserPoolId")(world).values()) <= pools


def configured_clients_exist(world: World) -> bool:
    cognito = world.client("cognito-idp")
    found = {
        client["ClientId"]
        for pool in cognito.list_user_pools(MaxResults=60)["UserPools"]
        for client in cognito.list_user_pool_clients(UserPoolId=pool["Id"])["UserPoolClients"]
    }
    return set(config("cognitoClientId")(world).values()) <= found


def stacks(world: World) -> list[str]:
    return [stack["StackName"] for stack in world.client("cloudformation").describe_stacks()["Stacks"]]


def made(target: str) -> Look:
    return lambda world: make(world, target).returncode == 0


def ask(world: World, service: str, operation: str) -> str:
    client = account.client(service, world.environ(), Config(retries={"total_max_attempts": 1}))
    try:
        getattr(client, operation)()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except HTTPClientError as error:
        return type(error).__name__
    return "answered"


def answers(world: World) -> list[str]:
    return [ask(world, "sts", "get_caller_identity"), ask(world, "cloudformation", "list_stacks")]


def said(*command: str) -> Look:
    def look(world: World) -> str:
        environ = {**os.environ, **world.environ()}
        environ["PATH"] = f"{world.tools}{os.pathsep}/usr/bin{os.pathsep}/bin"
        run = subprocess.run(["/usr/bin/env", *command], env=environ, capture_output=True, text=True, check=False)
        return run.stdout.strip() if run.returncode == 0 else "missing"

    return look


SEEN_BEFORE: dict[str, tuple[Look, Callable[[Any], bool]]] = {
    "alarm-email-missing": (config("alarmEmail"), lambda found: all(found.values())),
    "config-missing": (config_files, bool),
    "config-placeholder": (configured_pools_exist, bool),
    "user-pool-missing": (configured_pools_exist, bool),
    "app-client-missing": (configured_clients_exist, bool),
    "cdk-not-bootstrapped": (stacks, lambda found: account.BOOTSTRAP_STACK in found),
    "unit-test-failing": (made("test"), bool),
    "lint-error": (made("lint"), bool),
    "unformatted-code": (made("format-check"), bool),
    "aws-denied": (answers, lambda found: found == ["answered", "answered"]),
    "aws-throttled": (answers, lambda found: found == ["answered", "answered"]),
    "aws-hiccup": (answers, lambda found: found == ["answered", "answered"]),
    "aws-unreachable": (answers, lambda found: found == ["answered", "answered"]),
    "old-node": (said("node", "--version"), lambda found: int(found.lstrip("v").split(".")[0]) >= 18),
    "cdk-missing": (said("cdk", "--version"), lambda found: found != "missing"),
    "aws-cli-missing": (said("aws", "--version"), lambda found: found != "missing"),
    "region-unset": (lambda world: world.environ(), lambda found: "AWS_REGION" in found),
}


def test_every_damage_is_tested() -> None:
    assert set(SEEN_BEFORE) == {damage.name for damage in BEFORE}
    assert set(CARRIED) | set(FAULTS) | {"stack-fails"} == {damage.name for damage in AFTER}


@pytest.mark.parametrize("name", SEEN_BEFORE)
def test_a_damage_before_the_deploy_is_seen_and_repaired(world: World, name: str) -> None:
    look, healthy = SEEN_BEFORE[name]
    make(world, "install")
    assert healthy(look(world))

    break_(world, name)
    assert not healthy(look(world))
    assert standing(world) == [name]

    repair(world, name)
    assert healthy(look(world))
    assert standing(world) == []


def on_prod(look: Callable[[Deployed], Any]) -> Look:
    return lambda world: look(Deployed(world, "prod"))


def may(handler: str, action: str, resource: str) -> Look:
    return on_prod(lambda prod: prod.may(handler, action, resource))


def heartbeat_answer(world: World) -> str:
    with endpoint(world, "prod").speaker() as speaker:
        heard(speaker)
        say(speaker, action="heartbeat")
        return str(heard(speaker)["type"])


CARRIED: dict[str, Look] = {
    "ttl-off": on_prod(Deployed.ttl),
    "gsi-missing": on_prod(Deployed.indexes),
    "provisioned-billing": on_prod(Deployed.billing),
    "pitr-off": on_prod(Deployed.recovery),
    "wrong-memory": on_prod(Deployed.functions),
    "wrong-timeout": on_prod(Deployed.functions),
    "env-var-missing": on_prod(Deployed.variables),
    "permission-missing": may(
        "disconnect-handler", "dynamodb:Query", f"arn:aws:dynamodb:{HOME}:table/Connections-prod/index/sessionId-x"
    ),
    "manage-connections-missing": may(
        "heartbeat-handler",
        "execute-api:ManageConnections",
        f"arn:aws:execute-api:{HOME}:{{api}}/prod/POST/@connections/x",
    ),
    "retention-unset": on_prod(Deployed.retention),
    "heartbeat-broken": heartbeat_answer,
    "route-missing": on_prod(Deployed.routes),
    "authorizer-detached": on_prod(Deployed.routes),
    "throttling-off": on_prod(Deployed.throttling),
    "invoke-permission-missing": on_prod(lambda prod: prod.callers("heartbeat-handler")),
    "alarm-missing": on_prod(Deployed.alarms),
    "dashboard-missing": on_prod(Deployed.dashboards),
}


def test_python_sees_every_one_of_several_quick_edits(tmp_path: Path) -> None:
    module, told = tmp_path / "memory.py", []
    module.write_text("size = 256\n")
    for old, new in (("256", "512"), ("512", "256"), ("256", "128")):
        replace(module, old, new)
        command = [sys.executable, "-c", "import memory; print(memory.size)"]
        told.append(subprocess.run(command, cwd=tmp_path, env={}, check=True, capture_output=True, text=True).stdout.strip())

    assert told == ["512", "256", "128"]


@pytest.mark.parametrize("name", CARRIED)
def test_a_carried_damage_is_deployed_and_healed_by_restoring_the_previous_stack(world: World, name: str) -> None:
    look = CARRIED[name]
    seed(world, "prod", "1.0.0")
    healthy, template = look(world), Deployed(world, "prod").template()

    break_(world, name)
    own_checks = make(world, "install", "test", "lint", "format-check")
    seed(world, "prod", "1.1.0")
    damaged = look(world)
    Deployed(world, "prod").restore(template)
    restored = look(world)
    repair(world, name)
    seed(world, "prod", "1.2.0")

    assert own_checks.returncode == 0, own_checks.stdout + own_checks.stderr
    assert damaged != healthy
    assert restored == healthy
    assert look(world) == healthy


def test_stack_fails_stops_the_deploy_midway(world: World) -> None:
    seed(world, "prod", "1.0.0")

    break_(world, "stack-fails")
    run = make(world, "deploy", ENV="prod", VERSION="1.1.0")
    repair(world, "stack-fails")

    assert run.returncode != 0
    assert Deployed(world, "prod").stack()["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert make(world, "deploy", ENV="prod", VERSION="1.1.0").returncode == 0


def subscriptions(world: World) -> set[str]:
    found = account.client("sns", world.environ()).list_subscriptions()["Subscriptions"]
    return {subscription["SubscriptionArn"].split(":")[0] for subscription in found}


def connects_quickly(world: World) -> bool:
    sessions = endpoint(world, "prod")
    before = time.monotonic()
    sessions.speaker().close()
    return time.monotonic() - before < 3


FAULTS: dict[str, tuple[Look, Any, Any]] = {
    "subscription-pending": (subscriptions, {"arn"}, {"PendingConfirmation"}),
    "slow-endpoint": (connects_quickly, True, False),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_seen_until_it_is_repaired(world: World, name: str) -> None:
    look, healthy, damaged = FAULTS[name]
    seed(world, "prod", "1.0.0")

    break_(world, name)
    seen = look(world)
    repair(world, name)

    assert seen == damaged
    assert look(world) == healthy


def test_breaking_twice_breaks_once(world: World) -> None:
    break_(world, "ttl-off")
    break_(world, "ttl-off")

    assert standing(world) == ["ttl-off"]


def test_two_faults_stand_side_by_side(world: World) -> None:
    break_(world, "aws-denied")
    break_(world, "subscription-pending")
    repair(world, "aws-denied")

    assert {fault["name"] for fault in world.gateway.faults()} == {"subscription-pending"}


def test_a_reset_repairs_everything(world: World) -> None:
    for name in ("ttl-off", "aws-denied", "cdk-missing", "region-unset"):
        break_(world, name)

    world.reset()

    assert standing(world) == []
    assert world.gateway.faults() == []
    assert (world.tools / "cdk").exists()
    assert "AWS_REGION" in world.environ()


def test_a_misspelt_damage_names_the_nearest(world: World) -> None:
    with pytest.raises(WorldError, match="did you mean ttl-off"):
        named(world, "ttl-of")


def test_what_does_not_stand_cannot_be_repaired(world: World) -> None:
    with pytest.raises(WorldError, match="nothing to repair"):
        repair(world, "ttl-off")


def test_a_file_that_somebody_changed_is_left_alone(world: World) -> None:
    (world.project(NAME) / "infrastructure" / "tables.py").write_text("tables = {}\n")

    with pytest.raises(EditError, match="does not hold the text to change"):
        break_(world, "ttl-off")
    assert standing(world) == []


def test_each_damage_says_what_it_does_in_a_sentence(world: World) -> None:
    assert [damage.name for damage in damages(world).values() if not damage.description.endswith(".")] == []
