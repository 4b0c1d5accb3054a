"""Releases whose Prefect run is not what their record says: its state was set by hand, or its process is gone."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from deployments.listing import Row

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

_MOST = 200


def strays(rows: Iterable[Row]) -> Iterator[str]:
    """A sentence for each release that should be going on and is not, with what brings it on; none where no server answers."""
    unfinished = {UUID(row.run): row for row in rows if row.run and row.state in ("Waiting", "Running")}
    if unfinished and _server_answers():
        for run, state in _states(list(unfinished)[:_MOST]).items():
            yield from _told(unfinished[run], state)


def _told(row: Row, state: State) -> Iterator[str]:
    if state.is_final():
        yield f"{row.release} has not ended, but its run is {state.name}; bring it on with `gates continue {row.release}`."
    elif row.state == "Waiting" and state.is_running():
        yield (
            f"{row.release} waits for people, but its run is {state.name}; should it stay so, "
            f"bring it on with `gates continue {row.release} --force`."
        )


def _server_answers() -> bool:
    from deployments.server import answers

    api = os.environ.get("PREFECT_API_URL", "")
    return bool(api) and answers(api)


def _states(runs: list[UUID]) -> dict[UUID, State]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId

    with get_client(sync_client=True) as client:
        found = client.read_flow_runs(flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=runs)), limit=_MOST)
    return {run.id: run.state for run in found if run.state}
