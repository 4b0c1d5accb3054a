"""The checks of a finished release at a later time. What they find is told, and may take the release back."""

from functools import partial
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from checklists.excerpt import of_block
from checklists.plan import Gate, PlanBlock
from checklists.standing import captured
from flows.concurrency import pool
from flows.gates import Outcome, run_gate_once
from flows.holds import Hold, held_entries, said
from flows.journey import Journey, begin, reopen
from flows.pages import run_url, show_checklist, show_later
from flows.parameters import BlockId, ReleaseId, Turn
from flows.passing import GiveUp, sign_off
from flows.repetition import told_already
from flows.scheduling import schedule_rollback
from flows.suspension import HoldExpired, stand
from tasks.core.errors import GatesError
from tasks.notices import notify


@flow(
    name="post-deployment",
    flow_run_name="{block} of {release_id}",
    persist_result=True,
    description="Check a finished release again: first hour, 24 hours, one week, one month.",
    task_runner=pool(),
)
def post_deployment(release_id: ReleaseId, block: BlockId, turn: Turn = 1) -> State[Any]:
    """Run one block of a finished release once; ``turn`` counts its repetitions."""
    try:
        released = reopen(release_id)
        chosen = _block(released, block)
        facts = captured(released.plan, released.standings())
        plan = of_block(released.plan, chosen)
        journey = begin(plan, f"{release_id}.{block}.{turn}", kind="post-deployment", about={"facts": facts})
        journey.earlier = released
        return _state(journey) if journey.ended else _check(journey, released, chosen, turn)
    except GatesError as error:
        return Failed(name="Refused", message=str(error))


def _check(journey: Journey, released: Journey, block: PlanBlock, turn: int) -> State[Any]:
    if released.ended and released.ended["state"] != "Released":
        return Completed(name="Nothing to do", message=f"{released.id} ended as '{released.ended['state']}'.")
    gate = Gate(items=(*block.gate.items, *released.plan.rollback.watched))
    attempt = 0
    while True:
        attempt += 1
        outcome = _look(journey, block, gate, attempt, turn)
        if outcome["status"] == "open":
            return _end(journey, "Passed", f"All checks of '{block.title}' passed.")
        decision, reason = _decide(journey, released, block, outcome, attempt, turn)
        if decision == "roll back":
            return _roll_back(journey, released, block, reason)
        if decision != "re-check":
            return _end(journey, decision, reason)


def _look(journey: Journey, block: PlanBlock, gate: Gate, attempt: int, turn: int) -> Outcome:
    """What the checks found, and after the last repetition what people say: who refuses to sign closes the block too."""
    place = f"{block.id}-{attempt}"
    outcome = run_gate_once(journey, place, gate)
    if outcome["status"] != "open" or turn < len(block.times):
        return outcome
    try:
        sign_off(journey, place, gate)
    except (GiveUp, HoldExpired) as stop:
        asked = [item.id for item in gate.items if item.ask and not item.skip]
        return {"status": "closed", "items": asked, "summary": str(stop)}
    return outcome


def _decide(
    journey: Journey, released: Journey, block: PlanBlock, outcome: Outcome, attempt: int, turn: int
) -> tuple[str, str]:
    """What is to be done about failed checks, by the block's own rule or by a person, and why. People hear of it once."""
    offer = _offer(journey, block, outcome, attempt)
    known = "" if held_entries(journey, offer.id) else told_already(journey.store, released.id, block, turn, outcome["items"])
    if known:
        return "Failed checks", f"{outcome['summary']} {known}"
    if block.on_failure != "offer rollback":
        _tell(journey, block, outcome, attempt)
        return {"notify": "Failed checks", "roll back": "roll back"}[block.on_failure], outcome["summary"]
    try:
        body = stand(journey, offer).body
    except HoldExpired as error:
        return "Failed checks", str(error)
    decision = "Kept" if body["decision"] == "keep" else body["decision"]
    return decision, f"{body['name']} decided: {body['decision']}. {said(body)} {outcome['summary']}"


def _offer(journey: Journey, block: PlanBlock, outcome: Outcome, attempt: int) -> Hold:
    gate = (*block.gate.items, *(journey.earlier.plan.rollback.watched if journey.earlier else ()))
    items = tuple(item for item in gate if item.id in outcome["items"])
    ways = {"re-check": "", "roll back": block.decide_by, "keep": block.decide_by}
    return Hold(
        f"later-{block.id}-{attempt}",
        "failure",
        f"{block.title}: checks failed. Roll back?",
        items,
        ways,
        notice=f"{block.title} failed. {outcome['summary'][:500]} Roll back?",
    )


def _roll_back(journey: Journey, released: Journey, block: PlanBlock, reason: str) -> State[Any]:
    run = schedule_rollback(released, f"{block.title}: {reason}", journey.id)
    told = f"The rollback runs: {run_url(run)}" if run else "The rollback could not be started; run `gates rollback`."
    return _end(journey, "Rollback started", f"{reason} {told}")


def _tell(journey: Journey, block: PlanBlock, outcome: Outcome, attempt: int) -> None:
    if journey.record.last("told", where=partial(_is_attempt, attempt)) is None:
        plan = journey.plan
        notify(
            journey.session, f"{plan.title} {plan.version} in {plan.environment}: {block.title} failed. {outcome['summary']}"
        )
        journey.record.append("told", {"attempt": attempt, "items": outcome["items"]})


def _is_attempt(attempt: int, body: Any) -> bool:
    return bool(body["attempt"] == attempt)


def _end(journey: Journey, state: str, summary: str) -> State[Any]:
    journey.record.append("ended", {"state": state, "summary": summary})
    show_checklist(journey)
    if journey.earlier:
        show_later(journey.earlier)
    return _state(journey)


def _state(journey: Journey) -> State[Any]:
    ended = journey.ended or {}
    name, message = str(ended.get("state", "")), str(ended.get("summary", ""))[:2000]
    failed = name in ("Failed checks", "Rollback started")
    return Failed(name=name, message=message) if failed else Completed(name=name, message=message)


def _block(journey: Journey, name: str) -> PlanBlock:
    blocks = {block.id: block for block in journey.plan.post_deployment}
    if name not in blocks:
        raise GatesError(f"{journey.id} has no block '{name}'; it has {', '.join(blocks) or 'none'}.")
    return blocks[name]
