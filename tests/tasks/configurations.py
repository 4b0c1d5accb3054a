"""Terraform configurations in a folder of their own, for the program of this machine or, where there is none, of the wheel."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from deployments.sandbox.terraform.install import install
from deployments.sandbox.world import ROOT
from tests.tasks.world import Place, write

FOLDER = "infra"


def sandbox_python() -> Path:
    return Path(os.environ.get("GATES_SANDBOX_PYTHON", ROOT / ".venv-sandbox" / "bin" / "python"))


@cache
def program_folder() -> Path:
    """The folder to find terraform in."""
    found = shutil.which("terraform")
    if found is not None:
        return Path(found).parent
    folder = Path(tempfile.mkdtemp(prefix="terraform"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    install(folder, folder / "bin", sandbox_python())
    return folder / "bin"


def terraform(folder: Path, *words: str) -> str:
    """Run terraform by hand, as somebody beside the release would."""
    environ = os.environ | {"PATH": f"{program_folder()}{os.pathsep}{os.environ['PATH']}", "CHECKPOINT_DISABLE": "1"}
    done = subprocess.run(
        ["terraform", *words, "-no-color"], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def configuration(
    files: Mapping[str, str],
    *,
    applied: Mapping[str, str] | None = None,
    program: str = "",
    environ: Mapping[str, str] | None = None,
) -> Iterator[Place]:
    """A workspace whose folder ``infra`` has the files, after ``applied`` was applied there.

    ``program`` is a shell script that stands in for terraform, for answers that the real one gives only in bad times.
    """
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        root = Path(temporary)
        folder = root / "workspaces" / FOLDER
        patch.delenv("TF_CLI_CONFIG_FILE", raising=False)
        if applied is not None:
            write(folder, applied)
            terraform(folder, "apply", "-auto-approve")
            for name in applied:
                (folder / name).unlink()
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, files)
        tools = program_folder()
        if program:
            write(root / "bin", {"terraform": f"#!/bin/sh\n{program}\n"})
            tools = root / "bin"
        patch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
        for name, value in (environ or {}).items():
            patch.setenv(name, value)
        (root / "records").mkdir()
        yield Place({}, {"workspaces": root / "workspaces", "records": root / "records"})
