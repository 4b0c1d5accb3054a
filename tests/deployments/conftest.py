"""The command line in a folder of its own, with nothing of the developer's environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployments.cli import run
from tasks.record import Record
from tasks.store import DirectoryStore

PEOPLE = """\
people:
  rita: {name: Rita Costa, roles: [deployer], totp_secret: JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP}
  ana: {name: Ana Silva, roles: [deployer, qa], totp_secret: GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ}
"""
CHECKLIST = """\
checklist: kettle
title: Kettle
environments:
  production: {}
roles: {deployer: Deploys, qa: Tests}
parameters:
  cups: {type: integer, default: 2}
phases:
  - phase: bootstrap
    title: Before
    sections:
      - title: Water
        items:
          - item: There is water
            line: 1
            check: file.exists
            with: {path: water}
          - item: Somebody is thirsty
            line: 2
            approve: {by: qa, fields: [{name: notes, title: Notes}]}
rollback:
  decide_by: qa
  reasons: [It is cold]
  triggers:
    - title: When
      items: [{item: Somebody is scalded, line: 9}]
"""


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        """The complaint, a line each."""
        return self.err.strip().splitlines()


Gates = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a checklist and two approvers; whatever a command does to the environment is undone."""
    before = dict(os.environ)
    for name in list(os.environ):
        if name.startswith(("GATES_", "PREFECT_")) and name != "GATES_SANDBOX_PYTHON":
            del os.environ[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / "kettle.yaml").write_text(CHECKLIST)
    (tmp_path / "approvers.yaml").write_text(PEOPLE)
    os.environ |= {
        "GATES_HOME": str(tmp_path / "home"),
        "GATES_CHECKLISTS": str(tmp_path / "checklists"),
        "GATES_APPROVERS": str(tmp_path / "approvers.yaml"),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "COLUMNS": "400",
    }
    yield tmp_path
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture
def gates(home: Path, capsys: pytest.CaptureFixture[str]) -> Gates:  # noqa: ARG001
    """The command, as it is called: words in, exit status and both outputs out."""

    def call(*words: str) -> Said:
        capsys.readouterr()
        status = run(list(words))
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return call


@pytest.fixture
def recorded(home: Path) -> Callable[..., Record]:
    """A record with a frozen plan of the kettle and the entries given, ``(type, body)`` each."""

    def write(name: str, *entries: tuple[str, Mapping[str, Any]]) -> Record:
        from checklists.request import Request
        from flows.freezing import freeze

        plan = freeze("kettle", Request("production", "1.0.0", "rita"))
        record = Record(DirectoryStore(home / "home" / "records"), name)
        record.append("planned", {"plan": plan.model_dump(mode="json"), "flow_run": "3f0f6c9e-8d1c-4a51-9a52-3b1f6f1c2d3e"})
        for type_, body in entries:
            record.append(type_, body)
        return record

    return write
