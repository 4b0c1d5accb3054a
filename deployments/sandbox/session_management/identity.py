"""Who may sign in to session-management: a user pool and an app client for each environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from deployments.sandbox.world import World

from .project import SUFFIXES, change_config

AUTH_FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@dataclass(frozen=True)
class Identity:
    """The Cognito user pool and app client of one environment, by id."""

    user_pool: str
    client: str


def create_app_client(cognito: Any, user_pool: str, suffix: str) -> str:
    """Create the app client of an environment's user pool; return its id."""
    answer = cognito.create_user_pool_client(
        UserPoolId=user_pool, ClientName=f"session-management-client-{suffix}", ExplicitAuthFlows=AUTH_FLOWS
    )
    return str(answer["UserPoolClient"]["ClientId"])


def create_identity(cognito: Any, suffix: str) -> Identity:
    """Create the user pool of an environment and its app client."""
    pool = cognito.create_user_pool(PoolName=f"session-management-users-{suffix}")["UserPool"]["Id"]
    return Identity(pool, create_app_client(cognito, pool, suffix))


def configure(world: World, suffix: str, identity: Identity) -> None:
    """Write the ids of an environment's user pool and app client into its configuration file."""
    fields = {"cognitoUserPoolId": identity.user_pool, "cognitoClientId": identity.client}
    change_config(world, suffix, **fields)
    world.save(identities={**world.state().get("identities", {}), suffix: fields})


def create_all(world: World) -> None:
    """Create user pools and clients for every environment, and configure their ids."""
    cognito = world.client("cognito-idp")
    for suffix in SUFFIXES:
        configure(world, suffix, create_identity(cognito, suffix))
