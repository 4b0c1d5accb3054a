"""Cognito user pools, their app clients and their users, all found by name."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_PAGE = 60


@check(permissions=("cognito-idp:ListUserPools",), remedy="aws cognito-idp list-user-pools --max-results 60")
def pool_exists(aws: Aws, *, pool: str) -> Verdict:
    """The user pool exists.

    Without it nobody can sign in. Names of pools are not unique: two of the same name are unknown, not passed.
    Reads cognito-idp:ListUserPools. ``pool`` is the pool's name. Facts: pool_id.

    Example:
        check: aws.cognito.pool_exists
        with: {pool: session-management-users-prod}

    """
    found = _pool(aws, pool)
    return passed(f"User pool {pool} exists as {found}.", {"pool_id": found})


@check(
    permissions=("cognito-idp:ListUserPools", "cognito-idp:ListUserPoolClients"),
    remedy="aws cognito-idp list-user-pool-clients --user-pool-id <pool id>",
)
def client_exists(aws: Aws, *, pool: str, client: str) -> Verdict:
    """The user pool has the app client.

    The application signs its users in through it.
    Reads cognito-idp:ListUserPools and cognito-idp:ListUserPoolClients. Both arguments are names. Facts: pool_id, client_id.

    Example:
        check: aws.cognito.client_exists
        with: {pool: session-management-users-prod, client: session-management-client-prod}

    """
    pool_id = _pool(aws, pool)
    clients = aws.cognito_idp.list_user_pool_clients(UserPoolId=pool_id, MaxResults=_PAGE)["UserPoolClients"]
    found: Answer = only("app client", clients, "ClientName", client)
    facts = {"pool_id": pool_id, "client_id": str(found["ClientId"])}
    return passed(f"App client {client} of user pool {pool} exists as {found['ClientId']}.", facts)


@check(
    permissions=("cognito-idp:ListUserPools", "cognito-idp:AdminGetUser"),
    remedy="aws cognito-idp admin-get-user --user-pool-id <pool id> --username <username>",
)
def user_exists(aws: Aws, *, pool: str, username: str) -> Verdict:
    """The user exists in the pool, enabled and confirmed.

    A user who must still change a first password cannot be signed in by a program.
    Reads cognito-idp:ListUserPools and cognito-idp:AdminGetUser. ``pool`` is the pool's name.

    Example:
        check: aws.cognito.user_exists
        with: {pool: session-management-users-prod, username: release-check@example.com}

    """
    found = aws.cognito_idp.admin_get_user(UserPoolId=_pool(aws, pool), Username=username)
    if found["Enabled"] is not True:
        return failed(f"User {username} of user pool {pool} is disabled, wanted enabled.")
    if found["UserStatus"] != "CONFIRMED":
        return failed(f"User {username} of user pool {pool} is {found['UserStatus']}, wanted CONFIRMED.")
    return passed(f"User {username} of user pool {pool} is enabled and CONFIRMED.")


def _pool(aws: Aws, name: str) -> str:
    return str(only("user pool", aws.cognito_idp.list_user_pools(MaxResults=_PAGE)["UserPools"], "Name", name)["Id"])
