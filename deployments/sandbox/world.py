"""A small world to release into: emulated AWS behind a gateway, the systems' checkouts, their parts, tools and approvers.

Everything lives in one directory and listens on loopback only, on free ports, so that two worlds can stand side by
side. What a release needs to know of it is in ``World.environ()``; nothing else leads there.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from deployments import processes

from . import account, checkout, parts, systems
from .errors import WorldError as WorldError  # noqa: PLC0414  part of what this module offers
from .gateway_pages import GatewayPages, answers
from .people import PEOPLE, together, write_approvers
from .system import System

ROOT = Path(__file__).parents[2]
EMULATOR = "deployments.sandbox.emulator"
GATEWAY = "deployments.sandbox.gateway"
READY_SECONDS = 30


@dataclass(frozen=True)
class World:
    """A world in ``directory``, whose processes run under ``sandbox_python``.

    With ``deputy`` the registry holds one more approver, of that ID and with every role there is: for those to whom it does
    not matter who signs.
    """

    directory: Path
    sandbox_python: Path
    deputy: str = ""

    @property
    def systems(self) -> Path:
        """The parent folder of the systems' checkouts."""
        return self.directory / "systems"

    @property
    def tools(self) -> Path:
        """The folder of the command-line tools that a release finds first."""
        return self.directory / "bin"

    def project(self, system: str) -> Path:
        """The checkout of one system, which a release works in."""
        return self.systems / system

    def held(self) -> list[System]:
        """The systems that this world is made for; empty before it was ever up."""
        return systems.all_of(self.state().get("systems", []))

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
        return {key: value for key, value in found.items() if key not in self.withheld()}

    def withheld(self) -> set[str]:
        """Names of variables that a damage keeps from releases."""
        return set(self.state().get("withheld", []))

    def own_environ(self) -> dict[str, str]:
        """The way straight to the emulator, past the gateway and its faults: for building and repairing the world."""
        state = self.state()
        return {**state["environ"], "AWS_ENDPOINT_URL": f"http://127.0.0.1:{state['ports']['emulator']}"}

    def client(self, service: str) -> Any:
        """Open a boto3 client that no fault meets and no count counts, to the part that serves it where one does."""
        served = self.state().get("routes", {}).get(service)
        return account.client(service, self.own_environ() | ({"AWS_ENDPOINT_URL": served} if served else {}))

    def status(self) -> dict[str, bool]:
        """Which of the world's processes run; empty when none were started or they were stopped."""
        return {name: processes.alive(pid) for name, pid in self.state().get("pids", {}).items()}

    def is_up(self) -> bool:
        """Whether all of the world's processes run."""
        running = self.status()
        return bool(running) and all(running.values())

    def up(self, names: Iterable[str] = (), deployed: str | None = None) -> None:
        """Bring the world up for these systems; with ``deployed`` put that version of each into every environment.

        Without names, for those it was made for last, or for the first of all. A world that is up and holds them stays.
        """
        wanted = list(names) or self.state().get("systems", []) or [systems.DEFAULT]
        if self.is_up() and set(wanted) <= set(self.state()["systems"]):
            return
        if not self.sandbox_python.is_file():
            raise WorldError(f"The sandbox's Python {self.sandbox_python} does not exist; make it with: make sandbox.")
        systems.all_of(wanted)
        self.down()
        self.directory.mkdir(parents=True, exist_ok=True)
        self.save(systems=wanted)
        try:
            self.start()
        except WorldError:
            self.down()  # what did start would stay behind
            raise
        self.fill()
        if deployed is not None:
            self.seed(deployed)

    def seed(self, version: str) -> None:
        """Put a version of every system into each of its environments, as an earlier release would have."""
        for system in self.held():
            for suffix in system.suffixes:
                system.seed(self, suffix, version)

    def parts(self) -> list[parts.Part]:
        """What the systems need beside emulated AWS."""
        return parts.distinct(tuple(part for system in self.held() for part in system.parts))

    def start(self) -> None:
        """Start emulator, parts and gateway on free ports, and write down where they are. WorldError when one does not."""
        emulator, gateway = processes.free_ports(2)
        temporary = self.directory.resolve() / "tmp"
        temporary.mkdir(exist_ok=True)
        home = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.directory), "TMPDIR": str(temporary)}
        python = str(self.sandbox_python.absolute())
        settings = home | emulator_settings(emulator, gateway, temporary)
        environ = release_environ(self.directory.resolve(), gateway)
        pid = processes.start([python, "-m", EMULATOR], settings, self.directory, self.directory / "emulator.log")
        self.save(
            ports={"emulator": emulator, "gateway": gateway},
            pids={"emulator": pid},
            words={"emulator": EMULATOR},
            environ=dict(environ),
            withheld=[],
        )
        routes = self._start_parts()
        serve = [python, "-m", GATEWAY, "--port", str(gateway), "--upstream", f"http://127.0.0.1:{emulator}", *routes]
        found = home | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        self._remember(
            pids={"gateway": processes.start(serve, found, self.directory, self.directory / "gateway.log")},
            words={"gateway": GATEWAY},
        )
        pages = [f"http://127.0.0.1:{emulator}/_ministack/health", self.gateway.url("health")]
        for name, page in zip(("emulator", "gateway"), pages, strict=True):
            try:
                processes.wait_until(partial(answers, page), self.state()["pids"][name], READY_SECONDS)
            except TimeoutError as error:
                raise WorldError(f"The sandbox did not come up; see the *.log files in {self.directory}.") from error

    def _start_parts(self) -> list[str]:
        """Start each part; the gateway's words for the services that parts serve."""
        routes: dict[str, str] = {}
        for part in self.parts():
            try:
                started = part.start(self)
            except (TimeoutError, OSError) as error:
                raise WorldError(f"{part.name} did not come up ({error}); see the *.log files in {self.directory}.") from error
            self._remember(**parts.as_state(started))
            routes |= started.routes
        self.save(routes=routes)
        return [word for service, url in routes.items() for word in ("--route", f"{service}={url}")]

    def _remember(self, **added: Mapping[str, Any]) -> None:
        """Add to the mappings of world.json."""
        state = self.state()
        self.save(**{name: {**state.get(name, {}), **more} for name, more in added.items()})

    def fill(self) -> None:
        """Lay out checkouts, tools and approvers, and what is there before any release; no damage is left."""
        held = self.held()
        checkout.copy_systems(self.systems, [system.name for system in held])
        self.lay_out_tools()
        people = together([PEOPLE, *(system.people for system in held)])
        every_role = tuple(dict.fromkeys(role for _, roles in people.values() for role in roles))
        deputy = {self.deputy: (self.deputy.capitalize(), every_role)} if self.deputy else {}
        write_approvers(self.directory / "approvers.yaml", people | deputy)
        self.save(withheld=[], damages=[])
        for system in held:
            system.fill(self)

    def lay_out_tools(self) -> None:
        """Write the command-line tools afresh, those of the parts too."""
        shutil.rmtree(self.tools, ignore_errors=True)
        checkout.write_tools(self.tools, self.sandbox_python.absolute())
        for part in self.parts():
            part.lay_out(self)

    def reset(self) -> None:
        """Empty the account and lay everything out afresh; the processes and the approvers stay."""
        if not self.is_up():
            raise WorldError(f"The world in {self.directory} is not up; bring it up with: gates sandbox up.")
        emulator = self.state()["ports"]["emulator"]
        httpx.post(f"http://127.0.0.1:{emulator}/_ministack/reset", timeout=30).raise_for_status()
        self.gateway.set_faults([])
        for part in self.parts():
            part.reset(self)
        self.fill()
        self.gateway.forget_calls()

    def down(self) -> None:
        """Stop the world's processes; its files stay, but for what the emulator left in ``tmp``."""
        state = self.state()
        for name, pid in reversed(state.get("pids", {}).items()):
            processes.stop(pid, state["words"][name])
        shutil.rmtree(self.directory / "tmp", ignore_errors=True)
        if state:
            self.save(pids={}, words={})


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
        "PYTHONPATH": str(ROOT),
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
