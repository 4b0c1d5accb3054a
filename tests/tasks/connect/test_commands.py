import logging
import os
import threading
import time
from pathlib import Path

import pytest

from tasks.connect import commands
from tasks.connect.commands import CommandRunner, Commands, Finished
from tasks.core.errors import ActionError, Unreachable
from tasks.core.redaction import redact
from tasks.core.sample import Sample, Trail

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "not-a-real-key",
    "AWS_SESSION_TOKEN": "not-a-real-token",
    "GATES_SLACK_WEBHOOK": "https://hooks.example.com/not-real",
    "GITHUB_TOKEN": "not-a-real-token",
    "KUBECONFIG": "/root/.kube/config",
    "SSH_AUTH_SOCK": "/run/not-real",
}


def alive(pid: int) -> bool:
    """Whether the process runs; what has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def written(path: Path) -> int:
    """The number in the file, as soon as it is there."""
    until = time.monotonic() + 5
    while not (path.exists() and path.read_text().strip()):
        assert time.monotonic() < until
        time.sleep(0.01)
    return int(path.read_text())


def gone(pid: int) -> bool:
    """Whether the process ends within two seconds."""
    until = time.monotonic() + 2
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.01)
    return not alive(pid)


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


@pytest.fixture
def door(tmp_path: Path) -> Commands:
    return Commands(tmp_path, Trail(Sample()))


@pytest.fixture
def runner(tmp_path: Path) -> CommandRunner:
    return CommandRunner(tmp_path, "release-7")


def test_no_credential_reaches_the_command_of_a_check(door: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)

    seen = dict(line.split("=", 1) for line in door.run(["env"]).output.splitlines())

    assert {name: seen.get(name) for name in CREDENTIALS} == dict.fromkeys(CREDENTIALS) | {"KUBECONFIG": os.devnull}
    assert seen["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert seen["PATH"] == os.environ["PATH"]


def test_a_named_variable_reaches_the_command(door: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_ENV", "production")

    assert door.run(shell("echo $NODE_ENV")).output == "\n"
    assert door.run(shell("echo $NODE_ENV"), variables=["NODE_ENV"]).output == "production\n"


def test_a_command_runs_once_a_sample(tmp_path: Path) -> None:
    sample = Sample()
    askers = [threading.Thread(target=Commands(tmp_path, Trail(sample)).run, args=(shell("echo x >> ran"),)) for _ in range(20)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert (tmp_path / "ran").read_text() == "x\n"


def test_what_takes_too_long_is_ended_with_all_it_started(door: Commands, tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"had not ended after 0\.3 s"):
        door.run(shell("sleep 60 & echo $! > child; wait"), timeout_seconds=0.3)

    assert gone(written(tmp_path / "child"))


def test_what_does_not_heed_the_signal_is_killed(door: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_GRACE_SECONDS", 0.1)
    with pytest.raises(Unreachable):
        door.run(shell("trap '' TERM; echo $$ > self; while :; do sleep 1; done"), timeout_seconds=0.3)

    assert gone(written(tmp_path / "self"))


def test_a_check_leaves_nothing_running(door: Commands, tmp_path: Path) -> None:
    finished = door.run(shell("sleep 60 >/dev/null 2>&1 & echo $! > child"))

    assert finished.exit_status == 0
    assert gone(written(tmp_path / "child"))


def test_an_action_may_leave_a_service_running(runner: CommandRunner, tmp_path: Path) -> None:
    runner.run(shell("sleep 60 >/dev/null 2>&1 & echo $! > child"))
    child = written(tmp_path / "child")
    ran_on = alive(child)
    os.kill(child, 9)

    assert ran_on


def test_of_a_long_output_the_end_is_kept(door: Commands) -> None:
    finished = door.run(shell("seq 1 60000"))

    assert len(finished.output) <= 200_000
    assert finished.last_line == "60000"


def test_the_evidence_holds_status_and_end_of_the_output(tmp_path: Path) -> None:
    trail = Trail(Sample())
    Commands(tmp_path, trail).run(shell("seq 1 60000; exit 3"))

    evidence = trail.readings[0].as_evidence()["answer"]

    assert evidence.startswith("exit status 3\n")
    assert evidence.endswith("60000\n")


def test_an_action_gets_the_whole_environment_and_the_release(runner: CommandRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "not-a-real-key")

    finished = runner.run(shell("echo $AWS_ACCESS_KEY_ID $GATES_RELEASE $STAGE"), environment={"STAGE": "prod"})

    assert finished == Finished(0, "not-a-real-key release-7 prod\n")


def test_an_actions_lines_are_logged_as_they_come_without_secrets(
    runner: CommandRunner, caplog: pytest.LogCaptureFixture
) -> None:
    redact.learn("hunter2-hunter2")
    with caplog.at_level(logging.INFO, "gates.command"):
        runner.run(shell("echo creating stack; echo password is hunter2-hunter2 >&2"))

    assert [record.getMessage() for record in caplog.records] == ["creating stack", "password is [hidden]"]


@pytest.mark.parametrize(
    ("command", "directory", "says"),
    [
        (["no-such-program"], "", "is not on the PATH"),
        (["true"], "nowhere", "no folder 'nowhere'"),
        (["true"], "..", "leads out of the workspace"),
        ([], "", "The command is empty"),
        (["sleep", "60"], "", "had not ended"),
    ],
    ids=["no program", "no folder", "outside", "no command", "too long"],
)
def test_an_action_that_cannot_run_says_why(runner: CommandRunner, command: list[str], directory: str, says: str) -> None:
    with pytest.raises(ActionError, match=says):
        runner.run(command, directory, timeout_seconds=0.2)
