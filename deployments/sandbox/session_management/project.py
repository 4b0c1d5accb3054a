"""The session-management project as checked out: its make targets and its configuration files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from deployments.sandbox import checkout
from deployments.sandbox.world import World, WorldError

NAME = "session-management"
SUFFIXES = ("dev", "staging", "prod")
_CONFIG = Path("infrastructure") / "config"


def config_path(world: World, suffix: str) -> Path:
    """Where one environment's configuration file is."""
    return world.project(NAME) / _CONFIG / f"{suffix}.json"


def read_config(world: World, suffix: str) -> dict[str, Any]:
    """Read one environment's configuration file."""
    found: dict[str, Any] = json.loads(config_path(world, suffix).read_text())
    return found


def pristine_config(suffix: str) -> dict[str, Any]:
    """The configuration file as the project brings it."""
    found: dict[str, Any] = json.loads((checkout.SYSTEMS / NAME / _CONFIG / f"{suffix}.json").read_text())
    return found


def change_config(world: World, suffix: str, **fields: Any) -> None:
    """Set fields of one environment's configuration file; the others stay as they are."""
    changed = {**read_config(world, suffix), **fields}
    config_path(world, suffix).write_text(json.dumps(changed, indent=2) + "\n")


def make(world: World, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run make in the checkout, in the environment of a release."""
    words = [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(
        ["make", *arguments, *words],
        cwd=world.project(NAME),
        env={**os.environ, **world.environ()},
        capture_output=True,
        text=True,
        check=False,
    )


def seed(world: World, suffix: str, version: str) -> None:
    """Deploy a version, as an earlier release would have. WorldError when it fails."""
    run = make(world, "deploy", ENV=suffix, VERSION=version)
    if run.returncode != 0:
        said = (run.stderr or run.stdout).strip()
        raise WorldError(f"Version {version} could not be put into {suffix}: {said[-400:]}")
