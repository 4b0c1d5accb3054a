"""The checklist's lines, judged and performed against a standing world, without Prefect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from checklists.binding import bind
from checklists.loader import load
from checklists.plan import Plan, PlanItem
from checklists.request import Request
from checklists.templates import render_late
from deployments.sandbox.step_functions.system import SYSTEM
from deployments.sandbox.world import ROOT, World
from tasks import evaluation
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.core.registry import Definition, Done, catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Verdict, worst


@dataclass
class Walk:
    """One release on foot: what was captured so far."""

    world: World
    records: Path
    captured: dict[str, str] = field(default_factory=dict)

    @property
    def plan(self) -> Plan:
        """The checklist, bound as the demo's release binds it."""
        loaded = load(ROOT / "checklists" / "step-functions.yaml")
        return bind(loaded, Request("production", SYSTEM.version, "rita", answers=dict(SYSTEM.answers)))

    @property
    def session(self) -> Session:
        """A session that works in the system's checkout."""
        settings = replace(Settings.from_environment(), records=self.records, workspaces=self.world.project(SYSTEM.name))
        return Session(settings, release=Release(id="release-1"))

    def line(self, number: int) -> PlanItem:
        """The item of a line."""
        return next(item for item in self.plan.items() if item.line == number)

    def step(self, words: str) -> PlanItem:
        """The item of a step that begins with the words."""
        return next(item for item in self.plan.items() if item.title.startswith(words))

    def judge(self, item: PlanItem) -> Verdict:
        """What the item's checks come to."""
        sample, session = Sample(), self.session
        seen = [
            evaluation.judge(catalogue()[call.id], render_late(call, self.captured), session, sample).verdict
            for call in item.checks
        ]
        facts = {name: value for verdict in seen for name, value in verdict.facts.items()}
        self.captured |= {name: facts[fact] for name, fact in item.capture.items() if fact in facts}
        return worst(seen)

    def action(self, item: PlanItem) -> tuple[Definition, Mapping[str, Any]]:
        """The item's action with its arguments."""
        assert item.action is not None
        return catalogue()[item.action.id], render_late(item.action, self.captured)

    def perform(self, item: PlanItem) -> Done:
        """Do what the item's action does."""
        return evaluation.perform(*self.action(item), self.session)
