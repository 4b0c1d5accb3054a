"""A Terraform provider whose resources are those of the emulated AWS, so that plans really see drift.

Runs in the sandbox's environment. Terraform starts it by itself where ``install`` has put it; ``--dev`` keeps it running
and prints the TF_REATTACH_PROVIDERS that leads there, which saves the start of a Python a command.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from tf import types
from tf.iface import (
    Config,
    CreateContext,
    DataSource,
    DeleteContext,
    Provider,
    ReadContext,
    Resource,
    State,
    UpdateContext,
)
from tf.runner import run_provider
from tf.schema import Attribute, Schema
from tf.utils import Diagnostics

from deployments.sandbox.terraform.resources import RESOURCES

SOURCE = "gates.local/demo/sandbox"


class Parameter(Resource):  # type: ignore[misc]  # of a library without types
    """``sandbox_parameter``: a name, which cannot be changed in place, and a value.

    ``seconds`` is how long creating, changing and removing it take, so that a release can be interrupted meanwhile.
    """

    def __init__(self, provider: Sandbox) -> None:
        self._ssm = provider.ssm

    @classmethod
    def get_name(cls) -> str:
        """Name the resource, without the provider's prefix."""
        return "parameter"

    @classmethod
    def get_schema(cls) -> Schema:
        """List the attributes."""
        return Schema(
            version=1,
            attributes=[
                Attribute("id", types.String(), computed=True),
                Attribute("name", types.String(), required=True, requires_replace=True),
                Attribute("value", types.String(), required=True),
                Attribute("seconds", types.Number(), optional=True),
            ],
        )

    def create(self, ctx: CreateContext, planned: State) -> State | None:
        """Put the parameter; one that is there already is somebody else's."""
        time.sleep(planned["seconds"] or 0)
        try:
            self._ssm.put_parameter(Name=planned["name"], Value=planned["value"], Type="String")
        except self._ssm.exceptions.ParameterAlreadyExists:
            ctx.diagnostics.add_error(f"Parameter {planned['name']} exists already", "Import it, or choose another name.")
            return None
        return {**planned, "id": planned["name"]}

    def read(self, ctx: ReadContext, current: State) -> State | None:  # noqa: ARG002
        """Say what the account holds; None when somebody deleted it."""
        try:
            found = self._ssm.get_parameter(Name=current["name"])["Parameter"]
        except self._ssm.exceptions.ParameterNotFound:
            return None
        return {**current, "value": found["Value"]}

    def update(self, ctx: UpdateContext, current: State, planned: State) -> State | None:  # noqa: ARG002
        """Put the new value."""
        time.sleep(planned["seconds"] or 0)
        self._ssm.put_parameter(Name=planned["name"], Value=planned["value"], Type="String", Overwrite=True)
        return planned

    def delete(self, ctx: DeleteContext, current: State) -> None:  # noqa: ARG002
        """Delete it, unless somebody did."""
        time.sleep(current["seconds"] or 0)
        self._ssm.delete_parameters(Names=[current["name"]])


class Sandbox(Provider):  # type: ignore[misc]
    """The provider ``sandbox``; region, endpoint and credentials are those of its environment."""

    @cached_property
    def ssm(self) -> Any:
        """The client, made when the first resource needs it."""
        import boto3

        return boto3.client("ssm")

    def get_model_prefix(self) -> str:
        """Start of the names of resources."""
        return "sandbox_"

    def full_name(self) -> str:
        """Where configurations find it."""
        return SOURCE

    def get_provider_schema(self, diags: Diagnostics) -> Schema:  # noqa: ARG002
        """There is nothing to configure."""
        return Schema(attributes=[])

    def validate_config(self, diags: Diagnostics, config: Config) -> None:
        """Anything goes."""

    def configure_provider(self, diags: Diagnostics, config: Config) -> None:
        """The environment says it all."""

    def get_data_sources(self) -> list[type[DataSource]]:
        """None."""
        return []

    def get_resources(self) -> list[type[Resource]]:
        """A parameter, and what a system is built of."""
        return [Parameter, *RESOURCES]


if __name__ == "__main__":
    # The library keeps its certificate in the home folder; the sandbox leaves nothing there.
    kept = Path(os.environ.get("GATES_SANDBOX_PROVIDER_HOME") or tempfile.mkdtemp(prefix="provider"))
    kept.mkdir(parents=True, exist_ok=True)
    os.environ["HOME"] = str(kept)
    run_provider(Sandbox(), sys.argv)
