"""The step-functions project as checked out: Terraform in workspaces, the version before in a second checkout, its scripts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.world import World, WorldError

NAME = "step-functions"
SUFFIXES = ("staging", "prod")
FUNCTIONS = ("intake", "jira", "callback")
ALARMS = ("executions-failed", "function-errors", "server-errors", "throttles", "duration")
STATES = f"workflow-terraform-state-{account.ACCOUNT}"
LOCKS = "workflow-terraform-locks"
PREVIOUS = "previous"
_PARTS = ("terraform", "src")


def functions(suffix: str) -> list[str]:
    """The functions of an environment."""
    return [f"workflow-{suffix}-{name}" for name in FUNCTIONS]


def hand_over(world: World, networks: Mapping[str, Any]) -> None:
    """Write what the platform team built, for Terraform to use."""
    path = world.project(NAME) / "terraform" / "account.auto.tfvars.json"
    path.write_text(json.dumps({"networks": networks}, indent=2) + "\n")


def terraform(world: World, directory: Path, *words: str, suffix: str = "") -> str:
    """Run Terraform in a folder, in the environment of a release; what it said. WorldError when it fails.

    With ``suffix`` in that workspace and with data of its own, so that two environments do not wait for each other.
    """
    environ = {**os.environ, **world.environ(), "TF_IN_AUTOMATION": "1"}
    if suffix:
        environ |= {"TF_DATA_DIR": f".terraform-{suffix}"}
    run = subprocess.run(["terraform", *words], cwd=directory, env=environ, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise WorldError(f"terraform {words[0]} in {directory.name} failed: {(run.stderr or run.stdout).strip()[-600:]}")
    return run.stdout


def check_out_previous(world: World, version: str) -> Path:
    """A second checkout, of the version before: the same code, under its own version; its folder."""
    project = world.project(NAME)
    previous = project / PREVIOUS
    shutil.rmtree(previous, ignore_errors=True)
    for part in _PARTS:
        shutil.copytree(project / part, previous / part, ignore=shutil.ignore_patterns(".terraform*"))
    (previous / "VERSION").write_text(f"{version}\n")
    return previous


def deploy(world: World, directory: Path, suffix: str) -> None:
    """Build an environment from a checkout, as the team's pipeline does."""
    folder = directory / "terraform"
    terraform(world, folder, "init", "-input=false", "-reconfigure", suffix=suffix)
    terraform(world, folder, "workspace", "select", "-or-create", suffix, suffix=suffix)
    options = ("-input=false", "-auto-approve", f"-var-file={suffix}.tfvars")
    terraform(world, folder, "apply", *options, suffix=suffix)
    shutil.rmtree(folder / f".terraform-{suffix}")
