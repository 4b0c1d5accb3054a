"""One stack for all of these tests, on a copy of the checklists that a test may edit, with those of the tests beside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployments import up
from deployments.sandbox.world import ROOT
from tasks.lock import EnvironmentLock
from tests.end_to_end.accidents import Trial
from tests.stack import Stack, _restore, build

Gates = Callable[..., subprocess.CompletedProcess[str]]
OWN = Path(__file__).parent / "checklists"


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack of the session. Its checklists are in ``stack.directory / "checklists"``."""
    before = dict(os.environ)
    directory = tmp_path_factory.mktemp("stack")
    checklists = directory / "checklists"
    checklists.mkdir()
    for path in (*(ROOT / "checklists").glob("*.yaml"), *OWN.glob("*.yaml")):
        shutil.copy(path, checklists)
    built = build(directory, checklists)
    try:
        # The trigger forms were made when this process first imported the flows, which knew of other checklists.
        subprocess.run([sys.executable, "-m", "deployments.cli", "deploy"], check=True, capture_output=True)
        yield built
    finally:
        up.stop(built.home)
        built.world.down()
        _restore(before)


@pytest.fixture
def gates(stack: Stack) -> Gates:  # noqa: ARG001  its environment is this process's
    """The ``gates`` command, as a terminal beside the stack would run it."""

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "deployments.cli", *words], capture_output=True, text=True, check=False, timeout=120
        )

    return run


@pytest.fixture
def trial(stack: Stack) -> Iterator[Trial]:
    """The world of the checklist ``trial``, and codes that nobody has used, for a test is over before the next ones come."""
    stack.forget_codes()
    world = Trial(stack.world.systems / "trial")
    world.lay_out()
    yield world
    for environment in ("development", "staging", "production"):  # a test that failed is no reason for the next ones to
        lock = EnvironmentLock(stack.store, "trial", environment)
        if holder := lock.holder():
            lock.release(holder.release)
