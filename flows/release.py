"""The release: freeze the plan, pass every gate in the checklist's order, sign off, schedule what comes later.

Anything that goes wrong after the first action is taken back by the rollback. The process may die at any line: the run
is resumed or retried, starts here from the top, and the record tells it what is done.
"""

import re
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import deployment, flow_run
from prefect.states import Completed, Failed

from checklists.report import headline, tally
from checklists.request import Request
from flows.freezing import freeze
from flows.gates import Outcome
from flows.journey import Journey, begin, exists, reopen
from flows.pages import ChecklistPage, show_checklist, show_preview
from flows.parameters import NO_ANSWERS, Answers, ChecklistName, DryRun, EnvironmentName, Requester, Ticket, Version
from flows.passing import GiveUp, pass_gate
from flows.phases import run_phase_part
from flows.rollback import roll_back_here
from flows.scheduling import forget_wakes, schedule_follow_up, schedule_later_checks
from flows.suspension import HoldExpired
from flows.telling import say_broken
from tasks.approvals import Registry
from tasks.connect.settings import Settings
from tasks.core.errors import DefinitionError, RecordConflict, RecordError
from tasks.notices import notify


@flow(
    name="release",
    flow_run_name="{checklist} {version} → {environment}",
    persist_result=True,
    description="Release a system by its checklist: checks, actions and sign-offs, with a rollback when it fails.",
)
def release(
    checklist: ChecklistName,
    version: Version,
    requested_by: Requester,
    environment: EnvironmentName = "production",
    change_ticket: Ticket = "",
    answers: Answers = NO_ANSWERS,
    dry_run: DryRun = False,
) -> State[Any]:
    """Run one release to its end; the state's name tells how it ended."""
    request = Request(
        environment=environment,
        version=version,
        requested_by=requested_by,
        change_ticket=change_ticket,
        answers=dict(answers or {}),
    )
    try:
        journey = _begin(checklist, request, dry_run=dry_run)
    except (DefinitionError, RecordError) as error:
        return Failed(name="Refused", message=str(error))
    if isinstance(journey, State):
        return journey
    if journey.ended:
        return _state(journey)
    if journey.record.last("rollback begun"):
        return _take_back(journey, "The rollback had begun when the process ended.")
    try:
        return _run(journey)
    except Exception as error:
        say_broken(journey, error)
        raise


def release_name(checklist: str, environment: str, run: str) -> str:
    """The name of a release's record: readable, and the same whichever process asks."""
    return re.sub(r"[^a-z0-9-]+", "-", f"{checklist}-{environment}-{run.replace('-', '')[:12]}".lower()).strip("-")


def _begin(checklist: str, request: Request, *, dry_run: bool) -> Journey | State[Any]:
    name = release_name(checklist, request.environment, str(flow_run.get_id()))
    if exists(name):
        return reopen(name)
    plan = freeze(checklist, request)
    _refuse_elsewhere(request.environment)
    Registry.load(Settings.from_environment().approvers)  # missing later, it would leave a release that nobody can sign
    if dry_run:
        return show_preview(plan)
    journey = begin(plan, name, about={"flow_run": str(flow_run.get_id())})
    holder = journey.lock.holder()
    if holder is not None and holder.release != name:
        journey.record.append(
            "ended",
            {"state": "Refused", "summary": f"{checklist} in {plan.environment} is being released by {holder.release}."},
        )
    return journey


def _refuse_elsewhere(environment: str) -> None:
    """A deployment is of one environment: its work pool, its limits and who may start it are that environment's."""
    own = deployment.name
    if own and own != environment:
        raise DefinitionError(f"release/{own} releases to {own}; start release/{environment} to release to {environment}.")


def _run(journey: Journey) -> State[Any]:
    pages = ChecklistPage(journey)
    try:
        for number, phase in enumerate(journey.plan.phases):
            for gate in range(len(phase.gates)):
                _pass(journey, pages, number, gate)
    except (GiveUp, HoldExpired) as stop:
        keep = isinstance(stop, GiveUp) and stop.keep
        return _end(journey, "Kept", str(stop)) if keep else _stop(journey, str(stop))
    except RecordConflict as error:
        return _fail_openly(error)
    except RecordError as error:
        return _stop(journey, str(error)) if not journey.changed else _fail_openly(error)
    return _finish(journey)


def _pass(journey: Journey, pages: ChecklistPage, phase: int, number: int) -> None:
    gate = journey.gate(phase, number)

    def run(attempt: int) -> Outcome:
        outcome = run_phase_part(journey, phase, number, attempt)
        pages.refresh()  # before people are asked: they look there
        return outcome

    pass_gate(journey, gate, f"{phase}-{number}", run, last=not _action_follows(journey, phase, number))


def _action_follows(journey: Journey, phase: int, number: int) -> bool:
    """Whether an action comes later: only then are the checks of a gate that waited long run again."""
    later = journey.plan.phases[phase].gates[number + 1 :] + tuple(
        gate for each in journey.plan.phases[phase + 1 :] for gate in each.gates
    )
    return any(item.action and not item.skip for gate in later for item in gate.actions)


def _stop(journey: Journey, reason: str) -> State[Any]:
    return _take_back(journey, reason) if journey.changed else _end(journey, "Aborted", reason)


def _take_back(journey: Journey, reason: str) -> State[Any]:
    done = roll_back_here(journey.id, reason)
    journey.record.refresh()
    show_checklist(journey)
    schedule_follow_up(journey)
    return _end(journey, "Rolled back" if done["complete"] else "ROLLBACK FAILED", f"{reason} {done['summary']}".strip())


def _finish(journey: Journey) -> State[Any]:
    finished = journey.record.last("finished") or journey.record.append("finished", {})
    schedule_later_checks(journey, finished.at)
    told = headline(tally(journey.plan.lines(), journey.standings()))
    return _end(journey, "Released", told)


def _end(journey: Journey, state: str, summary: str) -> State[Any]:
    if not journey.ended:
        journey.record.append("ended", {"state": state, "summary": summary})
    if state != "ROLLBACK FAILED":
        journey.lock.release(journey.id)
    forget_wakes(journey)
    show_checklist(journey)
    plan, kept = journey.plan, f"Record {journey.id}, digest {journey.record.entries[-1].digest}."
    notify(journey.session, f"{plan.title} {plan.version} → {plan.environment}: {state}. {summary} {kept}")
    return _state(journey)


def _state(journey: Journey) -> State[Any]:
    ended = journey.ended or {}
    name, message = str(ended.get("state", "")), str(ended.get("summary", ""))[:2000]
    if name in ("Released", "Kept"):
        return Completed(name=name, message=message)
    return Failed(name=name, message=message)


def _fail_openly(error: RecordError) -> State[Any]:
    """The record cannot be gone on with, so nothing more may be done from here; a retry or `gates rollback` goes on."""
    return Failed(name="Stopped", message=str(error))
