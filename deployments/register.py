"""Registering what ``prefect.yaml`` lists with a server: ``prefect deploy --all`` without its twenty seconds of questions.

Everything is idempotent: deployments and automations are found by name and brought to what the file says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.deployments.runner import RunnerDeployment
from prefect.events import DeploymentTriggerTypes, TriggerTypes
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType
from pydantic import TypeAdapter
from ruamel.yaml import YAML

FILE = Path(__file__).with_name("prefect.yaml")
POOL = "gates"


@dataclass(frozen=True)
class Registered:
    """One deployment as the server has it. ``name`` is ``flow/deployment``."""

    name: str
    id: UUID
    entrypoint: str


def create_pool() -> None:
    """Create the work pool that the deployments run in, unless there is one of that name."""
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        except ObjectAlreadyExists:
            return


def register() -> list[Registered]:
    """Bring the server to what the file says; the deployments in the file's order.

    One for an environment that no checklist has is left out: the server refuses what the trigger form does not offer.
    """
    create_pool()
    found = []
    for wanted in filter(_offered, declared()):
        deployment = _deployment(wanted)
        # Outside an event loop it answers with the ID itself.
        made = cast("UUID", deployment.apply())
        found.append(Registered(deployment.full_name, made, wanted["entrypoint"]))
    return found


def declared() -> list[dict[str, Any]]:
    """The deployments of the file as it writes them, anchors resolved."""
    content = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return list(content["deployments"])


def _offered(wanted: Mapping[str, Any]) -> bool:
    """Whether some checklist has the environment of the deployment; where there are no checklists nothing is known."""
    environment = wanted.get("parameters", {}).get("environment")
    offered = _flow(wanted["entrypoint"]).parameters.properties.get("environment", {}).get("enum", [])
    return not environment or not offered or environment in offered


def _deployment(wanted: Mapping[str, Any]) -> RunnerDeployment:
    deployment = RunnerDeployment.from_flow(
        _flow(wanted["entrypoint"]),
        wanted["name"],
        parameters=wanted.get("parameters"),
        tags=wanted["tags"],
        triggers=TypeAdapter(list[DeploymentTriggerTypes | TriggerTypes]).validate_python(wanted.get("triggers", [])),
        work_pool_name=wanted["work_pool"]["name"],
        job_variables=wanted["work_pool"]["job_variables"],
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    # A flow made by a function is found under the name of its module, not under the function's own.
    deployment.entrypoint = wanted["entrypoint"]
    return deployment


def _flow(entrypoint: str) -> Flow[..., Any]:
    module, _, name = entrypoint.rpartition(".")
    flow: Flow[..., Any] = getattr(import_module(module), name)
    return flow
