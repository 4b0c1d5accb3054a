"""A small world to release into: emulated AWS behind a gateway, the systems' checkouts, tools and approvers.

Everything lives in one directory and listens on loopback only, on free ports, so that two worlds can stand side by
side. What a release needs to know of it is in ``World.environ()``; nothing else leads there.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from . import account, checkout, processes
from .people import write_approvers

ROOT = Path(__file__).parents[2]
EMULATOR = Path(__file__).parent / "emulator.py"
GATEWAY = "deployments.sandbox.gateway"
READY_SECONDS = 30


class WorldError(Exception):
    """The world could not be brought into the wanted state; the message says where to look."""


@dataclass(frozen=True)
class World:
    """A world in ``directory``, whose processes run under ``sandbox_python``."""

    directory: Path
    sandbox_python: Path

    @property
    def systems(self) -> Path:
        return self.directory / "systems"

    @property
    def tools(self) -> Path:
        return self.directory / "bin"

    @property
    def checkout(self) -> Path:
        """The session-management project that a release works in."""
        return self.systems / checkout.SESSION_MANAGEMENT

    def state(self) -> dict[str, Any]:
        """Read world.json; empty when there is none."""
        try:
            found: dict[str, Any] = json.loads((self.directory / "world.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def save(self, state: Mapping[str, Any]) -> None:
        fresh = self.directory / "world.json.new"
        fresh.write_text(json.dumps(state, indent=2) + "\n")
        fresh.replace(self.directory / "world.json")

    def environ(self) -> dict[str, str]:
        """What to add to the environment of a release process. WorldError when the world is not up."""
        state = self.state()
        if not state:
            raise WorldError(f"There is no world in {self.directory}; bring one up with: gates sandbox up.")
        found = {**state["environ"], "PATH": f"{self.tools}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        return {key: value for key, value in found.items() if key not in state["withheld"]}

    def own_environ(self) -> dict[str, str]:
        """The way straight to the emulator, past the gateway and its faults: for building and repairing the world."""
        state = self.state()
        return {**state["environ"], "AWS_ENDPOINT_URL": f"http://127.0.0.1:{state['ports']['emulator']}"}

    def client(self, service: str) -> Any:
        """Open a boto3 client that no fault meets and no count counts."""
        return account.client(service, self.own_environ())

    def gateway_url(self, page: str) -> str:
        return f"http://127.0.0.1:{self.state()['ports']['gateway']}/__gateway/{page}"

    def status(self) -> dict[str, bool]:
        """Which of the world's processes run; empty when there is no world."""
        state = self.state()
        return {name: processes.alive(pid) for name, pid in state.get("pids", {}).items()}

    def up(self, deployed: str | None = None) -> None:
        """Bring the world up unless it is, and with ``deployed`` put that version into every environment."""
        running = self.status()
        if running and all(running.values()):
            return
        if running:
            self.down()
        self.check_python()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.start()
        self.fill()
        if deployed is not None:
            for suffix in account.SUFFIXES:
                self.seed_previous(suffix, deployed)

    def check_python(self) -> None:
        if not self.sandbox_python.is_file():
            raise WorldError(f"The sandbox's Python {self.sandbox_python} does not exist; make it with: make sandbox.")

    def start(self) -> None:
        emulator, gateway = processes.free_ports(2)
        temporary = self.directory / "tmp"
        temporary.mkdir(exist_ok=True)
        home = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.directory), "TMPDIR": str(temporary)}
        python = str(self.sandbox_python)
        upstream = f"http://127.0.0.1:{emulator}"
        pids = {
            "emulator": processes.start(
                [python, str(EMULATOR)],
                home | emulator_settings(emulator, gateway, temporary),
                self.directory,
                self.directory / "emulator.log",
            ),
            "gateway": processes.start(
                [python, "-m", GATEWAY, "--port", str(gateway), "--upstream", upstream],
                home | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                self.directory,
                self.directory / "gateway.log",
            ),
        }
        self.save(
            {
                "ports": {"emulator": emulator, "gateway": gateway},
                "pids": pids,
                "environ": release_environ(self.directory.resolve(), gateway),
                "withheld": [],
            }
        )
        self.wait_until_ready()

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when emulator and gateway answer; WorldError when they do not within ``seconds``."""
        ports = self.state()["ports"]
        pages = [f"http://127.0.0.1:{ports['emulator']}/_ministack/health", self.gateway_url("health")]
        until = time.monotonic() + seconds
        while not all(answers(page) for page in pages):
            if time.monotonic() > until or not all(self.status().values()):
                raise WorldError(f"The sandbox did not come up; see the *.log files in {self.directory}.")
            time.sleep(0.05)

    def fill(self) -> None:
        """Lay out checkouts, tools and approvers, and what the account holds before any release."""
        checkout.copy_systems(self.systems)
        shutil.rmtree(self.tools, ignore_errors=True)
        checkout.write_tools(self.tools, self.sandbox_python.absolute())
        write_approvers(self.directory / "approvers.yaml")
        for suffix, identity in account.populate(self.own_environ()).items():
            checkout.change_config(self.systems, suffix, cognitoUserPoolId=identity.user_pool, cognitoClientId=identity.client)

    def reset(self) -> None:
        """Empty the account and lay everything out afresh; the processes and the approvers stay."""
        if not all((self.status() or {"": False}).values()):
            raise WorldError(f"The world in {self.directory} is not up; bring it up with: gates sandbox up.")
        state = self.state()
        httpx.post(f"http://127.0.0.1:{state['ports']['emulator']}/_ministack/reset", timeout=30).raise_for_status()
        self.set_faults([])
        httpx.delete(self.gateway_url("calls")).raise_for_status()
        self.save({**state, "withheld": []})
        self.fill()

    def down(self) -> None:
        """Stop the world's processes; its files stay."""
        words = {"emulator": EMULATOR.name, "gateway": GATEWAY}
        state = self.state()
        for name, pid in state.get("pids", {}).items():
            processes.stop(pid, words[name])
        if state:
            self.save({**state, "pids": {}})

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run make in the session-management checkout, in the environment of a release."""
        words = [f"{name}={value}" for name, value in variables.items()]
        return subprocess.run(
            ["make", *arguments, *words],
            cwd=self.checkout,
            env={**os.environ, **self.environ()},
            capture_output=True,
            text=True,
            check=False,
        )

    def seed_previous(self, suffix: str, version: str) -> None:
        """Deploy a version of session-management, as an earlier release would have."""
        run = self.make("deploy", ENV=suffix, VERSION=version)
        if run.returncode != 0:
            raise WorldError(f"Version {version} could not be put into {suffix}: {(run.stderr or run.stdout).strip()[-400:]}")

    def faults(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx.get(self.gateway_url("faults")).raise_for_status().json()
        return found

    def set_faults(self, faults: list[dict[str, Any]]) -> None:
        """Replace the gateway's faults; see faults.py for their form."""
        httpx.put(self.gateway_url("faults"), json=faults).raise_for_status()

    def calls(self) -> dict[str, int]:
        """Count the calls that went through the gateway since the last reset, by service.Operation."""
        found: dict[str, int] = httpx.get(self.gateway_url("calls")).raise_for_status().json()
        return found


def answers(page: str) -> bool:
    try:
        return httpx.get(page, timeout=2).is_success
    except httpx.TransportError:
        return False


def emulator_settings(port: int, gateway: int, temporary: Path) -> dict[str, str]:
    """ministack's settings: loopback only, nothing beyond HTTP, and files only below ``temporary``."""
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_ACCOUNT_ID": account.ACCOUNT,
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "CLOUDTRAIL_RECORDING": "1",
        "DOCKER_HOST": "unix:///nonexistent.sock",
        "S3_DATA_DIR": str(temporary / "s3"),
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "GATES_SANDBOX_PUBLIC": f"127.0.0.1:{gateway}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def release_environ(directory: Path, gateway: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{gateway}",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": account.REGION,
        "AWS_DEFAULT_REGION": account.REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "GATES_WORKSPACES": str(directory / "systems"),
        "GATES_APPROVERS": str(directory / "approvers.yaml"),
    }
