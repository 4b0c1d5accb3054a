"""Toombos: a content generator on Kubernetes or Docker Compose, with PostgreSQL, Redis, and five services of others."""

from __future__ import annotations

from deployments.sandbox.compose.part import DOCKER
from deployments.sandbox.data_parts import POSTGRES, REDIS
from deployments.sandbox.edge_part import Edge
from deployments.sandbox.parts import KUBERNETES
from deployments.sandbox.system import System
from deployments.sandbox.world import World

from . import cloud, cluster, data, images, project, secrets
from .damages_after import AFTER
from .damages_before import BEFORE
from .naming import DOMAINS, NAME, NAMESPACES, OBSERVABILITY, PARTNERS, PREVIOUS, SUFFIXES, VERSION
from .service_part import Service

OBSERVED = tuple(f"{name}.halcytone.com" for name in OBSERVABILITY)
EDGE = Edge(dict.fromkeys((*DOMAINS.values(), *PARTNERS, *OBSERVED), NAME))


def fill(world: World) -> None:
    """Account, secrets, settings, reports, namespaces, and images of the version that runs and of the next one."""
    cloud.fill(world)
    for suffix in SUFFIXES:
        project.write_settings(world, suffix, **data.fill(world, suffix))
    secrets.fill(world)
    for suffix in SUFFIXES:
        cluster.make_namespace(world, NAMESPACES[suffix])
    project.write_reports(world)
    for version in (PREVIOUS, VERSION):
        images.build(world, version)


PEOPLE = {
    "ben": ("Ben Okafor", ("deployment_manager",)),
    "eve": ("Eve Lind", ("technical_lead",)),
    "paula": ("Paula Ruiz", ("product_owner",)),
}
SYSTEM = System(
    NAME,
    fill,
    project.seed,
    SUFFIXES,
    parts=(KUBERNETES, DOCKER, POSTGRES, REDIS, EDGE, Service()),
    damages=(*BEFORE, *AFTER),
    answers={"peak_users": 4},  # as many as a laptop serves beside everything else
    people=PEOPLE,
    previous=PREVIOUS,
    version=VERSION,
)
