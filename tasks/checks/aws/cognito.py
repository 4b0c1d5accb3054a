"""Cognito user pools, their app clients and their users, all found by name."""

from __future__ import annotations

from typing import Literal

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_PAGE = 60
_MFA_KINDS = {
    "software": "SoftwareTokenMfaConfiguration",
    "text message": "SmsMfaConfiguration",
    "mail": "EmailMfaConfiguration",
    "passkey": "WebAuthnConfiguration",
}


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


@check(
    permissions=("cognito-idp:ListUserPools", "cognito-idp:GetUserPoolMfaConfig"),
    remedy="aws cognito-idp set-user-pool-mfa-config --user-pool-id <pool id> --mfa-configuration ON …",
)
def mfa_required(aws: Aws, *, pool: str, optional: bool = False) -> Verdict:
    """Nobody signs in to the user pool with a password alone.

    Passwords are used twice and stolen elsewhere.
    Reads cognito-idp:ListUserPools and cognito-idp:GetUserPoolMfaConfig. ``pool`` is the pool's name; ``optional`` accepts a
    pool that leaves it to each user.

    Example:
        check: aws.cognito.mfa_required
        with: {pool: kalendlytic-users-staging}

    """
    seen = aws.cognito_idp.get_user_pool_mfa_config(UserPoolId=_pool(aws, pool))
    means = [kind for kind, name in _MFA_KINDS.items() if name in seen and seen[name].get("Enabled", True)]
    told = f"MFA of user pool {pool} is {seen['MfaConfiguration']} by {listed(means) or 'no means'}"
    good = seen["MfaConfiguration"] == "ON" or (optional and seen["MfaConfiguration"] == "OPTIONAL")
    return passed(f"{told}.") if good else failed(f"{told}, wanted ON{' or OPTIONAL' if optional else ''}.")


@check(
    permissions=("cognito-idp:ListUserPools", "cognito-idp:DescribeUserPool"),
    remedy="aws cognito-idp update-user-pool --user-pool-id <pool id> …",
)
def pool_configured(
    aws: Aws,
    *,
    pool: str,
    password_length: int = 8,
    self_sign_up: Literal["", "on", "off"] = "",
    deletion_protected: bool = False,
) -> Verdict:
    """The user pool is set up as wished; what it is set to is shown.

    Reads cognito-idp:ListUserPools and cognito-idp:DescribeUserPool. ``pool`` is the pool's name; ``password_length`` is the
    shortest minimum length; an empty ``self_sign_up`` accepts both; ``deletion_protected`` refuses a pool that one command
    deletes.

    Example:
        check: aws.cognito.pool_configured
        with: {pool: kalendlytic-users-prod, password_length: 12, self_sign_up: "off", deletion_protected: true}

    """
    seen = aws.cognito_idp.describe_user_pool(UserPoolId=_pool(aws, pool))["UserPool"]
    length = int(seen["Policies"]["PasswordPolicy"]["MinimumLength"])
    signs_up = "off" if seen["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] else "on"
    protection = str(seen.get("DeletionProtection", "INACTIVE"))
    told = f"User pool {pool}: passwords of {length} characters, self sign-up {signs_up}, deletion protection {protection}"
    wanted = [f"at least {password_length} characters"] * (length < password_length)
    wanted += [f"self sign-up {self_sign_up}"] * (self_sign_up not in ("", signs_up))
    wanted += ["deletion protection ACTIVE"] * (deletion_protected and protection != "ACTIVE")
    return failed(f"{told}, wanted {listed(wanted)}.") if wanted else passed(f"{told}.")


def _pool(aws: Aws, name: str) -> str:
    return str(only("user pool", aws.cognito_idp.list_user_pools(MaxResults=_PAGE)["UserPools"], "Name", name)["Id"])
