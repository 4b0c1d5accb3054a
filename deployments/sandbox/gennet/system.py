"""GenNet: four services on EKS, deployed by kubectl over what Terraform made."""

from __future__ import annotations

from deployments.sandbox.data_parts import POSTGRES
from deployments.sandbox.edge_part import Edge
from deployments.sandbox.parts import KUBERNETES, TERRAFORM
from deployments.sandbox.remainder_part import REMAINDER, lay
from deployments.sandbox.system import System
from deployments.sandbox.world import World

from . import cloud, database, network, project, secrets
from .damages_after import AFTER
from .damages_before import BEFORE
from .naming import HOSTS, NAME, SUFFIXES, ZONE
from .service_part import Service

EDGE = Edge(
    {
        **dict.fromkeys((*HOSTS.values(), "api.github.com"), NAME),
        **{f"{name}.{ZONE}": NAME for name in ("prometheus", "grafana", "alertmanager", "jaeger", "elasticsearch")},
    }
)
PEOPLE = {
    "ben": ("Ben Okafor", ("operations_lead",)),
    "carla": ("Carla Moreau", ("technical_lead",)),
    "dev": ("Dev Patel", ("security_lead",)),
    "olga": ("Olga Lund", ("product_owner",)),
}


def fill(world: World) -> None:
    """Network, account, secrets, namespaces, reports, and the configuration of the release before."""
    network.fill(world)
    cloud.fill(world)
    secrets.fill(world, database.fill(world))
    lay(world, cloud.ANSWERS)
    for suffix in SUFFIXES:
        project.prepare(world, suffix)
    project.write_reports(world)
    project.keep_previous(world)


SYSTEM = System(
    NAME,
    fill,
    project.seed,
    ("prod",),
    parts=(KUBERNETES, TERRAFORM, POSTGRES, REMAINDER, EDGE, Service()),
    damages=(*BEFORE, *AFTER),
    people=PEOPLE,
)
