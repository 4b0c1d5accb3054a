"""Session-management: WebSocket sessions on API Gateway, Lambda and DynamoDB, deployed as one CloudFormation stack."""

from __future__ import annotations

from deployments.sandbox import account
from deployments.sandbox.system import System
from deployments.sandbox.world import World

from . import identity
from .damages_after import AFTER
from .damages_before import BEFORE
from .project import NAME, SUFFIXES, seed


def fill(world: World) -> None:
    """The CDK's own stack, and user pools that the configuration files name."""
    account.bootstrap_once(world.client("cloudformation"))
    identity.create_all(world)


SYSTEM = System(NAME, fill, seed, SUFFIXES, damages=(*BEFORE, *AFTER))
