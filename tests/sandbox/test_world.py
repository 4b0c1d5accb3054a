"""The world stands up, stands beside another one, starts afresh, and goes away."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path

import pyotp
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError
from ruamel.yaml import YAML

from deployments import processes
from deployments.sandbox import account
from deployments.sandbox.checkout import SYSTEMS
from deployments.sandbox.parts import Started
from deployments.sandbox.session_management.project import NAME, seed
from deployments.sandbox.world import World, WorldError

pytestmark = pytest.mark.sandbox
DOWN = World.down


def test_two_worlds_stand_side_by_side(standing_world: World, sandbox_python: Path, tmp_path: Path) -> None:
    other = World(tmp_path / "other", sandbox_python)
    try:
        other.up()
        other.client("dynamodb").create_table(
            TableName="only-here",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

        assert other.is_up()
        assert standing_world.is_up()
        assert "only-here" not in standing_world.client("dynamodb").list_tables()["TableNames"]
    finally:
        other.down()
    assert not other.is_up()
    assert standing_world.is_up()


def test_up_again_changes_nothing(standing_world: World) -> None:
    before = standing_world.state()

    standing_world.up()

    assert standing_world.state() == before


def test_up_after_a_crash_brings_a_new_world(sandbox_python: Path, tmp_path: Path) -> None:
    world = World(tmp_path, sandbox_python)
    world.up()
    try:
        os.kill(world.state()["pids"]["emulator"], signal.SIGKILL)
        until = time.monotonic() + 5
        while world.is_up() and time.monotonic() < until:
            time.sleep(0.02)

        with pytest.raises(ConnectionClosedError):
            account.client("dynamodb", world.environ(), Config(retries={"total_max_attempts": 1})).list_tables()
        world.up(deployed="1.0.0")

        assert world.is_up()
        assert len(world.client("apigatewayv2").get_apis()["Items"]) == 3
    finally:
        world.down()


@pytest.mark.skipif(shutil.which("ss") is None, reason="ss tells who listens where, and is not installed")
class Broken:
    """A part that does not start."""

    name = "broken"

    def start(self, world: World) -> Started:
        raise OSError(f"no room below {world.directory}")


def test_what_started_does_not_stay_behind_when_a_part_does_not(
    sandbox_python: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, begun = World(tmp_path, sandbox_python), []
    monkeypatch.setattr(World, "parts", lambda _: [Broken()])
    monkeypatch.setattr(World, "down", lambda world: (begun.extend(world.state().get("pids", {}).values()), DOWN(world)))

    with pytest.raises(WorldError, match=r"^broken did not come up \(no room below .*\); see the \*\.log files in "):
        world.up()

    assert len(begun) == 1
    assert not processes.alive(begun[0])
    assert world.status() == {}


def test_everything_listens_on_loopback_only(standing_world: World) -> None:
    listening = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True, check=False).stdout
    ours = [line.split()[3] for line in listening.splitlines() if any(f"pid={pid}," in line for pid in pids(standing_world))]

    assert sorted(ours) == sorted(f"127.0.0.1:{port}" for port in standing_world.state()["ports"].values())


def pids(world: World) -> list[int]:
    return list(world.state()["pids"].values())


def test_a_reset_empties_the_account_and_restores_the_checkout(world: World) -> None:
    seed(world, "dev", "1.0.0")
    (world.project(NAME) / "Makefile").unlink()
    secrets = (world.directory / "approvers.yaml").read_text()

    world.reset()

    assert world.client("dynamodb").list_tables()["TableNames"] == []
    assert (world.project(NAME) / "Makefile").read_text() == (SYSTEMS / "session-management" / "Makefile").read_text()
    assert (world.directory / "approvers.yaml").read_text() == secrets
    assert world.gateway.calls() == {}


def test_a_release_finds_its_way_by_the_environment_alone(world: World) -> None:
    environ = world.environ()

    assert environ["AWS_ENDPOINT_URL"] == f"http://127.0.0.1:{world.state()['ports']['gateway']}"
    assert environ["PATH"].split(os.pathsep)[0] == str(world.tools)
    assert Path(environ["GATES_WORKSPACES"]) == world.systems
    assert Path(environ["GATES_APPROVERS"]).is_file()


def test_approvers_have_secrets_that_only_their_owner_reads(world: World) -> None:
    path = world.directory / "approvers.yaml"
    people = YAML(typ="safe").load(path)["people"]

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {role for person in people.values() for role in person["roles"]} == {
        "deployer",
        "release_manager",
        "qa",
        "security",
        "stakeholder",
    }
    assert len({person["totp_secret"] for person in people.values()}) == 5
    assert all(len(pyotp.TOTP(person["totp_secret"]).now()) == 6 for person in people.values())


def test_without_its_python_the_world_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="does not exist; make it with"):
        World(tmp_path, tmp_path / "nowhere").up()


def test_where_there_is_no_world_there_is_no_environment(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="bring one up with: gates sandbox up"):
        World(tmp_path, tmp_path).environ()
