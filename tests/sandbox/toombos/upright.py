"""The checklist's items judged in an upright world, as a release would judge them, without a release."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from checklists.plan import Call, Plan, PlanItem
from deployments.sandbox.toombos.naming import DOMAINS, NAME
from deployments.sandbox.world import World
from tasks import evaluation
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict

_SECONDS = 20.0


@dataclass(frozen=True)
class Upright:
    """A plan, and the world in which its items are judged and its actions done."""

    world: World
    plan: Plan

    @property
    def session(self) -> Session:
        """As a release has it."""
        found = Settings.from_environment()
        release = Release("upright", NAME, self.plan.environment, self.plan.version, "rita", "2026-01-01T00:00:00+00:00")
        return Session(replace(found, workspaces=self.world.project(NAME)), release=release)

    def items(self) -> list[PlanItem]:
        """Every item that applies."""
        return [item for item in self.plan.items() if not item.skip]

    def item(self, line: int) -> PlanItem:
        """The item of a line."""
        (found,) = [item for item in self.items() if item.line == line]
        return found

    def judged(self, *items: PlanItem) -> dict[str, Verdict]:
        """The verdict of each item that has checks, all in one sample; by title."""
        sample = Sample()
        return {item.title: self._judged(item, sample) for item in items if item.checks}

    def verdict(self, line: int, status: Status | None = None) -> Verdict:
        """The verdict of a line; with ``status`` the first one that is so, or the last one after some seconds."""
        until = time.monotonic() + (_SECONDS if status else 0)
        while True:
            (found,) = self.judged(self.item(line)).values()
            if found.status is status or time.monotonic() > until:
                return found
            time.sleep(0.3)

    def before(self, call: Call) -> Mapping[str, Any]:
        """What the action notes before it begins."""
        return evaluation.before(catalogue()[call.id], call.arguments, self.session)

    def perform(self, call: Call) -> None:
        """Do what an item's action does."""
        evaluation.perform(catalogue()[call.id], call.arguments, self.session)

    def undo(self, call: Call, noted: Mapping[str, Any]) -> Verdict:
        """Take it back."""
        return evaluation.undo(catalogue()[call.id], call.arguments, self.session, noted)

    def deploy(self) -> Call:
        """The action that deploys."""
        (phase,) = [phase for phase in self.plan.phases if phase.title == "Deployment Execution"]
        (found,) = [item.action for gate in phase.gates for item in gate.all() if item.action and not item.skip]
        return found

    def runs(self, version: str) -> Verdict:
        """Whether the service answers with that version, waited for."""
        arguments = {"url": f"https://{DOMAINS[self.plan.environment]}/version", "version": version}
        until = time.monotonic() + _SECONDS
        while True:
            found = evaluation.judge(catalogue()["http.version_is"], arguments, self.session, Sample()).verdict
            if found.status is Status.PASSED or time.monotonic() > until:
                return found
            time.sleep(0.3)

    def _judged(self, item: PlanItem, sample: Sample) -> Verdict:
        calls = [(catalogue()[call.id], call.arguments) for call in item.checks]
        return evaluation.judge_all(calls, self.session, sample).verdict
