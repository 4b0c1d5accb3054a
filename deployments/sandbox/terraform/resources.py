"""The provider's resources of AWS: one class a kind, each with a name and settings that are compared with the account."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from tf import types
from tf.iface import CreateContext, DeleteContext, ReadContext, Resource, State, UpdateContext
from tf.schema import Attribute, Schema

from deployments.sandbox.terraform.aws import KINDS
from deployments.sandbox.terraform.aws.kind import Kind, client


class AwsResource(Resource):  # type: ignore[misc]  # of a library without types
    """``sandbox_<kind>``: ``name``, which cannot be changed in place, ``settings`` as JSON, and ``address``: where it is."""

    kind: Kind
    called: str

    def __init__(self, provider: Any) -> None:
        """Nothing of the provider is needed."""

    @classmethod
    def get_name(cls) -> str:
        """Name the resource, without the provider's prefix."""
        return cls.called

    @classmethod
    def get_schema(cls) -> Schema:
        """List the attributes."""
        return Schema(
            version=1,
            attributes=[
                Attribute("id", types.String(), computed=True),
                Attribute("address", types.String(), computed=True),
                Attribute("name", types.String(), required=True, requires_replace=True),
                Attribute("settings", types.String(), required=True),
            ],
        )

    def create(self, ctx: CreateContext, planned: State) -> State | None:
        """Create it; one that is there already is somebody else's."""
        try:
            if self.kind.seen(client, planned["name"], json.loads(planned["settings"])) is not None:
                ctx.diagnostics.add_error(f"{planned['name']} exists already", "Import it, or choose another name.")
                return None
            address = self.kind.put(client, planned["name"], json.loads(planned["settings"]))
        except (ClientError, BotoCoreError) as error:
            ctx.diagnostics.add_error(f"{planned['name']} could not be created", str(error))
            return None
        return {**planned, "id": planned["name"], "address": address}

    def read(self, ctx: ReadContext, current: State) -> State | None:
        """Say what the account holds; None when somebody deleted it."""
        wished = json.loads(current["settings"])
        try:
            seen = self.kind.seen(client, current["name"], wished)
        except (ClientError, BotoCoreError) as error:
            ctx.diagnostics.add_error(f"{current['name']} could not be read", str(error))
            return current
        if seen is None:
            return None
        return current if seen == wished else {**current, "settings": json.dumps(seen, sort_keys=True)}

    def update(self, ctx: UpdateContext, current: State, planned: State) -> State | None:
        """Change it to the new settings."""
        try:
            address = self.kind.put(client, planned["name"], json.loads(planned["settings"]))
        except (ClientError, BotoCoreError) as error:
            ctx.diagnostics.add_error(f"{planned['name']} could not be changed", str(error))
            return current
        return {**planned, "id": planned["name"], "address": address}

    def delete(self, ctx: DeleteContext, current: State) -> None:
        """Remove it, unless somebody did."""
        try:
            self.kind.remove(client, current["name"])
        except (ClientError, BotoCoreError) as error:
            ctx.diagnostics.add_error(f"{current['name']} could not be removed", str(error))


RESOURCES: list[type[AwsResource]] = [
    type(f"Sandbox_{name}", (AwsResource,), {"kind": kind, "called": name}) for name, kind in KINDS.items()
]
