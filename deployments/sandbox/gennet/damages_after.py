"""Damages that only show in what was deployed: the next deployment carries them, or they are done to it."""

from __future__ import annotations

from deployments.sandbox.damage import Damage, Edit, edited
from deployments.sandbox.world import World

from . import cluster
from .naming import NAME, NAMESPACES, SUFFIXES

_HOME = NAMESPACES["prod"]
_TAKEN = "/gennet/{}/exports/region"


def _take(world: World) -> None:
    for suffix in SUFFIXES:
        world.client("ssm").put_parameter(Name=_TAKEN.format(suffix), Value="somebody else's", Type="String")


def _give_back(world: World) -> None:
    world.client("ssm").delete_parameters(Names=[_TAKEN.format(suffix) for suffix in SUFFIXES])


AFTER = (
    Damage(
        "inference-crashes",
        "The next version of the inference ends again and again",
        "after",
        lambda world: cluster.behave(world, {"image": "*/inference:1.1.0", "does": "crash", "seconds": 0.2}),
        cluster.behave,
    ),
    Damage(
        "setting-taken",
        "A parameter that Terraform is about to make exists already: applying stops half way",
        "after",
        _take,
        _give_back,
    ),
    edited(
        NAME,
        "service-leads-nowhere",
        "after",
        "Services select pods by a label that none has",
        Edit("kubernetes/service.yaml", "  selector: {app: __SERVICE__}\n  ports", "  selector: {name: __SERVICE__}\n  ports"),
    ),
    edited(
        NAME,
        "ingress-elsewhere",
        "after",
        "The ingress routes another host",
        Edit("kubernetes/ingress.yaml", "    - host: __HOST__", "    - host: old.gennet.example.com"),
    ),
    edited(
        NAME,
        "numbers-lost",
        "after",
        "The deploy script drops settings that are numbers",
        Edit("scripts/render.sh", r"s/^\([A-Z_]*\)=\(.*\)$/", r"s/^\([A-Z_]*\)=\([a-z].*\)$/"),
    ),
    edited(
        NAME,
        "pool-too-small",
        "after",
        "Services keep one connection to the database, for which every request waits",
        Edit("config/prod.env", "DATABASE_POOL_SIZE=20", "DATABASE_POOL_SIZE=1"),
    ),
    edited(
        NAME,
        "limits-dropped",
        "after",
        "The deploy script leaves out what containers are limited to",
        Edit("scripts/render.sh", '    sed -e "s|__VERSION__|', "    sed -e '/limits:/d' -e \"s|__VERSION__|"),
    ),
    edited(
        NAME,
        "version-stuck",
        "after",
        "The deploy script deploys the version before once more",
        Edit("scripts/render.sh", "${VERSION:-0.0.0}", "1.0.0"),
    ),
    Damage(
        "inference-gone",
        "Somebody took away the name that leads to the inference",
        "after",
        lambda world: cluster.remove_service(world, _HOME, "inference"),
        lambda world: cluster.add_service(world, _HOME, "inference"),
    ),
)
