import json
import string
from typing import Any

import pytest

from tasks.actions.aws import cognito
from tasks.core.errors import Absent, Denied, Malformed
from tasks.core.redaction import redact
from tests.tasks.actions.aws.clouds import Secrets, Users, writer
from tests.tasks.world import DENIED

NAME, SECRET = "check@example.com", "sessions/test-user"
ARGUMENTS = {"pool": "users", "username": NAME, "secret": SECRET}
KEPT = json.dumps({"username": NAME, "password": "kept-password-1"})


def user(**changes: Any) -> Users:
    return Users({NAME: {"Enabled": True, "UserStatus": "CONFIRMED", "password": "kept-password-1"} | changes})


def ask(companion: Any, users: Users, secrets: Secrets, **more: Any) -> Any:
    return companion(writer(cognito_idp=users, secretsmanager=secrets), **ARGUMENTS, **more)


def test_creates_a_confirmed_user_whose_password_only_the_secret_holds() -> None:
    users, secrets = Users(), Secrets()
    done = ask(cognito.ensure_test_user, users, secrets)
    password = secrets.password(SECRET)

    assert (users.users[NAME]["UserStatus"], users.users[NAME]["password"]) == ("CONFIRMED", password)
    assert password not in str(done)
    assert redact(f"the password is {password}") == "the password is [hidden]"


@pytest.mark.parametrize("kind", [string.ascii_lowercase, string.ascii_uppercase, string.digits, "!#%*+-_=?"])
def test_a_generated_password_has_a_character_of_every_kind(kind: str) -> None:
    secrets = Secrets()
    ask(cognito.ensure_test_user, Users(), secrets)

    assert set(kind) & set(secrets.password(SECRET))


@pytest.mark.parametrize("text", [KEPT, "kept-password-1"], ids=["secret is an object", "secret is the password"])
def test_keeps_a_user_and_a_secret_that_are_there(text: str) -> None:
    users, secrets = user(), Secrets({SECRET: text})
    done = ask(cognito.ensure_test_user, users, secrets)

    assert (users.users[NAME]["password"], secrets.texts[SECRET]) == ("kept-password-1", text)
    assert done.summary.endswith("were there already.")


def test_gives_a_user_without_a_secret_a_new_password() -> None:
    users, secrets = user(), Secrets()
    ask(cognito.ensure_test_user, users, secrets)

    assert users.users[NAME]["password"] == secrets.password(SECRET) != "kept-password-1"


@pytest.mark.parametrize(
    "users",
    [Users(), user(UserStatus="FORCE_CHANGE_PASSWORD"), user(Enabled=False)],
    ids=["missing", "unconfirmed", "disabled"],
)
def test_makes_usable_with_the_password_of_the_secret_a_user_that_is(users: Users) -> None:
    ask(cognito.ensure_test_user, users, Secrets({SECRET: KEPT}))

    assert users.users[NAME] == {"Enabled": True, "UserStatus": "CONFIRMED", "password": "kept-password-1"}


def test_refuses_a_secret_that_holds_no_password() -> None:
    with pytest.raises(Malformed, match="holds no password"):
        ask(cognito.ensure_test_user, Users(), Secrets({SECRET: "{}"}))


def test_refuses_a_pool_that_is_not_there() -> None:
    with pytest.raises(Absent, match="no user pool named 'others'"):
        cognito.ensure_test_user(writer(cognito_idp=Users()), **ARGUMENTS | {"pool": "others"})


def test_undo_deletes_what_was_created_and_may_be_called_twice() -> None:
    users, secrets = Users(), Secrets()
    noted = ask(cognito.before, users, secrets)
    ask(cognito.ensure_test_user, users, secrets)
    said = [ask(cognito.undo, users, secrets, before=noted) for _ in range(2)]

    assert (users.users, secrets.texts) == ({}, {})
    assert said == [f"Test user {NAME} is deleted, and so is secret {SECRET}."] * 2


@pytest.mark.parametrize(
    ("users", "secrets", "says"),
    [
        (user(), Secrets({SECRET: KEPT}), "were there before the release and are kept"),
        (user(), Secrets(), "with a password nobody knows"),
        (Users(), Secrets({SECRET: KEPT}), "is deleted; secret sessions/test-user was there before and is kept"),
    ],
    ids=["user and secret", "user", "secret"],
)
def test_undo_keeps_what_was_there_before(users: Users, secrets: Secrets, says: str) -> None:
    were = (set(users.users), set(secrets.texts))
    noted = ask(cognito.before, users, secrets)
    ask(cognito.ensure_test_user, users, secrets)
    said = ask(cognito.undo, users, secrets, before=noted)

    assert (set(users.users), set(secrets.texts)) == were
    assert says in said


@pytest.mark.parametrize(
    ("users", "secrets", "expected"),
    [
        (user(), Secrets({SECRET: KEPT}), "done"),
        (Users(), Secrets(), "not done"),
        (user(UserStatus="FORCE_CHANGE_PASSWORD"), Secrets(), "not done"),
        (user(), Secrets(), "not done"),
        (user(), Secrets({SECRET: KEPT}, doomed={SECRET}), "not done"),
    ],
    ids=["all is there", "nothing is there", "no password yet", "no secret yet", "secret waits for deletion"],
)
def test_an_interrupted_attempt_after_which(users: Users, secrets: Secrets, expected: str) -> None:
    assert ask(cognito.settled, users, secrets, before={"user": False, "secret": False}) == expected


def test_an_attempt_cut_off_before_the_secret_can_be_done_again() -> None:
    users = Users()
    with pytest.raises(Denied):
        ask(cognito.ensure_test_user, users, Secrets(refusal=DENIED))
    secrets = Secrets()
    ask(cognito.ensure_test_user, users, secrets)

    assert users.users[NAME]["password"] == secrets.password(SECRET)
