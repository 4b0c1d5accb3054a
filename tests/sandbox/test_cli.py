"""The command line does what it says, and says a mistake in one sentence with exit status 2."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from typer.testing import CliRunner, Result

from deployments.sandbox.cli import app
from deployments.sandbox.damages import damages
from deployments.sandbox.world import World

pytestmark = pytest.mark.sandbox
Run = Callable[..., Result]


@pytest.fixture
def run(world: World) -> Run:
    environ = {"GATES_SANDBOX": str(world.directory), "GATES_SANDBOX_PYTHON": str(world.sandbox_python)}
    return lambda *words: CliRunner().invoke(app, list(words), env=environ)


def test_status_shows_processes_and_damages(run: Run) -> None:
    broken = run("break", "ttl-off")
    status = run("status")
    repaired = run("repair", "ttl-off")

    assert broken.output == "The next deploy turns time to live off on every table.\n"
    assert status.output == "emulator: runs\ngateway: runs\ndamaged: ttl-off\n"
    assert repaired.output == "Repaired: ttl-off.\n"
    assert [broken.exit_code, status.exit_code, repaired.exit_code] == [0, 0, 0]


def test_damages_are_listed(run: Run, world: World) -> None:
    listed = [line.split()[0] for line in run("damages").output.splitlines()]

    assert listed == list(damages(world))


def test_env_can_be_evaluated_by_a_shell(run: Run, world: World) -> None:
    lines = run("env").output.splitlines()

    assert f"export AWS_ENDPOINT_URL={world.environ()['AWS_ENDPOINT_URL']}" in lines
    assert all(line.startswith("export ") for line in lines)


def test_env_withholds_what_a_damage_withholds(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    run("break", "region-unset")

    lines = run("env").output.splitlines()

    assert "unset AWS_REGION" in lines
    assert not any(line.startswith("export AWS_REGION") for line in lines)


def test_up_and_reset(run: Run, world: World) -> None:
    assert run("up").output.startswith(f"The sandbox is up at {world.environ()['AWS_ENDPOINT_URL']};")
    assert run("reset").output == "The sandbox is as new.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(("break", "ttl-of"), "There is no damage named ttl-of; did you mean ttl-off?\n", id="misspelt"),
        pytest.param(("break", "x"), "There is no damage named x; see: gates sandbox damages.\n", id="unknown"),
    ],
)
def test_a_mistake_is_one_sentence(run: Run, words: tuple[str, ...], sentence: str) -> None:
    result = run(*words)

    assert result.exit_code == 2
    assert result.output == sentence


def test_where_there_is_no_world(run: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    nowhere = str(tmp_path_factory.mktemp("nowhere"))

    assert run("env", "--directory", nowhere).exit_code == 2
    assert run("reset", "--directory", nowhere).exit_code == 2
    assert run("break", "ttl-off", "--directory", nowhere).exit_code == 2
    assert run("status", "--directory", nowhere).exit_code == 1
    assert run("down", "--directory", nowhere).exit_code == 0
