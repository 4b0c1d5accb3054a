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
from .gateway_pages import GatewayPages, answers
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
        """The parent folder of the systems' checkouts."""
        return self.directory / "systems"

    @property
    def tools(self) -> Path:
        """The folder of the command-line tools that a release finds first."""
        return self.directory / "bin"

    @property
    def checkout(self) -> Path:
        """The session-management project that a release works in."""
        return self.systems / checkout.SESSION_MANAGEMENT

    @property
    def gateway(self) -> GatewayPages:
        """The gateway's faults and counts."""
        return GatewayPages(self.state()["ports"]["gateway"])

    def state(self) -> dict[str, Any]:
        """Read world.json; empty when there is none."""
        try:
            found: dict[str, Any] = json.loads((self.directory / "world.json").read_text())
        except FileNotFoundError:
            return {}
        return found

    def save(self, **changed: Any) -> None:
        """Set fields of world.json; the others stay."""
        fresh = self.directory / "world.json.new"
        fresh.write_text(json.dumps({**self.state(), **changed}, indent=2) + "\n")
        fresh.replace(self.directory / "world.json")

    def environ(self) -> dict[str, str]:
        """What to add to the environment of a release process. WorldError when there is no world."""
        state = self.state()
        if not state:
            raise WorldError(f"There is no world in {self.directory}; bring one up with: gates sandbox up.")
        found = {**state["environ"], "PATH": f"{self.tools.resolve()}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        return {key: value for key, value in found.items() if key not in state["withheld"]}

    def own_environ(self) -> dict[str, str]:
        """The way straight to the emulator, past the gateway and its faults: for building and repairing the world."""
        state = self.state()
        return {**state["environ"], "AWS_ENDPOINT_URL": f"http://127.0.0.1:{state['ports']['emulator']}"}

    def client(self, service: str) -> Any:
        """Open a boto3 client that no fault meets and no count counts."""
        return account.client(service, self.own_environ())

    def status(self) -> dict[str, bool]:
        """Which of the world's processes run; empty when none were started or they were stopped."""
        return {name: processes.alive(pid) for name, pid in self.state().get("pids", {}).items()}

    def is_up(self) -> bool:
        """Whether all of the world's processes run."""
        running = self.status()
        return bool(running) and all(running.values())

    def up(self, deployed: str | None = None) -> None:
        """Bring the world up unless it is, and with ``deployed`` put that version into every environment."""
        if self.is_up():
            return
        if not self.sandbox_python.is_file():
            raise WorldError(f"The sandbox's Python {self.sandbox_python} does not exist; make it with: make sandbox.")
        self.down()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.start()
        self.wait_until_ready()
        self.fill()
        if deployed is not None:
            for suffix in account.SUFFIXES:
                self.seed_previous(suffix, deployed)

    def start(self) -> None:
        """Start emulator and gateway on free ports, and write down where they are."""
        emulator, gateway = processes.free_ports(2)
        temporary = self.directory.resolve() / "tmp"
        temporary.mkdir(exist_ok=True)
        home = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.directory), "TMPDIR": str(temporary)}
        python = str(self.sandbox_python.absolute())
        serve = [python, "-m", GATEWAY, "--port", str(gateway), "--upstream", f"http://127.0.0.1:{emulator}"]
        settings = home | emulator_settings(emulator, gateway, temporary)
        pids = {
            "emulator": processes.start([python, str(EMULATOR)], settings, self.directory, self.directory / "emulator.log"),
            "gateway": processes.start(
                serve,
                home | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                self.directory,
                self.directory / "gateway.log",
            ),
        }
        environ = release_environ(self.directory.resolve(), gateway)
        self.save(ports={"emulator": emulator, "gateway": gateway}, pids=pids, environ=environ)

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        """Return when emulator and gateway answer; WorldError when they do not within ``seconds``."""
        pages = [f"http://127.0.0.1:{self.state()['ports']['emulator']}/_ministack/health", self.gateway.url("health")]
        until = time.monotonic() + seconds
        while not all(answers(page) for page in pages):
            if time.monotonic() > until or not self.is_up():
                raise WorldError(f"The sandbox did not come up; see the *.log files in {self.directory}.")
            time.sleep(0.05)

    def fill(self) -> None:
        """Lay out checkouts, tools and approvers, and what the account holds before any release; no damage is left."""
        checkout.copy_systems(self.systems)
        shutil.rmtree(self.tools, ignore_errors=True)
        checkout.write_tools(self.tools, self.sandbox_python.absolute())
        write_approvers(self.directory / "approvers.yaml")
        self.save(withheld=[], damages=[])
        account.bootstrap(self.client("cloudformation"))
        cognito = self.client("cognito-idp")
        for suffix in account.SUFFIXES:
            self.configure_identity(suffix, account.create_identity(cognito, suffix))

    def configure_identity(self, suffix: str, identity: account.Identity) -> None:
        """Write the ids of an environment's user pool and app client into its configuration file."""
        fields = {"cognitoUserPoolId": identity.user_pool, "cognitoClientId": identity.client}
        checkout.change_config(self.systems, suffix, **fields)
        self.save(identities={**self.state().get("identities", {}), suffix: fields})

    def reset(self) -> None:
        """Empty the account and lay everything out afresh; the processes and the approvers stay."""
        if not self.is_up():
            raise WorldError(f"The world in {self.directory} is not up; bring it up with: gates sandbox up.")
        emulator = self.state()["ports"]["emulator"]
        httpx.post(f"http://127.0.0.1:{emulator}/_ministack/reset", timeout=30).raise_for_status()
        self.gateway.set_faults([])
        self.gateway.forget_calls()
        self.fill()

    def down(self) -> None:
        """Stop the world's processes; its files stay, but for what the emulator left in ``tmp``."""
        words = {"emulator": EMULATOR.name, "gateway": GATEWAY}
        for name, pid in self.state().get("pids", {}).items():
            processes.stop(pid, words[name])
        shutil.rmtree(self.directory / "tmp", ignore_errors=True)
        if self.state():
            self.save(pids={})

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run make in the session-management checkout, in the environment of a release."""
        words = [f"{name}={value}" for name, value in variables.items()]
        environ = {**os.environ, **self.environ()}
        return subprocess.run(
            ["make", *arguments, *words], cwd=self.checkout, env=environ, capture_output=True, text=True, check=False
        )

    def seed_previous(self, suffix: str, version: str) -> None:
        """Deploy a version of session-management, as an earlier release would have. WorldError when it fails."""
        run = self.make("deploy", ENV=suffix, VERSION=version)
        if run.returncode != 0:
            said = (run.stderr or run.stdout).strip()
            raise WorldError(f"Version {version} could not be put into {suffix}: {said[-400:]}")


def emulator_settings(port: int, gateway: int, temporary: Path) -> dict[str, str]:
    """Settings of ministack: loopback only, nothing beyond HTTP, and files only below ``temporary``."""
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
        "STATE_DIR": str(temporary / "state"),  # holds the key that signs Cognito's tokens
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "GATES_SANDBOX_PUBLIC": f"127.0.0.1:{gateway}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def release_environ(directory: Path, gateway: int) -> Mapping[str, str]:
    """The part of a release's environment that world.json keeps."""
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{gateway}",
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": account.REGION,
        "AWS_DEFAULT_REGION": account.REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "GATES_WORKSPACES": str(directory / "systems"),
        "GATES_APPROVERS": str(directory / "approvers.yaml"),
        "GATES_SLACK_WEBHOOK": f"http://127.0.0.1:{gateway}/__gateway/notices",
    }
