"""A server and a worker come up with one command and go with Ctrl-C; what they know is what prefect.yaml says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployments import processes
from deployments.home import Home
from deployments.sandbox.world import ROOT

pytestmark = pytest.mark.server

PATIENCE = 120
PASSING = {"id", "created", "updated", "last_polled", "status", "version_id", "version_info", "flow_id", "deployment_id"}
PASSING |= {"work_queue_id", "created_by", "updated_by", "labels", "owner_resource"}


@dataclass(frozen=True)
class Running:
    """``gates up`` in the foreground."""

    home: Home
    process: subprocess.Popen[str]
    environ: dict[str, str]

    def gates(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.called(sys.executable, "-m", "deployments.cli", *words)

    def called(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, env=self.environ, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)

    def known(self) -> dict[str, Any]:
        """Deployments and automations as the server has them, without what differs from one registration to the next."""
        api = self.home.running()["api"]
        flows = {each["id"]: each["name"] for each in httpx.post(f"{api}/flows/filter", json={}).json()}
        deployments = httpx.post(f"{api}/deployments/filter", json={}, timeout=30).json()
        automations = httpx.post(f"{api}/automations/filter", json={}).json()
        named = {f"{flows[each['flow_id']]}/{each['name']}": _lasting(each) for each in deployments}
        return {"deployments": named, "automations": {each["name"]: _lasting(each) for each in automations}}


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        # An update without pull steps leaves None where the creation left an empty list.
        return {name: _lasting(each) or None for name, each in value.items() if name not in PASSING}
    return [_lasting(each) for each in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("up") / "home")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GATES_", "PREFECT_"))}
    environ = kept | {"GATES_HOME": str(home.folder), "PYTHONPATH": str(ROOT), "COLUMNS": "400"}
    environ["PREFECT_HOME"] = str(home.folder / "prefect")
    with (home.folder.parent / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "deployments.cli", "up"], env=environ, cwd=ROOT, stdout=said, stderr=said, text=True
        )
    try:
        _wait_for_the_address(home.folder.parent / "said", process)
        yield Running(home, process, environ)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


def _wait_for_the_address(said: Path, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + PATIENCE
    while "Stop it with Ctrl-C." not in said.read_text():
        assert process.poll() is None, said.read_text()
        assert time.monotonic() < until, said.read_text()
        time.sleep(0.2)


def test_every_deployment_of_the_file_is_registered(running: Running) -> None:
    known = running.known()

    tiers = ("production", "staging", "development")
    by_tier = [f"{flow}/{tier}" for flow in ("release", "rollback", "post-deployment", "follow-up", "wake") for tier in tiers]
    by_phase = [f"{flow}/checks" for flow in ("bootstrap", "secrets", "deploy", "validate", "monitor")]
    assert sorted(known["deployments"]) == sorted(by_tier + by_phase)
    assert sorted(known["automations"]) == sorted(f"Roll back a cancelled release ({tier})" for tier in tiers)


def test_nothing_registered_limits_concurrency_or_names_a_machine(running: Running) -> None:
    for name, deployment in running.known()["deployments"].items():
        assert deployment["concurrency_limit"] is None, name
        assert deployment["enforce_parameter_schema"] is True, name
        assert (deployment["path"], deployment["pull_steps"]) == (None, None), name
        assert deployment["job_variables"] == {"env": {"PREFECT_LOGGING_EXTRA_LOGGERS": "gates"}}, name


def test_registering_again_changes_nothing(running: Running) -> None:
    before = running.known()
    said = running.gates("deploy")

    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines()[0].startswith("release/production\tflows.release.release\thttp://127.0.0.1:")
    assert running.known() == before


def test_prefect_deploy_registers_the_same(running: Running) -> None:
    before = running.known()
    running.environ["PREFECT_API_URL"] = running.home.running()["api"]
    command = (sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", "deployments/prefect.yaml")
    said = running.called(*command)

    assert said.returncode == 0, said.stderr
    assert running.known() == before


def test_a_second_up_finds_the_first(running: Running) -> None:
    said = running.gates("up", "--background")

    assert said.returncode == 0
    assert said.stdout.splitlines()[0] == f"Deployment Gates is up: {running.home.running()['ui']}"


def test_the_server_listens_on_loopback_only(running: Running) -> None:
    port = int(running.home.running()["api"].split(":")[2].split("/")[0])
    listening = [line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"]

    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    assert not [
        line for line in Path("/proc/net/tcp6").read_text().splitlines()[1:] if f":{port:04X} " in line.split()[1] + " "
    ]


def test_ctrl_c_stops_everything(running: Running) -> None:
    pids = running.home.running()["pids"]
    places = json.dumps(running.home.running())
    running.process.send_signal(signal.SIGINT)
    running.process.wait(timeout=60)

    assert sorted(pids) == ["server", "worker"]
    assert "webhook" not in places.lower()
    assert [name for name, pid in pids.items() if processes.alive(pid)] == []
    assert not running.home.up_file.exists()
    assert running.gates("down").stdout == "Nothing ran.\n"
