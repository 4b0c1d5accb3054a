"""One stack for all of these tests, on a copy of the checklists that a test may edit, with those of the tests beside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments import up
from deployments.sandbox.world import ROOT
from tests.end_to_end.accidents import Trial
from tests.stack import Stack, _restore, build

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
        yield built
    finally:
        up.stop(built.home)
        built.world.down()
        _restore(before)


@pytest.fixture
def trial(stack: Stack) -> Trial:
    """The world of the checklist ``trial``, and codes that nobody has used, for a test is over before the next ones come."""
    shutil.rmtree(stack.store.folder / "codes", ignore_errors=True)
    world = Trial(stack.world.systems / "trial")
    world.lay_out()
    return world
