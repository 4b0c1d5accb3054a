"""Every check of a checklist works under exactly the rights that ``gates permissions`` prints, and under no less."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from checklists.binding import bind
from checklists.loader import load
from checklists.permissions import iam_policy, kubernetes_roles, needed
from checklists.plan import Plan
from checklists.request import Request
from deployments.sandbox import systems
from deployments.sandbox.kubernetes import launch
from deployments.sandbox.world import ROOT, World
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.evaluation import judge
from tests.tasks import iam

pytestmark = pytest.mark.sandbox
REFUSED = ("is not authorized to perform", "is forbidden: User", 'User "release" cannot')


def one(name: str) -> Any:
    """A parameter of the fixture; the larger systems have a run of their own."""
    return pytest.param(name, marks=() if name == systems.DEFAULT else pytest.mark.systems)


@pytest.fixture(scope="module", params=map(one, systems.names()))
def seeded(request: pytest.FixtureRequest, sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp(request.param), sandbox_python)
    world.up([request.param])
    (system,) = world.held()
    system.seed(world, system.suffixes[-1], system.version)
    before = dict(os.environ)
    os.environ |= world.environ()
    yield world
    os.environ.clear()
    os.environ.update(before)
    world.down()


def plan_of(world: World) -> Plan:
    (system,) = world.held()
    checklist = load(ROOT / "checklists" / f"{system.name}.yaml")
    return bind(checklist, Request("production", system.version, "rita", answers=dict(system.answers)))


@cache
def operations() -> dict[str, set[str]]:
    """Every operation of AWS as the gateway names it, by the IAM action that allows it."""
    session = botocore.session.get_session()
    found: dict[str, set[str]] = {}
    for service in session.get_available_services():
        model = session.get_service_model(service)
        for operation in model.operation_names:
            names = {f"{called}.{operation}" for called in (service, model.signing_name)}
            found.setdefault(iam.action(model.signing_name, operation), set()).update(names)
    return found


def enforce(world: World, actions: Collection[str]) -> None:
    """Let the gateway refuse what no action allows; plain requests of users, such as a sign-in, need none."""
    spared = sorted({name for action in actions for name in operations()[action]})
    world.gateway.set_faults([{"name": "policy", "deny": True, "unless": [*spared, "http.*", "websocket.*"]}])


def refused(plan: Plan, family: str) -> set[str]:
    """The checks of a family that could not learn something for want of a right."""
    session, sample = Session(Settings.from_environment()), Sample()
    asked = {(call.id, call.model_dump_json()): call for item, call in plan.calls() if call is not item.action}
    concerned = [call for call in asked.values() if call.id.startswith(family) and not call.late]
    assert concerned
    verdicts = [(call.id, judge(catalogue()[call.id], call.arguments, session, sample).verdict) for call in concerned]
    return {name for name, verdict in verdicts if any(words in verdict.summary for words in REFUSED)}


def test_the_policy_is_enough_and_nothing_less_is(seeded: World) -> None:
    plan = plan_of(seeded)
    actions = [each for statement in iam_policy(needed(plan, actions=False))["Statement"] for each in statement["Action"]]

    enforce(seeded, actions)
    assert refused(plan, "aws.") == set()

    enforce(seeded, actions[1:])
    assert refused(plan, "aws.")


def test_each_rule_of_the_roles_is_needed_and_no_other_is(seeded: World) -> None:
    plan = plan_of(seeded)
    roles = kubernetes_roles(needed(plan, actions=False), "release")["items"]
    if not roles:
        pytest.skip("this system is on no cluster")
    seeded.gateway.set_faults([])
    port = seeded.state()["ports"]["kubernetes"]

    launch.ask(port, "roles", "PUT", roles)
    assert refused(plan, "kubernetes.") == set()

    for kind, rule in [(role["kind"], rule) for role in roles for rule in role["rules"]]:
        launch.ask(port, "roles", "PUT", [without(kind, rule, role) for role in roles])
        assert refused(plan, "kubernetes."), rule


def without(kind: str, rule: dict[str, Any], role: dict[str, Any]) -> dict[str, Any]:
    """The role, less the rule if it is of that kind."""
    return {**role, "rules": [each for each in role["rules"] if (role["kind"], each) != (kind, rule)]}
