"""Lines of the checklist as a release would decide them, looked at one by one and without a release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from checklists.binding import bind
from checklists.loader import load
from checklists.plan import Call, Plan, PlanItem
from checklists.request import Request
from checklists.templates import render_late
from deployments.sandbox import systems
from deployments.sandbox.kalendlytic.project import NAME
from deployments.sandbox.world import World
from tasks import evaluation
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Verdict, worst

FILE = Path(__file__).parents[3] / "checklists" / f"{NAME}.yaml"


def planned(environment: str, version: str) -> Plan:
    answers = dict(systems.named(NAME).answers)
    return bind(load(FILE), Request(environment, version, "rita", answers=answers))


def every(plan: Plan) -> dict[int, PlanItem]:
    """The lines that apply, by number: those of the phases, of the later blocks and of the triggers that they watch."""
    return {item.line: item for item in plan.items() if item.line and not item.skip}


def decided(world: World, lines: Iterable[int], environment: str = "production", version: str = "1.0.0") -> dict[int, Verdict]:
    """The verdicts of these lines' checks, over one sample of the world."""
    items, captured, sample = every(planned(environment, version)), addresses(world, environment), Sample()
    return {line: worst(judged(world, call, captured, sample) for call in items[line].checks) for line in lines}


def judged(world: World, call: Call, captured: dict[str, str], sample: Sample) -> Verdict:
    arguments = render_late(call, captured)
    return evaluation.judge(catalogue()[call.id], arguments, session(world), sample).verdict


def performed(world: World, line: int, environment: str = "production", version: str = "1.0.0") -> str:
    """Do a line's action; its sentence. Raises ``ActionError``."""
    action = every(planned(environment, version))[line].action
    assert action is not None
    arguments = render_late(action, addresses(world, environment))
    return evaluation.perform(catalogue()[action.id], arguments, session(world)).summary


def session(world: World) -> Session:
    return Session(replace(Settings.from_environment(), workspaces=world.project(NAME)))


def addresses(world: World, environment: str) -> dict[str, str]:
    """What the release captures: the outputs that later lines ask for."""
    suffix = {"production": "prod", "development": "dev", "staging": "staging"}[environment]
    stack = world.client("cloudformation").describe_stacks(StackName=f"Kalendlytic-{suffix}")["Stacks"][0]
    return {"api": next(each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "ApiUrl")}
