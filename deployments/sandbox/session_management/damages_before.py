"""Damages that the checks before a deploy can see: configuration, account, code, tools, access."""

from __future__ import annotations

from deployments.sandbox import account, checkout
from deployments.sandbox.damage import Damage, Edit, faulty
from deployments.sandbox.world import World

from . import identity
from .damage import configured, edited
from .project import SUFFIXES, config_path

AWAY = ".away"


def take_config_away(world: World) -> None:
    """Move every environment's configuration file aside."""
    for suffix in SUFFIXES:
        path = config_path(world, suffix)
        if path.exists():
            path.rename(path.with_name(path.name + AWAY))


def bring_config_back(world: World) -> None:
    """Undo ``take_config_away``."""
    for suffix in SUFFIXES:
        path = config_path(world, suffix)
        aside = path.with_name(path.name + AWAY)
        if aside.exists():
            aside.rename(path)


def delete_user_pools(world: World) -> None:
    """Delete the user pool of every environment."""
    cognito = world.client("cognito-idp")
    for each in world.state()["identities"].values():
        cognito.delete_user_pool(UserPoolId=each["cognitoUserPoolId"])


def delete_app_clients(world: World) -> None:
    """Delete the app client of every environment's user pool."""
    cognito = world.client("cognito-idp")
    for each in world.state()["identities"].values():
        cognito.delete_user_pool_client(UserPoolId=each["cognitoUserPoolId"], ClientId=each["cognitoClientId"])


def create_app_clients(world: World) -> None:
    """Create new app clients in the user pools, and configure their ids."""
    cognito = world.client("cognito-idp")
    for suffix, each in world.state()["identities"].items():
        pool = each["cognitoUserPoolId"]
        client = identity.create_app_client(cognito, pool, suffix)
        identity.configure(world, suffix, identity.Identity(pool, client))


def delete_bootstrap(world: World) -> None:
    """Delete the CDK's own stack."""
    cloudformation = world.client("cloudformation")
    cloudformation.delete_stack(StackName=account.BOOTSTRAP_STACK)
    deleted = cloudformation.get_waiter("stack_delete_complete")
    deleted.wait(StackName=account.BOOTSTRAP_STACK, WaiterConfig={"Delay": 0.1, "MaxAttempts": 100})


def create_bootstrap(world: World) -> None:
    """Create the CDK's own stack again."""
    account.bootstrap(world.client("cloudformation"), bucket_exists=True)


def install_old_node(world: World) -> None:
    """Put a node in front that says it is version 16."""
    checkout.write_launcher(world.tools / "node", "echo", "v16.20.2")


def remove_cdk(world: World) -> None:
    """Remove the cdk command."""
    (world.tools / "cdk").unlink(missing_ok=True)


def remove_aws_cli(world: World) -> None:
    """Remove the aws command."""
    (world.tools / "aws").unlink(missing_ok=True)


def install_tools(world: World) -> None:
    """Put every tool back as it was."""
    checkout.write_tools(world.tools, world.sandbox_python.absolute())


def withhold_region(world: World) -> None:
    """Leave the region out of the environment of release processes started from now on."""
    world.save(withheld=["AWS_REGION", "AWS_DEFAULT_REGION"])


def give_region(world: World) -> None:
    """Undo ``withhold_region``."""
    world.save(withheld=[])


HEARTBEAT = "src/sessions/heartbeat.py"
CONNECTION = "src/sessions/connection.py"

BEFORE = (
    configured("alarm-email-missing", "before", "No address is configured for the alarms.", "alarmEmail", ""),
    Damage(
        "config-missing",
        "The configuration files are not there.",
        "before",
        take_config_away,
        bring_config_back,
    ),
    configured(
        "config-placeholder",
        "before",
        "The configuration still names the placeholder for the user pool.",
        "cognitoUserPoolId",
        "us-east-1_REPLACEME",
    ),
    Damage("user-pool-missing", "The Cognito user pools are deleted.", "before", delete_user_pools, identity.create_all),
    Damage("app-client-missing", "The Cognito app clients are deleted.", "before", delete_app_clients, create_app_clients),
    Damage(
        "cdk-not-bootstrapped",
        "The account has no CDKToolkit stack.",
        "before",
        delete_bootstrap,
        create_bootstrap,
    ),
    edited(
        "unit-test-failing",
        "before",
        "The connection handler lets ten times too many connections in, and a unit test says so.",
        Edit(CONNECTION, "CONNECTIONS_A_MINUTE = 100\n", "CONNECTIONS_A_MINUTE = 1000\n"),
    ),
    edited(
        "lint-error",
        "before",
        "The heartbeat handler imports a module that it does not use.",
        Edit(HEARTBEAT, "import time\nfrom typing", "import sys\nimport time\nfrom typing"),
    ),
    edited(
        "unformatted-code",
        "before",
        "A line of the heartbeat handler is not formatted.",
        Edit(HEARTBEAT, 'ANSWER = "heartbeatAck"\n', "ANSWER = 'heartbeatAck'\n"),
    ),
    faulty(
        "aws-denied",
        "before",
        "The release may not ask STS, Cognito or CloudFormation anything.",
        *({"service": service, "deny": True} for service in ("sts", "cognito-idp", "cloudformation")),
    ),
    faulty(
        "aws-throttled",
        "before",
        "Cognito and CloudFormation answer every call with a throttling error.",
        *({"service": service, "throttle": True} for service in ("cognito-idp", "cloudformation")),
    ),
    faulty(
        "aws-hiccup",
        "before",
        "AWS answers the next two calls with an internal error, and then recovers.",
        {"error500": True, "first": 2},
    ),
    faulty("aws-unreachable", "before", "AWS closes every connection without an answer.", {"drop": True}),
    Damage("old-node", "The node command is version 16.", "before", install_old_node, install_tools),
    Damage("cdk-missing", "There is no cdk command.", "before", remove_cdk, install_tools),
    Damage("aws-cli-missing", "There is no aws command.", "before", remove_aws_cli, install_tools),
    Damage(
        "region-unset",
        "The environment names no AWS region (for release processes started from now on).",
        "before",
        withhold_region,
        give_region,
    ),
)
