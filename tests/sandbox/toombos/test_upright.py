"""Where nothing is damaged every check of the checklist passes: before the deploy, after it, and on the days that follow."""

from __future__ import annotations

import time

import pytest

from checklists.binding import bind
from checklists.loader import load
from checklists.plan import PlanItem
from checklists.request import Request
from deployments.sandbox.toombos.naming import PREVIOUS, VERSION
from deployments.sandbox.world import ROOT
from tasks.core.verdicts import Status
from tests.sandbox.toombos.upright import Upright

pytestmark = pytest.mark.sandbox
FEW = {"peak_users": 2}  # beside whatever else this machine does
_SECONDS = 20.0


def planned(upright: Upright, environment: str) -> Upright:
    plan = bind(load(ROOT / "checklists" / "toombos.yaml"), Request(environment, VERSION, "rita", answers=FEW))
    return Upright(upright.world, plan)


def told(upright: Upright, items: list[PlanItem]) -> dict[str, str]:
    """What is said of each item that does not pass, given some seconds to."""
    until = time.monotonic() + _SECONDS
    while True:
        found = {title: each.summary for title, each in upright.judged(*items).items() if each.status is not Status.PASSED}
        if not found or time.monotonic() > until:
            return found
        time.sleep(1)


def act(upright: Upright, *lines: int) -> None:
    for line in lines:
        action = upright.item(line).action

        assert action is not None

        upright.perform(action)


def in_phases(upright: Upright, *, until: str = "", since: str = "") -> list[PlanItem]:
    """The items of the phases before one, or after one."""
    titles = [phase.title for phase in upright.plan.phases]
    chosen = upright.plan.phases[: titles.index(until)] if until else upright.plan.phases[titles.index(since) :]
    return [item for phase in chosen for gate in phase.gates for item in gate.all() if not item.skip]


def later(upright: Upright) -> list[PlanItem]:
    """The items of the days after."""
    return [item for block in upright.plan.post_deployment for item in block.gate.all() if not item.skip]


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_before_the_deploy(upright: Upright, environment: str) -> None:
    here = planned(upright, environment)
    act(here, 66, 98, 151)

    assert told(here, in_phases(here, until="Deployment Execution")) == {}


def test_after_the_deploy_and_on_the_days_that_follow(upright: Upright) -> None:
    here = planned(upright, "production")
    noted = here.before(here.deploy())
    here.perform(here.deploy())
    try:
        here.runs(VERSION)
        act(here, 214, 248)

        assert told(here, in_phases(here, since="Deployment Execution")) == {}
        assert told(here, later(here)) == {}
    finally:
        here.undo(here.deploy(), noted)
    assert here.runs(PREVIOUS).status is Status.PASSED
