"""Under Docker Compose the same checklist holds: what is unhealthy gives way, what is well passes every check."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checklists.binding import bind
from checklists.loader import load
from checklists.request import Request
from deployments.sandbox import damages
from deployments.sandbox.toombos import cluster, composed, project
from deployments.sandbox.toombos.naming import NAMESPACES, PREVIOUS, VERSION
from deployments.sandbox.world import ROOT
from tasks.core.errors import ActionError
from tasks.core.verdicts import Status
from tests.sandbox.toombos.test_upright import act, in_phases, later, told
from tests.sandbox.toombos.upright import Upright

pytestmark = pytest.mark.sandbox
ANSWERS = {"peak_users": 2, "platform": "Docker Compose"}
OF_A_RELEASE = "Pre-deployment checks passed"  # there is no release here that could have passed them


@pytest.fixture(scope="module")
def machine(upright: Upright) -> Iterator[Upright]:
    """Version 1.0.0 on the machine and nothing in the cluster; the cluster has it again afterwards."""
    cluster.take_away(upright.world, NAMESPACES["production"])
    project.deploy_composed(upright.world, "production", PREVIOUS)
    request = Request("production", VERSION, "rita", answers=ANSWERS)
    yield Upright(upright.world, bind(load(ROOT / "checklists" / "toombos.yaml"), request))
    project.deploy(upright.world, "production", PREVIOUS)


def test_an_unhealthy_version_fails_the_deploy_and_the_one_before_is_brought_back(machine: Upright) -> None:
    damages.break_(machine.world, "image-unhealthy")
    noted = machine.before(machine.deploy())
    with pytest.raises(ActionError, match="is unhealthy"):
        machine.perform(machine.deploy())
    undone = machine.undo(machine.deploy(), noted)
    damages.repair(machine.world, "image-unhealthy")

    assert undone.status is Status.PASSED
    assert composed.running(machine.world.directory, "production") == PREVIOUS
    assert machine.runs(PREVIOUS).status is Status.PASSED


def test_every_check_passes_before_the_deploy_after_it_and_on_the_days_that_follow(machine: Upright) -> None:
    act(machine, 66, 98, 151)
    before = told(machine, in_phases(machine, until="Deployment Execution"))
    noted = machine.before(machine.deploy())
    machine.perform(machine.deploy())
    machine.runs(VERSION)
    act(machine, 214, 248)
    well = [item for item in in_phases(machine, since="Deployment Execution") if item.title != OF_A_RELEASE]
    after, days = told(machine, well), told(machine, later(machine))
    undone = machine.undo(machine.deploy(), noted)

    assert (before, after, days) == ({}, {}, {})
    assert (undone.status, machine.runs(PREVIOUS).status) == (Status.PASSED, Status.PASSED)
