from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.users import NAMES, token, world
from tests.tasks.world import DENIED, Case, aws_error

ISSUED = "sign_in.token_issued"
CHALLENGE = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": "s"}
NO_USER = aws_error("UserNotFoundException", "User does not exist.")
WRONG_PASSWORD = aws_error("NotAuthorizedException", "Incorrect username or password.")
NO_SECRET = {"secretsmanager.get_secret_value": aws_error("ResourceNotFoundException", "no such secret")}
CASES = [
    Case("issued", ISSUED, NAMES, Status.PASSED, "expires in 60 minutes", world()),
    Case(
        "password in a JSON secret",
        ISSUED,
        NAMES,
        Status.PASSED,
        "pool-1",
        world() | {"secretsmanager.get_secret_value": {"SecretString": '{"password": "correct horse"}'}},
    ),
    Case("expired already", ISSUED, NAMES, Status.FAILED, "expires in -", world(token(exp=1))),
    Case("for another client", ISSUED, NAMES, Status.FAILED, "lacks client-1", world(token(aud="client-2"))),
    Case("from another pool", ISSUED, NAMES, Status.FAILED, "lacks pool-1", world(token(iss="https://cognito-idp/pool-2"))),
    Case("without claims", ISSUED, NAMES, Status.UNKNOWN, "no JSON web token", world("a.b.c")),
    Case("not of three parts", ISSUED, NAMES, Status.UNKNOWN, "it has 1 parts", world("opaque-0815")),
    Case("without any claim", ISSUED, NAMES, Status.UNKNOWN, "no field 'iss'", world("eyJh.e30.c2ln")),
    Case("claims are a list", ISSUED, NAMES, Status.UNKNOWN, "no JSON web token", world("eyJh.W10.c2ln")),
    Case("expiry is no number", ISSUED, NAMES, Status.UNKNOWN, "no JSON web token", world(token(exp="soon"))),
    Case(
        "asked for a new password", ISSUED, NAMES, Status.UNKNOWN, "NEW_PASSWORD_REQUIRED", world(admin_initiate_auth=CHALLENGE)
    ),
    Case("wrong password", ISSUED, NAMES, Status.UNKNOWN, "Incorrect username", world(admin_initiate_auth=WRONG_PASSWORD)),
    Case("no such user", ISSUED, NAMES, Status.FAILED, "User does not exist", world(admin_initiate_auth=NO_USER)),
    Case("no such pool", ISSUED, NAMES, Status.FAILED, "no user pool named 'users'", world(list_user_pools={"UserPools": []})),
    Case(
        "two pools of that name",
        ISSUED,
        NAMES,
        Status.UNKNOWN,
        "2 user pools",
        world(list_user_pools={"UserPools": [{"Id": "1", "Name": "users"}] * 2}),
    ),
    Case(
        "no such client",
        ISSUED,
        NAMES,
        Status.FAILED,
        "no app client named 'web'",
        world(list_user_pool_clients={"UserPoolClients": []}),
    ),
    Case("no such secret", ISSUED, NAMES, Status.FAILED, "no such secret", world() | NO_SECRET),
    Case("denied", ISSUED, NAMES, Status.UNKNOWN, "AccessDenied", world(list_user_pools=DENIED)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
