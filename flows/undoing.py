"""Undoing one action, as a task run of its own."""

from functools import partial

from checklists.standing import Change
from flows.journey import Journey
from tasks import evaluation
from tasks.core.errors import Absent, ActionError, EvidenceError
from tasks.core.registry import catalogue
from tasks.core.verdicts import Verdict, failed, skipped
from tasks.runtime import alone


def undo_change(journey: Journey, change: Change) -> str:
    """Undo it and write down how that went. Returns what is wrong, or nothing."""
    title = next((item.title for item in journey.plan.items() if item.id == change.item), change.item)
    verdict = alone(change.item, f"Undo: {title}", partial(_undo, journey, change))
    done = not verdict.status.keeps_gate_closed
    journey.record.append(
        "undone" if done else "undo failed", {"item": change.item, "attempt": change.attempt, "summary": verdict.summary}
    )
    return "" if done else f"Undo of '{title}': {verdict.summary}"


def _undo(journey: Journey, change: Change) -> Verdict:
    definition = catalogue()[change.action]
    if definition.irreversible:
        return skipped(f"Not undone: {definition.irreversible}")
    try:
        return evaluation.undo(definition, change.arguments, journey.current_session(), change.before)
    except (ActionError, EvidenceError, Absent) as error:
        return failed(str(error), definition.remedy)
