"""Lines that a release accounts for without looking: a rollback that was not needed, later checks, what called for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from checklists.plan import Plan, PlanItem
from checklists.suggestions import listed
from tasks.core.verdicts import Status, Verdict, failed, skipped
from tasks.record import Entry

if TYPE_CHECKING:
    from checklists.standing import Standing

_Found = dict[str, "Standing"]


def account(plan: Plan, found: _Found, entry: Entry, entries: Iterable[Entry]) -> None:
    """What an entry about the release as a whole says of lines that nothing else decides. ``entries`` are all there are."""
    if entry.type == "finished":
        _spare(plan, found)
    elif entry.type == "scheduled":
        _schedule(plan, found, entry)
    elif entry.type == "rollback begun":
        _call_for_it(plan, found, entry)
    elif entry.type == "rollback ended":
        _looked(plan, found, entries)
    elif entry.type == "ended" and entry.body.get("state") == "Rolled back":
        for block in plan.post_deployment:
            _leave_out(found, block.gate.all(), "Not looked at: the release was taken back.")


def _leave_out(found: _Found, items: Iterable[PlanItem], reason: str) -> None:
    for item in items:
        if found[item.id].verdict is None:
            found[item.id] = replace(found[item.id], verdict=skipped(reason))


def _spare(plan: Plan, found: _Found) -> None:
    """A release that came through needed no rollback; one that is started later decides its lines anew."""
    watching = listed(block.title for block in plan.post_deployment)
    _leave_out(found, plan.rollback.watched, f"Watched after the release by {watching}.")
    _leave_out(found, plan.rollback.triggers.items, "Nobody has given it as a reason to roll back.")
    _leave_out(found, plan.rollback_items(), "No rollback was needed.")


def _schedule(plan: Plan, found: _Found, entry: Entry) -> None:
    """The lines of a later block are accounted for by its first run."""
    block = next((each for each in plan.post_deployment if entry.body.get("name") == f"{each.id}-1"), None)
    for item in block.gate.all() if block else ():
        due = datetime.fromisoformat(entry.body["at"])
        found[item.id] = replace(found[item.id], due=f"Due {due:%Y-%m-%d %H:%M} UTC.")


def _call_for_it(plan: Plan, found: _Found, begun: Entry) -> None:
    """What the reason of a rollback names is so; the other triggers were not what called for it."""
    reason = str(begun.body["reason"])
    for item in plan.rollback.triggers.items:
        if not item.skip:
            named = item.title.casefold() in reason.casefold()
            verdict = failed(f"It called for the rollback: {reason}") if named else skipped("Not what this rollback was for.")
            found[item.id] = replace(found[item.id], verdict=verdict, at=begun.at)


def _looked(plan: Plan, found: _Found, entries: Iterable[Entry]) -> None:
    """A rollback that ran has looked and decided, which is what its diagnosis asks; what it saw stands beside the lines."""
    begun = next((entry for entry in entries if entry.type == "rollback begun"), None)
    newest = {name: shape for entry in entries if entry.type == "sampled" for name, shape in entry.body["verdicts"].items()}
    for item in plan.rollback.diagnosis.items:
        standing = found[item.id]
        if standing.verdict is None and begun is not None:
            seen = newest[item.id]["summary"] if item.checks and item.id in newest else begun.body["reason"]
            found[item.id] = replace(standing, verdict=Verdict(Status.PASSED, f"Looked at: {seen}"), at=begun.at)
