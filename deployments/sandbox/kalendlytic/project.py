"""The kalendlytic project as checked out: its scripts and its configuration files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from deployments.sandbox import checkout
from deployments.sandbox.world import World, WorldError

NAME = "kalendlytic"
SUFFIXES = ("dev", "staging", "prod")
FUNCTIONS = ("health", "events", "files", "invitations")
_CONFIG = Path("config") / "environments"


def tables(suffix: str) -> tuple[str, str]:
    """The tables of an environment."""
    return (f"kalendlytic-events-{suffix}", f"kalendlytic-preferences-{suffix}")


def config_path(world: World, suffix: str) -> Path:
    """Where one environment's configuration file is."""
    return world.project(NAME) / _CONFIG / f"{suffix}.json"


def pristine_config(suffix: str) -> dict[str, Any]:
    """The configuration file as the project brings it."""
    found: dict[str, Any] = json.loads((checkout.SYSTEMS / NAME / _CONFIG / f"{suffix}.json").read_text())
    return found


def change_config(world: World, suffix: str, **fields: Any) -> None:
    """Set fields of one environment's configuration file; the others stay as they are."""
    path = config_path(world, suffix)
    path.write_text(json.dumps({**json.loads(path.read_text()), **fields}, indent=2) + "\n")


def script(world: World, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the team's scripts in the checkout, in the environment of a release."""
    return subprocess.run(
        [f"./scripts/{name}.sh", *arguments],
        cwd=world.project(NAME),
        env={**os.environ, **world.environ()},
        capture_output=True,
        text=True,
        check=False,
    )


def deploy(world: World, suffix: str, version: str) -> None:
    """Deploy a version with the team's script. WorldError when it fails."""
    run = script(world, "deploy", "-e", suffix, "--version", version)
    if run.returncode != 0:
        said = (run.stderr or run.stdout).strip()
        raise WorldError(f"Version {version} could not be put into {suffix}: {said[-400:]}")
