"""The whole of it for tests: the sandbox's world, a Prefect server and a worker, started once and shared by a session.

Import the fixture in a ``conftest.py``::

    from tests.stack import stack  # noqa: F401
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from prefect.context import refresh_global_settings_context

from deployments import up
from deployments.home import Home
from deployments.sandbox.world import ROOT, World
from tasks.approvals import Person, Registry
from tasks.record import Entry, Record
from tasks.store import DirectoryStore

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from deployments.waiting import Waiting


PATIENCE = 420.0
"""Seconds that a test waits for anything: a busy machine is no failure, and only a failing test waits that long."""


@dataclass(frozen=True)
class Stack:
    """``api`` and ``ui`` are the server's addresses. Runs are named by their Prefect ID, releases by their record's name."""

    directory: Path
    world: World
    home: Home
    api: str
    ui: str

    @property
    def store(self) -> DirectoryStore:
        """Where the records, locks and used codes are."""
        return DirectoryStore(self.home.folder / "records")

    def start(self, deployment: str, **parameters: Any) -> str:
        """Start a run of ``flow/deployment``; its ID."""
        from deployments import runs

        return runs.start(deployment, parameters)

    def release(
        self,
        checklist: str = "session-management",
        version: str = "1.1.0",
        requested_by: str = "rita",
        *,
        environment: str = "production",
        **more: Any,
    ) -> str:
        """Start a release; its flow run's ID. ``more``: change_ticket, answers, dry_run."""
        parameters = {"checklist": checklist, "version": version, "requested_by": requested_by, "environment": environment}
        return self.start(f"release/{environment}", **parameters, **more)

    def state(self, run: str) -> State[Any]:
        """The state of a run."""
        from deployments import runs

        return runs.state(run)

    def wait_for(self, run: str, names: Collection[str], seconds: float = PATIENCE) -> State[Any]:
        """The state of a run, when its name is among ``names``; an assertion error when it ends otherwise or never comes."""
        from deployments import runs

        found = runs.wait_for(run, [names] if isinstance(names, str) else names, seconds)
        assert found.name in names, f"{found.name}: {found.message}"
        return found

    def release_of(self, run: str, seconds: float = PATIENCE) -> str:
        """The name of the record of a run of ``release``, when the run has begun it."""
        from tasks.record import names

        ending, until = run.replace("-", "")[:12], time.monotonic() + seconds
        while time.monotonic() < until:
            if found := [name for name in names(self.store) if name.endswith(ending)]:
                return found[0]
            time.sleep(0.2)
        raise AssertionError(f"run {run} has begun no record within {seconds} s")

    def record(self, release: str, folder: str = "releases") -> Record:
        """The record of a release."""
        return Record(self.store, release, folder)

    def hold(self, run: str, seconds: float = PATIENCE) -> Waiting:
        """The hold in which a run stands, when it stands."""
        from deployments.waiting import waiting

        self.wait_for(run, ["Suspended"], seconds)
        return next(each for each in waiting() if each.run == run)

    def sign(
        self,
        run: str,
        person: str,
        decision: str = "approve",
        *,
        code: str = "",
        seconds: float = PATIENCE,
        **more: Any,
    ) -> Entry:
        """Answer the hold of a suspended run as a person does; the record's entry, ``signed`` or ``refused``.

        ``more``: items, blanks, comment, until. Without ``blanks`` every blank is filled with a text that its pattern allows.
        """
        from deployments import answers
        from deployments.sandbox.auto_approvers import plausible

        waiting = self.hold(run)
        who = Registry.load(self.world.directory / "approvers.yaml").people[person]
        given = more.pop("blanks", None) or plausible(waiting)
        answer = answers.filled(waiting, person, code or self.code(waiting, who), decision, blanks=given, **more)
        answers.send(waiting, answer)
        return answers.outcome(waiting, seconds)

    def code(self, waiting: Waiting, person: Person) -> str:
        """A code that was not used: a person's authenticator shows a new one twice a minute, and no test waits for it."""
        from deployments import answers

        self.forget_codes()
        return answers.fresh_code(waiting, person)

    def forget_codes(self) -> None:
        """Let every code be good again."""
        shutil.rmtree(self.store.folder / "codes", ignore_errors=True)

    def play(self, *runs: str) -> None:
        """Sign whatever these runs wait for, one after the other, until each has ended."""
        from deployments.sandbox import auto_approvers

        for run in runs:
            ended = partial(lambda run: bool(self.state(run).is_final()), run)
            auto_approvers.play(until=ended, said=lambda _: self.forget_codes(), only=run)

    def bring_forward(self, run: str) -> None:
        """Let a scheduled run be due now."""
        from prefect.client.orchestration import get_client
        from prefect.states import Scheduled

        with get_client(sync_client=True) as client:
            client.set_flow_run_state(UUID(run), Scheduled(scheduled_time=datetime.now(UTC)), force=True)

    def reset(self, deployed: str | None = "1.0.0") -> None:
        """An empty account and pristine checkouts, with a previous version in every environment; servers and records stay."""
        self.world.reset()
        if deployed:
            self.world.seed(deployed)


def build(directory: Path, checklists: Path | None = None, systems: Sequence[str] = ()) -> Stack:
    """Bring everything up below ``directory``, with a world of these systems or of the first.

    The environment of this process is changed to use it.
    """
    python = Path(os.environ.get("GATES_SANDBOX_PYTHON", ROOT / ".venv-sandbox" / "bin" / "python"))
    world = World(directory / "world", python, deputy="zoe")  # one process start a hold, not one a role
    world.up(systems, "1.0.0")
    home = Home(directory / "gates")
    os.environ |= world.environ() | {"GATES_HOME": str(home.folder), "PYTHONPATH": str(ROOT)}
    os.environ |= {"GATES_CHECKLISTS": str(checklists)} if checklists else {}
    try:
        found = up.start(home)
    except BaseException:
        world.down()
        raise
    return Stack(directory, world, home, found["api"], found["ui"])


@contextmanager
def alone(directory: Path, system: str, patience: str = "1s") -> Iterator[Stack]:
    """A stack over a world of one system, with its checklist only, whose closed gates lose patience after so long."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("PREFECT_", "GATES_")) and name != "GATES_SANDBOX_PYTHON":
            del os.environ[name]  # of a stack that other tests have up
    checklists = directory / "checklists"
    checklists.mkdir()
    text = (ROOT / "checklists" / f"{system}.yaml").read_text()
    impatient = text.replace("recheck_every: 5s", "recheck_every: 1s").replace("recheck_for: 15s", f"recheck_for: {patience}")
    (checklists / f"{system}.yaml").write_text(impatient)
    built = build(directory, checklists, [system])
    try:
        yield built
    finally:
        _take_down(built, before)
        refresh_global_settings_context()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack of the session; what it changed in this process's environment is put back at the end."""
    before = dict(os.environ)
    built = build(tmp_path_factory.mktemp("stack"))
    try:
        yield built
    finally:
        _take_down(built, before)


def _take_down(built: Stack, before: Mapping[str, str]) -> None:
    up.stop(built.home)
    built.world.down()
    _restore(before)


def _restore(before: Mapping[str, str]) -> None:
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)
