"""Taking a release back: look, undo every action in reverse order, run the team's own steps, verify, say how it went.

A rollback tries every step whatever the others did, is never itself rolled back, and may be started again: undoing is
idempotent, and what is undone is in the record.
"""

from typing import Any, TypedDict

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from checklists.plan import Gate, PlanItem
from checklists.report import line
from checklists.standing import Change
from flows.concurrency import one_heartbeat, pool
from flows.gates import perform, sample
from flows.journey import Journey, exists, reopen
from flows.notes import incident_note
from flows.pages import show_checklist, show_text
from flows.parameters import Because, Reason, ReleaseId, ReleaseRun
from flows.scheduling import schedule_follow_up
from flows.undoing import undo_change
from tasks.core.errors import GatesError, RecordError
from tasks.core.registry import catalogue
from tasks.notices import notify
from tasks.record import Record


class Result(TypedDict):
    """How a rollback went."""

    complete: bool
    summary: str


def roll_back_here(release_id: str, reason: str) -> Result:
    """Roll back as a subflow of the release."""
    with one_heartbeat():
        result: Result = _rollback_part(release_id, reason)
    return result


@flow(
    name="rollback",
    flow_run_name="Roll back {release_id}",
    persist_result=True,
    task_runner=pool(),
)
def _rollback_part(release_id: str, reason: str) -> Result:
    return run_rollback(reopen(release_id), reason)


def _run_name() -> str:
    """Cancelled releases are named by their run; people look for the release's own name."""
    given = flow_run.parameters
    named = given.get("release_id") or _of_run(given.get("release_run", "")) or given.get("release_run", "")
    return f"Roll back {named}"


@flow(
    name="rollback",
    flow_run_name=_run_name,
    description="Take back a release by its name: undo every action it began, in reverse order, and verify.",
    task_runner=pool(),
)
def rollback(
    release_id: ReleaseId = "",
    reason: Reason = "Started by hand",
    release_run: ReleaseRun = "",
    because: Because = None,
) -> State[Any]:
    """Take back a release: one that was cancelled, whose process is gone, or that ended days ago.

    ``release_run`` may name the release by its Prefect run instead; a run that began nothing is left alone.
    """
    name = release_id or _of_run(release_run)
    reason = " ".join([*(f"{each}." for each in because or ()), reason])
    if not name or not exists(name):
        return Completed(name="Nothing to do", message=f"No record of a release {release_id or release_run}: it began nothing.")
    try:
        journey = reopen(name)
        refusal = _why_not(journey)
        if refusal:
            _end_unchanged(journey, reason if release_run else "")
            return Completed(name="Nothing to do", message=refusal)
        journey.lock.take(journey.id)
        result = run_rollback(journey, reason)
        state = "Rolled back" if result["complete"] else "ROLLBACK FAILED"
        journey.record.append("ended", {"state": state, "summary": f"{reason} {result['summary']}"})
        if result["complete"]:
            journey.lock.release(journey.id)
        show_checklist(journey)
        schedule_follow_up(journey)
    except GatesError as error:
        return Failed(name="ROLLBACK FAILED", message=str(error))
    return (
        Completed(name=state, message=result["summary"])
        if result["complete"]
        else Failed(name=state, message=result["summary"])
    )


def run_rollback(journey: Journey, reason: str) -> Result:
    """The rollback itself, wherever it runs. ``reason`` in the words of the checklist ticks the line that they are."""
    plan = journey.plan.rollback
    journey.record.append("rollback begun", {"reason": reason})
    notify(
        journey.session,
        f"{journey.plan.title} {journey.plan.version} in {journey.plan.environment} is being rolled back. {reason}",
    )
    released = {change.item for change in to_undo(journey)}
    prepared = [_step(journey, item) for item in plan.diagnosis.actions]
    _look(journey, plan.diagnosis)
    # What was stopped for the rollback's sake starts again last, when what it starts is the version before.
    newest_first = to_undo(journey)[::-1]
    begun = sorted(newest_first, key=lambda change: change.item not in released)
    undone = [undo_change(journey, change) for change in begun]
    acted = [_step(journey, item) for item in plan.steps.actions]
    verified = _verify(journey)
    wrong = [problem for problem in [*prepared, *undone, *acted, *verified] if problem]
    summary = " ".join(wrong) if wrong else _told(journey, begun)
    journey.record.append("rollback ended", {"complete": not wrong, "summary": summary})
    note = incident_note(
        journey,
        reason,
        [line(each) for each in journey.standings().values() if each.item in tuple(journey.plan.rollback_items())],
    )
    show_text(journey, "incident", note, f"Why {journey.id} was rolled back, and how that went")
    notify(
        journey.session,
        f"{journey.plan.title} in {journey.plan.environment}: {'rolled back' if not wrong else 'ROLLBACK FAILED'}. {summary}",
    )
    return {"complete": not wrong, "summary": summary}


def _told(journey: Journey, begun: list[Change]) -> str:
    """What was undone, and plainly what could not be."""
    lasting = journey.titled([change.item for change in begun if catalogue()[change.action].irreversible])
    told = f"{len(begun) - len(lasting)} action(s) undone and verified."
    return f"{told} Without a way back, and left as it is: {', '.join(lasting)}." if lasting else told


def to_undo(journey: Journey) -> list[Change]:
    """The actions that were begun and are not undone yet, in the order they were begun."""
    return [change for change in journey.changes() if change.matters and change.outcome != "undone"]


def _look(journey: Journey, gate: Gate) -> None:
    """The diagnosis informs people; whatever it finds, the rollback goes on."""
    if gate.items:
        sample(journey, "rollback-diagnosis", gate.items)


def _step(journey: Journey, item: PlanItem) -> str:
    try:
        outcome = perform(journey, item)
    except RecordError as error:
        return f"{item.title}: {error}"
    return "" if outcome["status"] == "open" else f"{item.title}: {outcome['summary']}"


def _verify(journey: Journey) -> list[str]:
    gate = journey.plan.rollback.verification
    if not gate.items:
        return []
    outcome = sample(journey, "rollback-verification", gate.items)
    return [] if outcome["status"] == "open" else [outcome["summary"]]


def _of_run(run: str) -> str:
    """The record of a Prefect run of ``release``: its name ends in the run's ID."""
    from flows.journey import names_ending_in

    found = names_ending_in(run.replace("-", "")[:12]) if run else []
    return found[0] if found else ""


def _end_unchanged(journey: Journey, reason: str) -> None:
    """A release that was cancelled before it changed anything has ended, and waits for nobody any more."""
    if reason and not journey.changed and not journey.ended:
        journey.record.append("ended", {"state": "Aborted", "summary": reason})
        journey.lock.release(journey.id)


def _why_not(journey: Journey) -> str:
    if not journey.changed:
        return f"{journey.id} began no action; there is nothing to take back."
    if not to_undo(journey) and journey.ended and journey.ended["state"] == "Rolled back":
        return f"{journey.id} has been rolled back already."
    later = [name for name in journey.lock.taken_since(journey.id) if not _is_taken_back(journey, name)]
    if later:
        return f"{later[-1]} has been released since; roll that back first, or release an older version."
    return ""


def _is_taken_back(journey: Journey, name: str) -> bool:
    """Whether a later release has left nothing behind."""
    ended = Record(journey.store, name).last("ended")
    return ended is not None and ended.body["state"] == "Rolled back"
