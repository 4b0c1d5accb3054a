"""What a rollback leaves to people: document, mend, test again. It waits in a run of its own: a rollback ends at once."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from checklists.excerpt import of_follow_up
from flows.concurrency import pool
from flows.gates import run_gate_once
from flows.journey import begin, reopen
from flows.pages import show_checklist
from flows.parameters import ReleaseId
from flows.passing import GiveUp, pass_gate
from flows.suspension import HoldExpired
from tasks.core.errors import GatesError


@flow(
    name="follow-up",
    flow_run_name="Follow-up of {release_id}",
    persist_result=True,
    description="The manual steps after a rollback, signed by people.",
    task_runner=pool(),
)
def follow_up(release_id: ReleaseId) -> State[Any]:
    """Wait for people to see to every follow-up item of a rolled-back release."""
    try:
        released = reopen(release_id)
        gate = released.plan.rollback.follow_up
        journey = begin(of_follow_up(released.plan), f"{release_id}.follow-up", kind="follow-up")
        journey.earlier = released
        pass_gate(journey, gate, "follow-up", lambda attempt: run_gate_once(journey, f"follow-up-{attempt}", gate), last=True)
    except (GiveUp, HoldExpired) as stop:
        return Failed(name="Left open", message=str(stop))
    except GatesError as error:
        return Failed(name="Refused", message=str(error))
    show_checklist(journey)
    return Completed(name="Followed up", message=f"All {len(gate.items)} items are seen to.")
