"""A world of this system, started once; each test gets it as new, or as the others of its module left it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import load
from checklists.request import Request
from deployments.sandbox.gateway_pages import answers
from deployments.sandbox.toombos.naming import NAME, PREVIOUS, VERSION
from deployments.sandbox.world import ROOT, World
from tests.sandbox.toombos.upright import Upright


@pytest.fixture(scope="package")
def standing(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upright]:
    """Version 1.0.0 in production, the next one in staging, and the plan of the next one's release to production."""
    world = World(tmp_path_factory.mktemp(NAME), sandbox_python)
    plan = bind(load(ROOT / "checklists" / f"{NAME}.yaml"), Request("production", VERSION, "rita"))
    world.up([NAME], PREVIOUS)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in world.environ().items():
            patch.setenv(name, value)
        yield Upright(world, plan)
    world.down()


@pytest.fixture(scope="module")
def upright(standing: Upright) -> Upright:
    """It, with an empty log: what an earlier module had a version say would be found for half an hour."""
    assert answers(f"http://127.0.0.1:{standing.world.state()['ports'][NAME]}/forget")
    return standing
