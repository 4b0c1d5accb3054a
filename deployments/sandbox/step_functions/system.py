"""Step-functions: a Jira workflow on Step Functions, Lambda, API Gateway and DynamoDB, built by Terraform."""

from __future__ import annotations

from deployments.sandbox.edge_part import Edge
from deployments.sandbox.parts import TERRAFORM, Moto
from deployments.sandbox.people import Person
from deployments.sandbox.remainder_part import REMAINDER
from deployments.sandbox.system import System
from deployments.sandbox.world import World

from . import damages, history, platform, project

PEOPLE: dict[str, Person] = {
    "carla": ("Carla Moreau", ("qa",)),
    "dev": ("Dev Patel", ("security", "compliance")),
    "eve": ("Eve Lind", ("technical_lead",)),
    "omar": ("Omar Haddad", ("operations",)),
    "gail": ("Gail Tanaka", ("product_owner",)),
}


def fill(world: World) -> None:
    """What others have laid out, and what AWS knows of the account."""
    platform.lay_out(world)
    history.look_around(world)


def seed(world: World, suffix: str, version: str) -> None:
    """Production runs a version that was released some days ago; staging has the next one already, as the document wants."""
    previous = project.check_out_previous(world, version)
    project.deploy(world, previous if suffix == "prod" else world.project(project.NAME), suffix)
    history.pass_time(world, suffix)


SYSTEM = System(
    project.NAME,
    fill,
    seed,
    project.SUFFIXES,
    parts=(TERRAFORM, Moto(("guardduty",)), REMAINDER, Edge({"changes.example.com": "emulator"})),
    answers={"change": platform.CHANGE, "window_opens": "00:00", "window_closes": "00:00", "response_ms": 60000},
    people=PEOPLE,
    damages=damages.EVERY,
)
