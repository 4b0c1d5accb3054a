"""Whatever is wrong with what a release is given: one sentence says so and what to do, and nothing is half done."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from deployments import runs
from deployments.sandbox.world import ROOT
from deployments.waiting import Waiting
from tasks.core.verdicts import Status, Verdict
from tasks.lock import EnvironmentLock
from tasks.record import names
from tests.end_to_end.spoiling import SLOWLY, account, impatient
from tests.sandbox.deployed import Deployed
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]

CHECKLIST = "session-management"
SHELL = "1.0; rm -rf /"
CLOSED = "http://127.0.0.1:9"  # nothing listens on the discard port


@dataclass(frozen=True)
class Mistake:
    """What a command line is given, and the words that its one sentence holds. ``environ`` sees the test's folder."""

    name: str
    words: Sequence[str]
    says: Sequence[str]
    environ: Callable[[Path], Mapping[str, str]] = lambda _folder: {}


def releasing(checklist: str = CHECKLIST, version: str = "1.1.0", environment: str = "production") -> list[str]:
    return ["release", checklist, "--version", version, "--requested-by", "rita", "--environment", environment]


def malformed(folder: Path) -> Mapping[str, str]:
    """A folder with a checklist that has a phase of no known kind."""
    (folder / "malformed.yaml").write_text(MALFORMED)
    return {"GATES_CHECKLISTS": str(folder)}


MALFORMED = """\
checklist: malformed
title: Malformed
environments:
  production: {}
roles:
  deployer: Deploys
phases:
  - phase: deployment
    title: Deployment
    sections:
      - title: Notes
        items:
          - item: Notes are written
            approve: {by: deployer}
"""
COMMANDS = (
    Mistake("a malformed checklist", releasing("malformed"), ["malformed.yaml:8", "did you mean", "deploy"], malformed),
    Mistake("no such checklist", releasing("sesion-management"), ["sesion-management", "did you mean 'session-management'?"]),
    Mistake("an unknown environment", releasing(environment="prodction"), ["no environment 'prodction'", "did you mean"]),
    Mistake("a version for a shell", releasing(version=SHELL), [f"The version '{SHELL}' is not allowed", "letters, digits"]),
    Mistake(
        "an answer to no question",
        [*releasing(), "--answer", "regoin=eu-west-1"],
        ["regoin", "region"],
    ),
    Mistake(
        "a server that does not answer",
        releasing(),
        [f"No Prefect server answers at {CLOSED}/api", "gates up"],
        lambda _folder: {"PREFECT_API_URL": f"{CLOSED}/api"},
    ),
    Mistake(
        "no registry of approvers",
        releasing(),
        ["there is no registry of approvers; set GATES_APPROVERS"],
        lambda folder: {"GATES_APPROVERS": str(folder / "approvers.yaml")},
    ),
    Mistake("a release that is not there", ["rollback", "no-such-one", "--reason", "-"], ["no record", "gates record list"]),
    Mistake("nothing that waits", ["sign", "nothing-of-ours", "--as", "ana", "-d", "approve"], ["does not wait for anybody"]),
)


@pytest.mark.parametrize("mistake", COMMANDS, ids=lambda mistake: mistake.name)
def test_a_command_says_in_one_sentence_what_is_wrong_and_starts_nothing(
    stack: Stack, tmp_path: Path, mistake: Mistake
) -> None:
    before = names(stack.store)
    told = subprocess.run(
        [sys.executable, "-m", "deployments.cli", *mistake.words],
        env={**os.environ, **mistake.environ(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SLOWLY,
        check=False,
    )

    assert told.returncode == 2, told.stdout + told.stderr
    assert told.stdout == ""
    assert len(told.stderr.strip().splitlines()) == 1, told.stderr
    for words in mistake.says:
        assert words in told.stderr
    assert names(stack.store) == before


@dataclass(frozen=True)
class Refused:
    """What a run of the release flow is given, past every form, and the words of its state's message."""

    name: str
    says: Sequence[str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    environ: Callable[[Path], Mapping[str, str]] = lambda _folder: {}


def unusable(folder: Path) -> Mapping[str, str]:
    """A record folder that nobody can make, whoever runs this: its parent is a file."""
    (folder / "file").write_text("")
    return {"GATES_RECORDS": str(folder / "file" / "records")}


RUNS = (
    Refused("a malformed checklist", ["malformed.yaml:8"], {"checklist": "malformed"}, malformed),
    Refused("an unknown environment", ["no environment 'moon'"], {"environment": "moon"}),
    Refused(
        "another environment than the deployment's",
        ["release/production releases to production; start release/staging to release to staging."],
        {"environment": "staging"},
    ),
    Refused("a version for a shell", [f"The version '{SHELL}' is not allowed"], {"version": SHELL}),
    Refused("a requester with no name", ["Who requests the release must be named"], {"requested_by": " "}),
    Refused(
        "no registry of approvers",
        ["there is no registry of approvers; set GATES_APPROVERS"],
        {},
        lambda folder: {"GATES_APPROVERS": str(folder / "approvers.yaml")},
    ),
    Refused("a record folder that cannot be used", ["The record folder", "mend it or set GATES_RECORDS"], {}, unusable),
)


def start(stack: Stack, parameters: Mapping[str, str], environ: Mapping[str, str]) -> str:
    """Start a release as somebody could who has switched the form's validation off; its run."""
    given = {"checklist": CHECKLIST, "version": "1.1.0", "requested_by": "rita", "environment": "production", **parameters}
    deployment = httpx.get(f"{stack.api}/deployments/name/release/production", timeout=30).json()["id"]
    asked = {
        "parameters": given,
        "job_variables": {"env": dict(environ)},
        "enforce_parameter_schema": False,
        "state": {"type": "SCHEDULED"},
    }
    for _ in range(5):
        created = httpx.post(f"{stack.api}/deployments/{deployment}/create_flow_run", json=asked, timeout=30)
        if created.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # SQLite refuses a write now and then
            break
        time.sleep(0.5)
    return str(created.raise_for_status().json()["id"])


@pytest.fixture(scope="module")
def refused(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All of them started at once, and how each ended."""
    stack.reset()
    begun = {each.name: start(stack, each.parameters, each.environ(tmp_path_factory.mktemp("bad"))) for each in RUNS}
    return {name: runs.wait_for(run, ["Refused"], SLOWLY) for name, run in begun.items()}


@pytest.mark.parametrize("each", RUNS, ids=lambda each: each.name)
def test_a_run_is_refused_with_the_sentence_before_anything_is_done(
    stack: Stack, refused: dict[str, Any], each: Refused
) -> None:
    found = refused[each.name]

    assert found.name == "Refused", found.message
    for words in each.says:
        assert words in str(found.message)
    assert "\n" not in str(found.message).strip()
    assert EnvironmentLock(stack.store, CHECKLIST, "production").holder() is None


def test_the_form_itself_refuses_a_checklist_that_is_not_there(stack: Stack) -> None:
    with pytest.raises(runs.RunError, match="Validation failed for field 'checklist'"):
        stack.release(checklist="sesion-management")


WITHOUT = {
    "AWS that answers": ({"AWS_ENDPOINT_URL": CLOSED}, "was not reached"),
    "credentials": ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "credentials"),
}


def test_without_aws_or_credentials_the_first_gate_stays_closed_and_an_abort_leaves_everything_as_it_was(stack: Stack) -> None:
    stack.reset()
    deployed = Deployed(stack.world, "prod")
    before = account(deployed)
    nothing = {"AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_CONFIG_FILE": "/nonexistent"}
    with impatient(stack):
        begun = {name: start(stack, {}, environ | nothing) for name, (environ, _says) in WITHOUT.items()}
        holds = {name: stack.hold(run, SLOWLY) for name, run in begun.items()}
    seen = {name: _identity(hold) for name, hold in holds.items()}
    for run, person in zip(begun.values(), ("carla", "dev"), strict=True):
        stack.sign(run, person, "abort", seconds=SLOWLY)
        stack.wait_for(run, ["Aborted"], SLOWLY)

    assert {name: verdict.status for name, verdict in seen.items()} == dict.fromkeys(WITHOUT, Status.UNKNOWN)
    assert [name for name, (_environ, says) in WITHOUT.items() if says not in seen[name].summary] == []
    assert account(deployed) == before


def _identity(hold: Waiting) -> Verdict:
    found = hold.journey.standings()
    verdict = next(found[item.id].verdict for item in hold.hold.items if item.title == "AWS CLI installed and configured")

    assert verdict is not None
    return verdict
