"""Runs of the registered deployments: start one, ask after it, set a stuck one going again."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.settings import PREFECT_UI_URL
from prefect.states import AwaitingRetry, Scheduled

from tasks.core.errors import GatesError

_ENDED = ("COMPLETED", "FAILED", "CANCELLED", "CRASHED")
_LOOK_EVERY = 0.5  # seconds


class RunError(GatesError):
    """A run could not be started, found or set going."""


def start(deployment: str, parameters: Mapping[str, Any]) -> str:
    """Start a run of ``flow/deployment``; its ID. Raises ``RunError`` when there is no such deployment or it refuses."""
    with get_client(sync_client=True) as client:
        try:
            found = client.read_deployment_by_name(deployment)
            run = client.create_flow_run_from_deployment(found.id, parameters=dict(parameters))
        except ObjectNotFound as error:
            raise RunError(f"The server has no deployment {deployment}; run `gates deploy`.") from error
        except PrefectHTTPStatusError as error:
            raise RunError(f"The server refused to run {deployment}: {_detail(error)}") from error
    return str(run.id)


def state(run: str) -> State[Any]:
    """The state of a run. Raises ``RunError`` when the server has no such run."""
    with get_client(sync_client=True) as client:
        try:
            found = client.read_flow_run(UUID(run)).state
        except (ObjectNotFound, ValueError) as error:
            raise RunError(f"The server has no run {run}; runs may have been deleted, the record stands.") from error
    if found is None:
        raise RunError(f"Run {run} has no state yet.")
    return found


def wait_for(run: str, names: Collection[str], seconds: float) -> State[Any]:
    """The state once its name is among ``names`` or the run has ended. Raises ``RunError`` when neither happens in time."""
    until = time.monotonic() + seconds
    while True:
        now = state(run)
        if now.name in names or now.type.value in _ENDED:
            return now
        if time.monotonic() > until:
            raise RunError(f"Run {run} is {now.name} after {seconds:.0f} s, not {' or '.join(sorted(names)) or 'ended'}.")
        time.sleep(_LOOK_EVERY)


def go_on(run: str, *, force: bool = False) -> str:
    """Set a suspended, crashed or stuck run going again; what was done, in words. Raises ``RunError`` when it needs nothing.

    A run that seems to be running is retried with ``force`` only: its process may be alive. Should it be, then the record
    lets one of the two go on and stops the other.
    """
    now = state(run)
    if now.is_paused():
        _set(run, Scheduled(name="Resuming"))
        return "It was woken; it looks at its hold and at the clock."
    if now.is_running() and not force:
        raise RunError(f"Run {run} is running; if its process is gone, say --force.")
    if now.is_scheduled() or now.is_pending():
        raise RunError(f"Run {run} is {now.name}: it waits for a worker of the pool `gates`.")
    _set(run, AwaitingRetry())
    return f"It was {now.name} and is being retried from its record."


def page(run: str) -> str:
    """The page of a run in the UI."""
    return f"{(PREFECT_UI_URL.value() or '').rstrip('/')}/runs/flow-run/{run}"


def _set(run: str, wanted: State[Any]) -> None:
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(UUID(run), wanted, force=True)


def _detail(error: PrefectHTTPStatusError) -> str:
    try:
        return str(error.response.json().get("detail", ""))
    except ValueError:
        return error.response.text[:200]
