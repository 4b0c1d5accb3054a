from collections.abc import Callable
from typing import Any

import pytest

from tasks.actions.aws import secretsmanager, ssm
from tasks.connect.commands import Finished
from tasks.core.errors import ActionError, Denied
from tasks.core.redaction import redact
from tests.tasks.actions.aws.accounts import Parameters
from tests.tasks.actions.aws.clouds import Secrets, writer
from tests.tasks.world import DENIED

NAMES = {"names": ["/app/jwt", "/app/key"]}
KEPT = "kept-value-of-before"


class Runner:
    """The team's script: it creates what it is told to."""

    def __init__(self, creates: Callable[[], object] = lambda: None, exit_status: int = 0) -> None:
        self._creates = creates
        self._exit_status = exit_status

    def run(self, command: list[str], directory: str, environment: Any, timeout_seconds: float) -> Finished:  # noqa: ARG002
        self._creates()
        return Finished(self._exit_status, "that was all")


def ask(companion: Any, parameters: Parameters, runner: Runner | None = None, **more: Any) -> Any:
    return companion(writer(ssm=parameters), runner or Runner(), **{**NAMES, **more})


def ask_manager(companion: Any, secrets: Secrets, **more: Any) -> Any:
    return companion(writer(secretsmanager=secrets), Runner(), **{**NAMES, **more})


def test_only_what_is_missing_is_created_and_its_value_is_shown_nowhere() -> None:
    parameters = Parameters({"/app/jwt": KEPT})
    done = ask(ssm.initialise, parameters)
    created = parameters.values["/app/key"]

    assert (parameters.values["/app/jwt"], len(created)) == (KEPT, 48)
    assert created not in str(done)
    assert redact(created) == "[hidden]"
    assert done.summary == "Of 2 parameters: created /app/key."


def test_undo_deletes_what_was_created_and_nothing_else() -> None:
    parameters = Parameters({"/app/jwt": KEPT})
    noted = ask(ssm._VAULT.before, parameters)
    ask(ssm.initialise, parameters)
    told = [ask(ssm._VAULT.undo, parameters, before=noted) for _ in range(2)]

    assert parameters.values == {"/app/jwt": KEPT}
    assert told[0] == "Deleted /app/key, which the release had created."
    assert "so none is deleted" in told[1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [({}, "not done"), ({"/app/jwt": "x"}, "not done"), ({"/app/jwt": "x", "/app/key": "y"}, "done")],
    ids=["before anything", "in the middle", "after the last"],
)
def test_an_interruption_is_settled(values: dict[str, str], expected: str) -> None:
    assert ask(ssm._VAULT.settled, Parameters(values), before={"missing": NAMES["names"]}) == expected


def test_the_teams_script_may_create_them() -> None:
    parameters = Parameters()
    runner = Runner(lambda: parameters.values.update({"/app/jwt": "a", "/app/key": "b"}))
    noted = ask(ssm._VAULT.before, parameters)
    ask(ssm.initialise, parameters, runner, command=["init"])

    assert parameters.values == {"/app/jwt": "a", "/app/key": "b"}

    ask(ssm._VAULT.undo, parameters, before=noted)

    assert parameters.values == {}


@pytest.mark.parametrize(
    ("runner", "more", "says"),
    [
        (Runner(exit_status=3), {"command": ["init"]}, "`init` ended with 3: that was all"),
        (Runner(), {"command": ["init"]}, "ended well, yet there is no parameter /app/jwt, /app/key"),
        (Runner(), {"names": []}, "names no parameter"),
        (Runner(), {"length": 15}, "can be guessed"),
    ],
    ids=["script fails", "script creates nothing", "no name", "too short"],
)
def test_refuses(runner: Runner, more: dict[str, Any], says: str) -> None:
    with pytest.raises(ActionError, match=says):
        ask(ssm.initialise, Parameters(), runner, **more)


def test_who_may_not_look_creates_nothing() -> None:
    parameters = Parameters(refusal=DENIED)
    with pytest.raises(Denied):
        ask(ssm.initialise, parameters)

    assert parameters.values == {}


def test_secrets_are_created_and_deleted_again() -> None:
    secrets = Secrets({"/app/jwt": KEPT})
    noted = ask_manager(secretsmanager._VAULT.before, secrets)
    ask_manager(secretsmanager.initialise, secrets, field="password")

    assert secrets.texts["/app/jwt"] == KEPT
    assert len(secrets.password("/app/key")) == 48
    assert redact(secrets.texts["/app/key"]) == "[hidden]"

    ask_manager(secretsmanager._VAULT.undo, secrets, before=noted)

    assert secrets.texts == {"/app/jwt": KEPT}


def test_a_secret_that_waits_for_its_deletion_is_refused() -> None:
    with pytest.raises(ActionError, match="waits for its deletion"):
        ask_manager(secretsmanager.initialise, Secrets({"/app/jwt": KEPT}, doomed={"/app/jwt"}))
