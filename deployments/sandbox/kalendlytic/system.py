"""Kalendlytic: a calendar on API Gateway, Lambda, DynamoDB, S3 and CloudFront, deployed as one CloudFormation stack."""

from __future__ import annotations

from deployments.sandbox import account
from deployments.sandbox.parts import Moto
from deployments.sandbox.people import Person
from deployments.sandbox.remainder_part import REMAINDER
from deployments.sandbox.system import System
from deployments.sandbox.world import World

from . import history, platform
from .damages_after import AFTER
from .damages_before import BEFORE
from .project import NAME, SUFFIXES, deploy

PEOPLE: dict[str, Person] = {
    "ana": ("Ana Silva", ("developer", "devops")),
    "carla": ("Carla Moreau", ("qa_manager",)),
    "eve": ("Eve Lind", ("technical_lead",)),
    "finn": ("Finn Adeyemi", ("operations_manager",)),
    "gail": ("Gail Tanaka", ("product_owner",)),
}


def fill(world: World) -> None:
    """The CDK's own stack, what the platform team has laid out, and what AWS knows of the account."""
    account.bootstrap_once(world.client("cloudformation"))
    platform.lay_out(world)
    history.look_around(world)


def seed(world: World, suffix: str, version: str) -> None:
    """A version that was deployed by an earlier release and has been used for some days."""
    deploy(world, suffix, version)
    history.pass_time(world, suffix)


SYSTEM = System(
    NAME,
    fill,
    seed,
    SUFFIXES,
    parts=(Moto(("application-autoscaling", "guardduty")), REMAINDER),
    damages=(*BEFORE, *AFTER),
    answers={"first_bootstrap": True},
    people=PEOPLE,
)
