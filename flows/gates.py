"""One gate: its actions in order, then all its checks in one sample. Runs inside a phase flow; every step is in the record."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal, TypedDict

from checklists.conditions import holds
from checklists.parents import met_by
from checklists.plan import Call, Gate, PlanItem
from checklists.templates import render_late
from flows.journey import Journey
from tasks import evaluation
from tasks.connect.session import Session
from tasks.core.errors import Absent, ActionError, EvidenceError
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict, failed, passed, skipped, unknown, worst
from tasks.record import Entry
from tasks.runtime import AWAITING, alone, together

log = logging.getLogger("gates.flow")

ATTEMPTS = ("intended", "performed", "action failed", "not done", "to retry")
"""The entries that tell how far an action has come; the newest counts."""


class Outcome(TypedDict):
    """What a phase flow returns of a gate: ``items`` are those that the status is about, by ID."""

    status: Literal["open", "closed", "action failed", "unsettled"]
    items: list[str]
    summary: str


def run_gate(journey: Journey, place: str, gate: Gate, *, patience: bool = True, act: bool = True) -> Outcome:
    """Run the gate at ``place`` once: actions first, then its checks, again on an interval while they keep it closed."""
    for item in gate.actions if act else ():
        outcome = perform(journey, item)
        if outcome["status"] != "open":
            return outcome
    policy = journey.plan.policy
    deadline = time.monotonic() + (policy.recheck_for if patience else 0)
    while True:
        outcome = sample(journey, place, gate.items)
        if outcome["status"] == "open" or time.monotonic() + policy.recheck_every > deadline:
            return outcome
        log.info("The gate is closed; its checks run again in %d s.", policy.recheck_every)
        time.sleep(policy.recheck_every)


def run_gate_once(journey: Journey, place: str, gate: Gate) -> Outcome:
    """``run_gate``, or what it found when an earlier process ran the gate at this very place."""
    before = journey.record.last("sampled", where=lambda body: body["place"] == place)
    if before is None:
        return run_gate(journey, place, gate)
    verdicts = {name: Verdict.from_json(shape) for name, shape in before.body["verdicts"].items()}
    return _outcome(gate.items, verdicts)


def perform(journey: Journey, item: PlanItem) -> Outcome:
    """Do an item's action at most once, whatever became of earlier processes."""
    newest = journey.record.last(*ATTEMPTS, where=lambda body: body["item"] == item.id)
    if newest is not None and newest.type == "performed":
        return {"status": "open", "items": [item.id], "summary": newest.body["summary"]}
    begun = newest is not None and newest.type == "intended"  # to be settled, whatever its condition says by now
    try:
        if item.skip or item.action is None or not (begun or _applies(journey, item)):
            return {"status": "open", "items": [], "summary": ""}
    except EvidenceError as error:
        return {"status": "action failed", "items": [item.id], "summary": f"{item.title}: not begun. {error}"}
    if _matters(item.action):
        journey.lock.take(journey.id)
    verdict = alone(item.id, item.assertion, partial(_act, journey, item, item.action, newest))
    statuses: dict[Status, Literal["open", "action failed", "unsettled"]] = {
        Status.PASSED: "open",
        Status.FAILED: "action failed",
    }
    return {"status": statuses.get(verdict.status, "unsettled"), "items": [item.id], "summary": verdict.summary}


def sample(journey: Journey, place: str, items: tuple[PlanItem, ...]) -> Outcome:
    """Run all checks of the gate at the same time, over one sample of the world, and write the verdicts down."""
    world = Sample()
    session = journey.current_session()
    waivers = journey.waivers()
    outcomes = {name: each["status"] for name, each in session.release.items.items()}
    judged: dict[str, evaluation.Judgement] = {}

    def work(item: PlanItem) -> Verdict:
        judged[item.id] = judge(item, session, world, outcomes, waivers)
        return judged[item.id].verdict

    asked = {item.id: (item.assertion, partial(work, item)) for item in items if not item.children or item.checks or item.ask}
    verdicts = {name: _waived(verdict, waivers.get(name, "")) for name, verdict in together(asked).items()}
    verdicts = _parents(items, verdicts)
    shapes = {name: _shape(journey, verdict, judged.get(name)) for name, verdict in verdicts.items()}
    outcome = _outcome(items, verdicts)
    journey.record.append(
        "sampled",
        {
            "place": place,
            "started": world.started.isoformat(),
            "verdicts": shapes,
            "open": outcome["status"] == "open",
            "reads": len(world.readings),
        },
    )
    return outcome


def _outcome(items: tuple[PlanItem, ...], verdicts: Mapping[str, Verdict]) -> Outcome:
    closing = [item.id for item in items if item.id in verdicts and _closes(item, verdicts[item.id])]
    summary = " ".join(f"{item.title}: {verdicts[item.id].summary}" for item in items if item.id in closing)
    return {"status": "closed" if closing else "open", "items": closing, "summary": summary[:2000]}


def judge(
    item: PlanItem, session: Session, world: Sample, outcomes: Mapping[str, str], waivers: Mapping[str, str]
) -> evaluation.Judgement:
    """One item's verdict in this sample, before anybody signs."""
    judgement = _judged(item, session, world, outcomes)
    verdict = _waived(judgement.verdict, waivers.get(item.id, ""))
    if item.ask and verdict.status is not Status.SKIPPED and not _closes(item, verdict):
        verdict = replace(verdict, facts={**verdict.facts, AWAITING: item.ask.by})
    return evaluation.Judgement(verdict, judgement.evidence)


def _judged(item: PlanItem, session: Session, world: Sample, outcomes: Mapping[str, str]) -> evaluation.Judgement:
    if item.skip:
        return evaluation.Judgement(skipped(item.skip))
    try:
        if item.when and not holds(item.when, item.values, outcomes):
            return evaluation.Judgement(skipped(f"Does not apply: {item.when} does not hold."))
        calls = [(catalogue()[call.id], render_late(call, session.release.facts)) for call in item.checks]
    except EvidenceError as error:
        return evaluation.Judgement(unknown(str(error)))
    return evaluation.judge_all(calls, session, world) if calls else _waits(item)


def _waived(verdict: Verdict, reason: str) -> Verdict:
    if not reason or not verdict.status.keeps_gate_closed:
        return verdict
    return Verdict(Status.WAIVED, f"{reason} ({verdict.summary})")


def _waits(item: PlanItem) -> evaluation.Judgement:
    """Nothing to look at: a person decides, or it is UNKNOWN."""
    return evaluation.Judgement(passed(f"Waits for {item.ask.by}.") if item.ask else worst([]))


def settle(journey: Journey, item: PlanItem, begun: Entry) -> str:
    """What became of an action whose process died: "done", "not done" or "unknown"; the first two are written down."""
    definition = catalogue()[begun.body["action"]]
    state = evaluation.settle(definition, begun.body["arguments"], journey.current_session(), begun.body["before"])
    if state == "done":
        _performed(
            journey, item, begun.body["attempt"], f"{item.title}: an interrupted attempt was found to have succeeded.", {}
        )
    elif state == "not done":
        journey.record.append(
            "not done", {"item": item.id, "attempt": begun.body["attempt"], "summary": "The attempt changed nothing."}
        )
    return state


def _act(journey: Journey, item: PlanItem, call: Call, newest: Entry | None) -> Verdict:
    session = journey.current_session()
    attempt = 1
    if newest is not None:
        attempt = newest.body["attempt"] + 1
        if newest.type == "intended":
            state = settle(journey, item, newest)
            if state == "done":
                return passed("An interrupted attempt was found to have succeeded.")
            if state == "unknown":
                return unknown("The process died during this action, and nothing tells whether it happened; a person must say.")
        elif newest.type == "action failed":
            return failed(newest.body["summary"])
    return _attempt(journey, item, call, session, attempt)


def _attempt(journey: Journey, item: PlanItem, call: Call, session: Session, attempt: int) -> Verdict:
    definition = catalogue()[call.id]
    try:
        arguments = render_late(call, session.release.facts)
        noted = evaluation.before(definition, arguments, session)
    except (EvidenceError, Absent, ActionError) as error:
        journey.record.append("action failed", {"item": item.id, "attempt": attempt, "summary": f"Not begun: {error}"})
        return failed(f"Not begun: {error}", definition.remedy)
    intent = {"item": item.id, "attempt": attempt, "action": call.id, "arguments": arguments, "before": noted}
    journey.record.append("intended", intent | {"matters": _matters(call)})
    try:
        done = evaluation.perform(definition, arguments, session)
    except (ActionError, EvidenceError, Absent) as error:
        summary = str(error)
        journey.record.append("action failed", {"item": item.id, "attempt": attempt, "summary": summary})
        return failed(summary, definition.remedy)
    _performed(journey, item, attempt, done.summary, done.facts)
    return passed(done.summary, done.facts)


def _performed(journey: Journey, item: PlanItem, attempt: int, summary: str, facts: Mapping[str, str]) -> None:
    journey.record.append("performed", {"item": item.id, "attempt": attempt, "summary": summary, "facts": dict(facts)})


def _applies(journey: Journey, item: PlanItem) -> bool:
    """Whether the item's condition holds. Raises ``EvidenceError`` while an outcome that it names is undecided."""
    if not item.when:
        return True
    outcomes = {name: each.verdict.status.value if each.verdict else "" for name, each in journey.standings().items()}
    return holds(item.when, item.values, outcomes)


def _parents(items: tuple[PlanItem, ...], verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """The verdicts with those of the headings, which have nothing of their own to decide; the inner headings come first.

    A review's checks only inform, so they do not count; whether it is signed is the record's business.
    """
    met = dict(verdicts)
    reviews = {item.id for item in items if item.ask and item.ask.review}
    for item in reversed(items):
        if item.children and not item.skip:
            own = [met[item.id]] if item.id in met and item.id not in reviews else []
            below = [met[name] for name in item.children if name in met and name not in reviews]
            heading = met_by(below, own) if below else None
            met |= {item.id: heading} if heading else {}
    return met | dict(verdicts)


def _shape(journey: Journey, verdict: Verdict, judgement: evaluation.Judgement | None) -> dict[str, Any]:
    evidence = judgement.evidence if judgement else []
    return verdict.as_json() | ({"evidence": journey.record.keep(evidence)} if evidence else {})


def _closes(item: PlanItem, verdict: Verdict) -> bool:
    """A review's checks inform the person who signs, and a bare heading says what its items say; other checks close."""
    review = item.ask is not None and item.ask.review
    heading = bool(item.children) and not item.checks
    return verdict.status.keeps_gate_closed and not review and not heading


def _matters(call: Call) -> bool:
    """Whether a rollback would have anything to take back: the checklist may say that an action leaves nothing behind."""
    return not call.arguments.get("leaves_nothing", False)
