"""Releases that carry a damage into an environment where version 1.0.0 stands, several at once, and what became of each."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployments.sandbox import damages
from tasks.record import Record
from tests.end_to_end.accidents import until
from tests.sandbox.deployed import Deployed
from tests.stack import PATIENCE, Stack

SUFFIX = {"development": "dev", "staging": "staging", "production": "prod"}
SLOWLY = PATIENCE

Look = Callable[[Deployed], Any]


@dataclass(frozen=True)
class Carried:
    """A damage, the environment that it is carried into, the item that finds it, and how to see its effect in the account.

    ``first`` says that nothing stands in the environment before.
    """

    damage: str
    environment: str
    found_by: str
    look: Look
    first: bool = False

    @property
    def id(self) -> str:
        """A sentence of a test's name."""
        return f"{self.damage} in {'an empty ' if self.first else ''}{self.environment}"


@dataclass(frozen=True)
class Account:
    """What stands in one environment: None where there is no stack. ``looked`` is what the damage would change."""

    template: Any
    version: str
    outputs: Mapping[str, str]
    looked: Any
    test_user: bool


@dataclass(frozen=True)
class Told:
    """One release from its beginning to its end."""

    run: str
    state: str
    message: str
    record: Record
    before: Account | None
    after: Account | None


@contextmanager
def impatient(stack: Stack) -> Iterator[None]:
    """Let a gate of session management that stays closed say so after a second, not after fifteen."""
    path = stack.directory / "checklists" / "session-management.yaml"
    text = path.read_text()
    path.write_text(text.replace("recheck_every: 5s", "recheck_every: 1s").replace("recheck_for: 15s", "recheck_for: 1s"))
    try:
        yield
    finally:
        path.write_text(text)


def account(deployed: Deployed, look: Look = lambda _deployed: None) -> Account | None:
    """What stands in an environment now."""
    try:
        deployed.stack()
    except ClientError:
        return None
    outputs = deployed.outputs()
    template = json.loads(deployed.template())
    return Account(template, outputs["Version"], outputs, look(deployed), test_user_exists(deployed))


def test_user_exists(deployed: Deployed) -> bool:
    """Whether the user that the release signs in as is there, or the secret with its password."""
    cognito, secrets = deployed.world.client("cognito-idp"), deployed.world.client("secretsmanager")
    pool = deployed.world.state()["identities"][deployed.suffix]["cognitoUserPoolId"]
    users = {user["Username"] for user in cognito.list_users(UserPoolId=pool)["Users"]}
    kept = {secret["Name"] for secret in secrets.list_secrets()["SecretList"]}
    return bool(users) or f"session-management/test-user-{deployed.suffix}" in kept


def spoil(stack: Stack, every: Sequence[Carried]) -> dict[str, Told]:
    """Run all of these releases: those of one environment one after the other, those of several at the same time.

    They share a checkout, so only one at a time is on its way to its deploy.
    """
    deploying = threading.Lock()

    def lane(environment: str) -> dict[str, Told]:
        return {each.id: _one(stack, each, deploying) for each in every if each.environment == environment}

    environments = sorted({each.environment for each in every})
    with ThreadPoolExecutor(len(environments)) as threads:
        return {name: told for found in threads.map(lane, environments) for name, told in found.items()}


def deploy_with(stack: Stack, names: Sequence[str], environment: str, version: str = "1.1.0") -> tuple[str, Record]:
    """Start a release whose deploy carries these damages; its run and record, once it has deployed or failed to."""
    for name in names:
        damages.break_(stack.world, name)
    run = stack.release(version=version, environment=environment)
    record = stack.record(stack.release_of(run, SLOWLY))
    try:
        until(lambda: _tried_to_deploy(record) or stack.state(run).is_final(), f"the deploy of {record.name}", SLOWLY)
    finally:
        for name in names:
            damages.repair(stack.world, name)
    return run, record


def _one(stack: Stack, carried: Carried, deploying: threading.Lock) -> Told:
    deployed = Deployed(stack.world, SUFFIX[carried.environment])
    if carried.first:
        _delete_stack(deployed)
    before = account(deployed, carried.look)
    with deploying:
        run, record = deploy_with(stack, [carried.damage], carried.environment)
    until(lambda: stack.state(run).is_final() or stack.state(run).is_paused(), f"an end of {record.name}", SLOWLY)
    if stack.state(run).is_paused():
        stack.sign(run, "ben", "roll back", comment=f"It carries {carried.damage}.")
        until(lambda: stack.state(run).is_final(), f"the rollback of {record.name}", SLOWLY)
    record.refresh()
    state = stack.state(run)
    return Told(run, str(state.name), state.message or "", record, before, account(deployed, carried.look))


def _tried_to_deploy(record: Record) -> bool:
    record.refresh()
    begun = record.last("intended", where=lambda body: str(body["action"]).endswith("deploy_by_script"))
    ended = record.of("performed", "action failed") if begun else []
    return any(begun and entry.body["item"] == begun.body["item"] for entry in ended)


def _delete_stack(deployed: Deployed) -> None:
    cloudformation = deployed.world.client("cloudformation")
    cloudformation.delete_stack(StackName=deployed.stack_name)
    cloudformation.get_waiter("stack_delete_complete").wait(
        StackName=deployed.stack_name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 200}
    )
