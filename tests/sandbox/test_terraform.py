"""Terraform with the sandbox's provider, and with states and locks in the emulated S3 and DynamoDB."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.terraform.install import install
from deployments.sandbox.world import ROOT, World
from tasks import evaluation
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.connect.terraform import Terraform
from tasks.connect.terraform_plans import Request
from tasks.connect.terraform_program import Locked
from tasks.connect.terraform_progress import processes
from tasks.core.registry import catalogue
from tasks.core.sample import Sample, Trail
from tasks.core.verdicts import Status, Verdict
from tests.tasks.configurations import FOLDER, program_folder
from tests.tasks.world import write

pytestmark = pytest.mark.sandbox

LOCKED_BY = {"a lock file": "use_lockfile = true", "a table": 'dynamodb_table = "locks"'}
MAIN = """
terraform {
  required_providers {
    sandbox = { source = "gates.local/demo/sandbox" }
  }
  backend "s3" {
    bucket         = "states"
    key            = "infra.tfstate"
    use_path_style = true
    LOCKING
  }
}

variable "value" {}

resource "sandbox_parameter" "mode" {
  name    = "NAME"
  value   = var.value
  seconds = SECONDS
}
"""
PROVIDER = ROOT / "deployments" / "sandbox" / "terraform" / "provider.py"
APPLY = catalogue()["terraform.apply_plan"]
ELSEWHERE = """
import json, sys
from pathlib import Path
from tasks import evaluation
from tests.sandbox.test_terraform import APPLY, session_at
told = json.loads(sys.argv[1])
evaluation.perform(APPLY, told["arguments"], session_at(Path(told["root"])))
"""


@dataclass
class Site:
    root: Path
    world: World

    @property
    def session(self) -> Session:
        return session_at(self.root)

    @property
    def name(self) -> str:
        """The parameter's name: one test's slow provider must not create another test's parameter."""
        return f"/demo/{self.root.name}"

    def configure(self, locking: str = "a lock file", seconds: int = 0) -> None:
        text = MAIN.replace("LOCKING", LOCKED_BY[locking]).replace("SECONDS", str(seconds)).replace("NAME", self.name)
        for directory in (FOLDER, "previous"):
            write(self.root / "workspaces" / directory, {"main.tf": text})
        evaluation.perform(catalogue()["terraform.initialise"], {"directory": FOLDER}, self.session)

    def check(self, name: str, **arguments: Any) -> Verdict:
        wanted = {"directory": FOLDER, **arguments}
        return evaluation.judge(catalogue()[f"terraform.{name}"], wanted, self.session, Sample()).verdict

    def begin(self, value: str) -> tuple[dict[str, Any], Mapping[str, Any]]:
        variables = {"variables": {"value": value}}
        digest = self.check("plan_reviewed", **variables).facts["digest"]
        arguments = {"directory": FOLDER, "digest": digest, **variables, "previous_directory": "previous"}
        return arguments, evaluation.before(APPLY, arguments, self.session)

    def parameter(self) -> str | None:
        found = self.world.client("ssm").get_parameters(Names=[self.name])["Parameters"]
        return str(found[0]["Value"]) if found else None

    def kill_terraform(self, arguments: Mapping[str, Any]) -> None:
        """Apply in a process of its own and kill that, and Terraform, once a resource has begun."""
        told = json.dumps({"root": str(self.root), "arguments": arguments})
        log = self.root / "terraform-plans" / "release-7" / f"{arguments['digest']}.log"
        process = subprocess.Popen([sys.executable, "-c", ELSEWHERE, told], cwd=ROOT)
        until = time.monotonic() + 60
        while not (log.exists() and "apply_start" in log.read_text()):
            assert (time.monotonic() < until, process.poll()) == (True, None)
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for each in Path("/proc").iterdir():
            if each.name.isdigit() and f"{arguments['digest']}.tfplan".encode() in (each / "cmdline").read_bytes():
                os.kill(int(each.name), signal.SIGKILL)


def session_at(root: Path) -> Session:
    return Session(Settings(root / "records", root, root / "workspaces", root, ""), release=Release(id="release-7"))


@pytest.fixture(scope="module")
def running_provider(standing_world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A provider that runs already, which spares each command the start of one: TF_REATTACH_PROVIDERS."""
    environ = os.environ | standing_world.environ() | {"PYTHONPATH": str(ROOT)}
    environ |= {"GATES_SANDBOX_PROVIDER_HOME": str(tmp_path_factory.mktemp("provider"))}
    command = [str(standing_world.sandbox_python), "-u", str(PROVIDER), "--dev"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = next(line for line in process.stdout if "TF_REATTACH_PROVIDERS" in line)
        yield told.partition("'")[2].rpartition("'")[0]
        process.terminate()


@pytest.fixture
def site(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    settings = install(tmp_path / "terraform", tmp_path / "bin", world.sandbox_python)
    for name, value in (world.environ() | settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PATH", f"{program_folder()}{os.pathsep}{os.environ['PATH']}")
    world.client("s3").create_bucket(Bucket="states")
    world.client("dynamodb").create_table(
        TableName="locks",
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return Site(tmp_path, world)


@pytest.fixture
def quick_site(site: Site, running_provider: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("TF_REATTACH_PROVIDERS", running_provider)
    return site


def test_a_release_applies_finds_drift_and_goes_back(quick_site: Site) -> None:
    site = quick_site
    site.configure()
    one = {"variables": {"value": "one"}}
    first, _noted = site.begin("one")
    evaluation.perform(APPLY, first, site.session)
    in_order = site.check("no_drift", **one).status
    second, noted = site.begin("two")
    evaluation.perform(APPLY, second, site.session)
    released = site.parameter()
    site.world.client("ssm").put_parameter(Name=site.name, Value="by hand", Type="String", Overwrite=True)
    drifted = site.check("no_drift", variables={"value": "two"})
    undone = evaluation.undo(APPLY, {**second, **one}, site.session, noted)

    assert (in_order, released, drifted.status) == (Status.PASSED, "two", Status.FAILED)
    assert "sandbox_parameter.mode (changed by others)" in drifted.summary
    assert "1 to change (sandbox_parameter.mode)" in undone.summary
    assert site.parameter() == "one"
    assert site.check("backend_remote", settings={"bucket": "states"}).status is Status.PASSED
    assert site.check("backend_locking").status is Status.PASSED


def test_a_backend_that_refuses_is_not_known(quick_site: Site) -> None:
    site = quick_site
    site.configure()
    site.world.gateway.set_faults([{"name": "denied", "service": "s3", "deny": True}])
    try:
        verdict = site.check("state_readable", resources=0)
    finally:
        site.world.gateway.set_faults([])

    assert verdict.status is Status.UNKNOWN
    assert "StatusCode: 403" in verdict.summary


@pytest.mark.parametrize("locking", LOCKED_BY)
def test_the_lock_that_a_killed_apply_left_is_freed_by_the_probe_alone(quick_site: Site, locking: str) -> None:
    site = quick_site
    site.configure(locking, seconds=5)
    arguments, noted = site.begin("one")
    site.kill_terraform(arguments)
    door = Terraform.open(site.session, Trail(Sample()))
    with pytest.raises(Locked, match="OperationTypeApply since"):
        door.plan(FOLDER, request=Request(variables={"value": "one"}, lock_seconds=0))

    settled = evaluation.settle(APPLY, arguments, site.session, noted)

    assert settled == "unknown"
    assert site.check("plan_reviewed", variables={"value": "one"}).status is Status.PASSED


def test_a_lock_that_somebody_else_holds_is_left_alone(quick_site: Site) -> None:
    site = quick_site
    site.configure()
    arguments, noted = site.begin("one")
    theirs = {"ID": "0b1c", "Operation": "OperationTypeApply", "Who": "ana@laptop", "Created": "2026-11-21T10:00:00Z"}
    site.world.client("s3").put_object(Bucket="states", Key="infra.tfstate.tflock", Body=json.dumps(theirs).encode())

    settled = evaluation.settle(APPLY, arguments, site.session, noted)
    kept = site.world.client("s3").get_object(Bucket="states", Key="infra.tfstate.tflock")["Body"].read()

    assert settled == "unknown"
    assert json.loads(kept) == theirs


def test_the_provider_that_a_killed_terraform_left_is_ended(site: Site) -> None:
    site.configure(seconds=20)
    arguments, noted = site.begin("one")
    site.kill_terraform(arguments)
    left = processes("GATES_TERRAFORM_PLAN=", "GATES_RELEASE=release-7\0")

    settled = evaluation.settle(APPLY, arguments, site.session, noted)

    assert (bool(left), settled) == (True, "unknown")
    assert processes("GATES_TERRAFORM_PLAN=", "GATES_RELEASE=release-7\0") == []
    assert site.parameter() is None
