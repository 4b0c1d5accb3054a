"""Waking a suspended run: it looks at the clock and at its hold, and decides for itself."""

from typing import Annotated, Any
from uuid import UUID

from prefect import flow, get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed, Scheduled
from pydantic import Field

RUN = Annotated[str, Field(title="Flow run", description="ID of a suspended run")]


@flow(name="wake", flow_run_name="Wake {flow_run_id}", description="Have a run whose hold has expired look at its clock.")
def wake(flow_run_id: RUN) -> State[Any]:
    """Wake the run if it is suspended. It needs no identity: a run that is woken without an answer holds again."""
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(UUID(flow_run_id))
        if run.state is None or not run.state.is_paused():
            return Completed(name="Nothing to do", message=f"{run.name} does not wait.")
        client.set_flow_run_state(run.id, Scheduled(name="Resuming"), force=True)
    return Completed(message=f"{run.name} was woken.")
