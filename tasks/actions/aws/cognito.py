"""The test user that a release signs in as."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tasks.connect.aws import AwsWriter
from tasks.core.answers import Answer, only
from tasks.core.errors import Absent, Malformed
from tasks.core.passwords import generated
from tasks.core.redaction import redact
from tasks.core.registry import Done, Settled, action

_LENGTH = 32


def before(aws: AwsWriter, *, pool: str, username: str, secret: str) -> dict[str, Any]:
    """Whether the user and the secret were there: ``{"user": bool, "secret": bool}``."""
    return {"user": _user(aws, _pool(aws, pool), username) is not None, "secret": _described_secret(aws, secret) is not None}


def settled(
    aws: AwsWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  the end is told from what there is now
    pool: str,
    username: str,
    secret: str,
) -> Settled:
    """Done when user and secret are there; anything less may simply be done again."""
    user = _user(aws, _pool(aws, pool), username)
    return "done" if _usable(user) and _described_secret(aws, secret) is not None else "not done"


def undo(aws: AwsWriter, *, before: Mapping[str, Any], pool: str, username: str, secret: str) -> str:
    """Delete what the action created, and nothing that was there before it."""
    if not before["user"]:
        _unless_gone(lambda: aws.cognito_idp.admin_delete_user(UserPoolId=_pool(aws, pool), Username=username))
    if not before["secret"]:
        # Without force the name would stay taken for a week, and the next release could not use it.
        _unless_gone(lambda: aws.secretsmanager.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True))
    if before["user"] and before["secret"]:
        return f"Test user {username} and secret {secret} were there before the release and are kept."
    if before["user"]:
        return f"Secret {secret} is deleted; test user {username} was there before and is kept, with a password nobody knows."
    kept = f"; secret {secret} was there before and is kept" if before["secret"] else f", and so is secret {secret}"
    return f"Test user {username} is deleted{kept}."


@action(
    remedy="aws cognito-idp admin-get-user --user-pool-id <pool id> --username <username>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=(
        "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminDeleteUser",
        "cognito-idp:AdminEnableUser",
        "cognito-idp:AdminGetUser",
        "cognito-idp:AdminSetUserPassword",
        "cognito-idp:ListUserPools",
        "secretsmanager:CreateSecret",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
    ),
)
def ensure_test_user(aws: AwsWriter, *, pool: str, username: str, secret: str) -> Done:
    """See to it that the test user exists and that its password lies in Secrets Manager.

    A new user gets a generated password that is shown nowhere and kept in ``secret`` as {"username", "password"}. A user who
    is there already is kept; when its secret is missing it gets a new password. ``pool`` is the pool's name, ``secret`` the
    secret's. Facts: pool_id, username, secret_name.

    Example:
        action: aws.cognito.ensure_test_user
        with:
          pool: session-management-users-prod
          username: release-check@example.com
          secret: session-management/test-user-prod

    """
    pool_id = _pool(aws, pool)
    user = _user(aws, pool_id, username)
    password = _kept_password(aws, secret)
    facts = {"pool_id": pool_id, "username": username, "secret_name": secret}
    if _usable(user) and password:
        return Done(f"Test user {username} of user pool {pool} and secret {secret} were there already.", facts)
    if user is None:
        attributes = [{"Name": "email", "Value": username}, {"Name": "email_verified", "Value": "true"}]
        aws.cognito_idp.admin_create_user(
            UserPoolId=pool_id,
            Username=username,
            MessageAction="SUPPRESS",
            **({"UserAttributes": attributes} if "@" in username else {}),
        )
    elif user["Enabled"] is not True:
        aws.cognito_idp.admin_enable_user(UserPoolId=pool_id, Username=username)
    # First the password, then the secret: a secret that is there is then always the one that opens.
    chosen = password or generated(_LENGTH)
    redact.learn(chosen)
    aws.cognito_idp.admin_set_user_password(UserPoolId=pool_id, Username=username, Password=chosen, Permanent=True)
    if not password:
        content = json.dumps({"username": username, "password": chosen})
        redact.learn(content)
        aws.secretsmanager.create_secret(Name=secret, SecretString=content, Description="Test user of the release checks")
    done = "created" if user is None else "given a password"
    return Done(f"Test user {username} of user pool {pool} is {done}; its password is in secret {secret}.", facts)


def _pool(aws: AwsWriter, name: str) -> str:
    return str(only("user pool", aws.cognito_idp.list_user_pools(MaxResults=60)["UserPools"], "Name", name)["Id"])


def _user(aws: AwsWriter, pool_id: str, username: str) -> Answer | None:
    try:
        return aws.cognito_idp.admin_get_user(UserPoolId=pool_id, Username=username)
    except Absent:
        return None


def _usable(user: Answer | None) -> bool:
    return user is not None and user["Enabled"] is True and user["UserStatus"] == "CONFIRMED"


def _described_secret(aws: AwsWriter, secret: str) -> Answer | None:
    """The secret, unless it waits for its deletion."""
    try:
        found = aws.secretsmanager.describe_secret(SecretId=secret)
    except Absent:
        return None
    return None if found.get("DeletedDate") else found


def _kept_password(aws: AwsWriter, secret: str) -> str:
    """The password in the secret; empty when there is no such secret. Raises ``Malformed`` for a secret without one."""
    if _described_secret(aws, secret) is None:
        return ""
    text = str(aws.secretsmanager.get_secret_value(SecretId=secret)["SecretString"])
    redact.learn(text)
    try:
        fields = json.loads(text)
    except ValueError:
        fields = text
    password = fields.get("password", "") if isinstance(fields, dict) else text
    if not password:
        raise Malformed(f"Secret {secret} holds no password; delete it or put one in its field 'password'.")
    redact.learn(str(password))
    return str(password)


def _unless_gone(ask: Callable[[], Answer]) -> None:
    try:
        ask()
    except Absent:
        return
