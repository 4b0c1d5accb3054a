from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

POOL_EXISTS, CLIENT_EXISTS, USER_EXISTS = (f"aws.cognito.{name}" for name in ("pool_exists", "client_exists", "user_exists"))
POOL = {"pool": "users"}
CLIENT = POOL | {"client": "app"}
USER = POOL | {"username": "check@example.com"}
NO_USER = aws_error("UserNotFoundException", "User does not exist.")


def pools(*names: str) -> dict[str, Any]:
    found = [{"Id": f"pool-{place}", "Name": name} for place, name in enumerate(names)]
    return {"cognito-idp.list_user_pools": {"UserPools": found}}


def clients(*names: str) -> dict[str, Any]:
    found = [{"ClientId": f"client-{place}", "ClientName": name} for place, name in enumerate(names)]
    return pools("users") | {"cognito-idp.list_user_pool_clients": {"UserPoolClients": found}}


def user(answer: Any) -> dict[str, Any]:
    return pools("users") | {"cognito-idp.admin_get_user": answer}


MFA, SET_UP = "aws.cognito.mfa_required", "aws.cognito.pool_configured"


def mfa(setting: str) -> dict[str, Any]:
    found = {"MfaConfiguration": setting, "SoftwareTokenMfaConfiguration": {"Enabled": True}}
    return pools("users") | {"cognito-idp.get_user_pool_mfa_config": found}


def settings(**fields: Any) -> dict[str, Any]:
    found = {
        "Policies": {"PasswordPolicy": {"MinimumLength": 12}},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False},
    }
    return pools("users") | {"cognito-idp.describe_user_pool": {"UserPool": found | fields}}


CASES = [
    Case("there", POOL_EXISTS, POOL, Status.PASSED, "exists as pool-0", pools("users", "others")),
    Case("not there", POOL_EXISTS, POOL, Status.FAILED, "no user pool named", pools("others")),
    Case("empty account", POOL_EXISTS, POOL, Status.FAILED, "no user pool named", pools()),
    Case("twice", POOL_EXISTS, POOL, Status.UNKNOWN, "2 user pools named", pools("users", "users")),
    Case("denied", POOL_EXISTS, POOL, Status.UNKNOWN, "AccessDenied", {"cognito-idp.list_user_pools": DENIED}),
    Case("there", CLIENT_EXISTS, CLIENT, Status.PASSED, "exists as client-0", clients("app")),
    Case("not there", CLIENT_EXISTS, CLIENT, Status.FAILED, "no app client named", clients("other")),
    Case("pool is not there", CLIENT_EXISTS, CLIENT, Status.FAILED, "no user pool named", pools()),
    Case("denied", CLIENT_EXISTS, CLIENT, Status.UNKNOWN,
         "AccessDenied", pools("users") | {"cognito-idp.list_user_pool_clients": DENIED}),
    Case("usable", USER_EXISTS, USER, Status.PASSED, "CONFIRMED", user({"Enabled": True, "UserStatus": "CONFIRMED"})),
    Case("disabled", USER_EXISTS, USER, Status.FAILED, "is disabled", user({"Enabled": False, "UserStatus": "CONFIRMED"})),
    Case(
        "must change the first password", USER_EXISTS, USER, Status.FAILED, "FORCE_CHANGE_PASSWORD, wanted",
        user({"Enabled": True, "UserStatus": "FORCE_CHANGE_PASSWORD"}),
    ),
    Case("not there", USER_EXISTS, USER, Status.FAILED, "User does not exist", user(NO_USER)),
    Case("denied", USER_EXISTS, USER, Status.UNKNOWN, "AccessDenied", user(DENIED)),
    Case("answer without a status", USER_EXISTS, USER, Status.UNKNOWN, "no field 'UserStatus'", user({"Enabled": True})),
    Case("required", MFA, POOL, Status.PASSED, "is ON by software", mfa("ON")),
    Case("left to the user", MFA, POOL, Status.FAILED, "OPTIONAL by software, wanted ON", mfa("OPTIONAL")),
    Case("left to the user, and that is well", MFA, POOL | {"optional": True}, Status.PASSED, "OPTIONAL", mfa("OPTIONAL")),
    Case("off", MFA, POOL | {"optional": True}, Status.FAILED, "is OFF", mfa("OFF")),
    Case("not there", MFA, POOL, Status.FAILED, "no user pool named", pools()),
    Case("denied", MFA, POOL, Status.UNKNOWN,
         "AccessDenied", pools("users") | {"cognito-idp.get_user_pool_mfa_config": DENIED}),
    Case("shown", SET_UP, POOL, Status.PASSED,
         "passwords of 12 characters, self sign-up on, deletion protection INACTIVE", settings()),
    Case("just long enough", SET_UP, POOL | {"password_length": 12}, Status.PASSED, "12 characters", settings()),
    Case("too short", SET_UP, POOL | {"password_length": 13}, Status.FAILED, "wanted at least 13", settings()),
    Case("everybody may sign up", SET_UP, POOL | {"self_sign_up": "off"}, Status.FAILED, "wanted self sign-up off", settings()),
    Case("easily deleted", SET_UP, POOL | {"deletion_protected": True}, Status.FAILED, "protection ACTIVE", settings()),
    Case("protected", SET_UP, POOL | {"deletion_protected": True}, Status.PASSED,
         "ACTIVE", settings(DeletionProtection="ACTIVE")),
    Case("not there", SET_UP, POOL, Status.FAILED, "no user pool named", pools()),
    Case("denied", SET_UP, POOL, Status.UNKNOWN, "AccessDenied", pools("users") | {"cognito-idp.describe_user_pool": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
