"""A world of GenNet with its previous version deployed, and the checks of the checklist asked within this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import load
from checklists.plan import Call, Plan
from checklists.request import Request
from deployments.sandbox.gennet import cluster, project
from deployments.sandbox.world import ROOT, World
from tasks import evaluation
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Verdict


@dataclass(frozen=True)
class Released:
    """The production of a world, and the checklist's plan for version 1.1.0 of it."""

    world: World
    plan: Plan

    @cached_property
    def session(self) -> Session:
        settings = Settings.from_environment()
        return Session(replace(settings, workspaces=self.world.systems / "gennet"), release=Release(id="release-1"))

    def call(self, check: str, line: int | None = None) -> Call:
        """The first call of a check, of the item with that line where one is given."""
        return next(
            call for item in self.plan.items() if line is None or item.line == line for call in item.checks if call.id == check
        )

    def verdict(self, check: str, line: int | None = None) -> Verdict:
        """What a check of the checklist says now."""
        call = self.call(check, line)
        return evaluation.judge(catalogue()[call.id], call.arguments, self.session, Sample()).verdict

    def deploy(self, version: str = "1.1.0") -> None:
        """Deploy the checkout as the release does."""
        project.run(self.world, "./scripts/deploy.sh", "production", "prod", VERSION=version, NAMESPACE="gennet-system")


@pytest.fixture(scope="package")
def standing(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("gennet"), sandbox_python)
    world.up(["gennet"])
    yield world
    world.down()


@pytest.fixture(scope="module")
def released(standing: World) -> Iterator[Released]:
    """Production with version 1.0.0, in a world as new; this process's environment leads there."""
    before = dict(os.environ)
    standing.reset()
    os.environ |= standing.environ()
    cluster.behave(standing, {"seconds": 0.2})
    standing.seed("1.0.0")
    loaded = load(ROOT / "checklists" / "gennet.yaml")
    try:
        yield Released(standing, bind(loaded, Request("production", "1.1.0", "rita")))
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
