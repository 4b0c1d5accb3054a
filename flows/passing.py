"""Getting through one gate, however often it must be asked for: run it, hold for people, run it again, or give up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from checklists.plan import Gate, PlanItem
from checklists.standing import SIGNING
from flows.evidence import readings, seen
from flows.gates import ATTEMPTS, Outcome
from flows.holds import Hold, answered, opened_at, said
from flows.journey import Journey, undecided
from flows.suspension import stand
from tasks.core.errors import GatesError
from tasks.core.registry import catalogue
from tasks.record import Entry


class GiveUp(GatesError):
    """The release does not go on. What had changed by then decides whether it is aborted or rolled back."""

    def __init__(self, reason: str, *, keep: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.keep = keep


def pass_gate(journey: Journey, gate: Gate, name: str, run: Callable[[int], Outcome], *, last: bool) -> None:
    """Return when the gate is open and signed. Raises ``GiveUp``; suspends the run while people decide.

    ``run`` runs the gate for the n-th time and must answer the same when a replay asks again. ``last`` says that no action
    follows. The order of the calls depends on the plan and the record alone: after a suspension or a crash the flow starts
    from its first line, and Prefect hands back the results of finished phase flows by the order they are called in.
    """
    attempt = 0
    while True:
        attempt += 1
        place = f"{name}-{attempt}"
        outcome = run(attempt)
        journey.record.refresh()
        if outcome["status"] == "open":
            again = journey.record.last("sampled", where=partial(_at_place, f"{name}-{attempt + 1}"))
            if again is None and _signed_in_time(journey, place, gate, last=last):
                return  # what a later sample found open must not be asked for here again
        elif outcome["status"] == "unsettled":
            _settle_by_hand(journey, place, outcome)
        else:
            _decide_on_failure(journey, place, gate, outcome)


def _at_place(place: str, body: Mapping[str, Any]) -> bool:
    return bool(body["place"] == place)


def sign_off(journey: Journey, place: str, gate: Gate) -> str:
    """Have everybody sign who is asked; the name of the hold. Raises ``GiveUp`` when somebody refuses."""
    name = f"sign-{place}"
    while waiting := undecided(journey.standings(), gate.items):
        entry = stand(journey, _asked(journey, name, gate, waiting))
        if entry.body["decision"] not in SIGNING:
            refused = {"reject": "Rejected", "no go": "No go, said"}[entry.body["decision"]]
            raise GiveUp(f"{refused} by {entry.body['name']}: {entry.body['comment'] or 'no comment'}")
    return name


def _signed_in_time(journey: Journey, place: str, gate: Gate, *, last: bool) -> bool:
    """Whether the gate may be passed now; False when it waited so long for people that its checks must run again."""
    name = sign_off(journey, place, gate)
    signatures = answered(journey, name)
    if last or not signatures:
        return True
    waited = (signatures[-1].at - opened_at(journey, name)).total_seconds()
    return waited <= journey.plan.policy.recheck_after


def _asked(journey: Journey, name: str, gate: Gate, waiting: list[PlanItem]) -> Hold:
    where = _section(waiting)
    title, ways = (
        (f"{where}: sign-off", ("approve", "reject")) if not gate.decision else (f"Go or no go? {where}", ("go", "no go"))
    )
    evidence, lines = seen(journey, waiting), readings(journey, waiting)
    told = _met(journey, gate) if gate.decision else ""
    return Hold(name, "sign-off", title, tuple(waiting), dict.fromkeys(ways, ""), evidence, readings=lines, summary=told)


def _met(journey: Journey, gate: Gate) -> str:
    """The criteria that are met by now, for who says go: what a check has decided is not asked again."""
    found = journey.standings()
    met = [item.assertion for item in gate.items if found[item.id].verdict and not found[item.id].open]
    return f"Met so far: {'; '.join(met)}." if met else ""


def _decide_on_failure(journey: Journey, place: str, gate: Gate, outcome: Outcome) -> None:
    """Return when the gate is to be run again. Raises ``GiveUp`` otherwise."""
    failed_action = outcome["status"] == "action failed"
    happened = "An action failed" if failed_action else "The gate is closed"
    reason = f"{happened}. {outcome['summary']}"
    name = f"closed-{place}"
    items = tuple(item for item in gate.all() if item.id in outcome["items"])
    if journey.changed and _rolls_back(journey, items, failed_action=failed_action) and not answered(journey, name):
        raise GiveUp(reason)  # an answer was given before anything had changed, and a replay comes by here again
    ways = _no_go(journey) if gate.decision else _ways_out(journey, failed_action=failed_action)
    entry = stand(
        journey, Hold(name, "closed gate", happened, items, ways, summary=outcome["summary"] if failed_action else "")
    )
    decision, who, comment = entry.body["decision"], entry.body["name"], said(entry.body)
    if decision in ("try again", "done by hand"):
        _write_settlement(journey, items[0], entry)
    if decision in ("re-check", "waive", "try again", "done by hand"):
        return
    told = "said no go" if decision == "no go" else f"decided to {decision}"
    raise GiveUp(f"{reason} {who} {told}{': ' + comment if comment else '.'}", keep=decision == "keep")


def _rolls_back(journey: Journey, items: tuple[PlanItem, ...], *, failed_action: bool) -> bool:
    """Whether the environment's policy decides alone. A notice that was not delivered says nothing against the release."""
    notice = failed_action and all(item.action and catalogue()[item.action.id].irreversible for item in items)
    return journey.plan.policy.on_failure == "roll back" and not notice


def _ways_out(journey: Journey, *, failed_action: bool) -> Mapping[str, str]:
    plan = journey.plan
    decider = plan.rollback.decide_by
    waive = {"waive": plan.policy.waive_by} if plan.policy.waive_by else {}
    again = {"try again": decider, "done by hand": decider} if failed_action else {"re-check": ""} | waive
    return again | ({"roll back": decider, "keep": decider} if journey.changed else {"abort": ""})


def _no_go(journey: Journey) -> Mapping[str, str]:
    """All criteria must be met: nobody may waive one, and whoever sees that it is not met may say no."""
    return {"re-check": "", "no go": journey.plan.rollback.decide_by if journey.changed else ""}


def _settle_by_hand(journey: Journey, place: str, outcome: Outcome) -> None:
    """A person says what became of an action whose process died; nothing is silently run twice."""
    item = next(item for item in journey.plan.items() if item.id == outcome["items"][0])
    begun = journey.record.last("intended", where=lambda body: body["item"] == item.id)
    if begun is None:
        raise GiveUp(outcome["summary"])
    role = journey.plan.rollback.decide_by
    ways = {"it happened": role, "it did not happen": role, "roll back": role}
    hold = Hold(
        f"unsettled-{place}", "unsettled action", f"Did '{item.title}' happen?", (item,), ways, summary=outcome["summary"]
    )
    entry = stand(journey, hold)
    if entry.body["decision"] == "roll back":
        why = " ".join(filter(None, (said(entry.body), outcome["summary"])))
        raise GiveUp(f"{entry.body['name']} decided to roll back: {why}")
    _write_settlement(journey, item, entry)


def _write_settlement(journey: Journey, item: PlanItem, decided: Entry) -> None:
    """Write it down once. A replay comes by here again, maybe after a later attempt, which nobody was asked about."""
    types = {"it happened": "performed", "done by hand": "performed", "it did not happen": "not done", "try again": "to retry"}
    newest = journey.record.last(*ATTEMPTS, where=lambda body: body["item"] == item.id)
    if newest is None or (newest.type != "performed" and newest.n < decided.n):
        summary = f"{decided.body['name']} decided: {decided.body['decision']}. {decided.body['comment']}".strip()
        attempt = newest.body["attempt"] if newest else 0
        body: dict[str, Any] = {"item": item.id, "attempt": attempt, "summary": summary, "facts": {}}
        journey.record.append(types[decided.body["decision"]], body, by=decided.body["person"])


def _section(items: list[PlanItem]) -> str:
    return " / ".join(dict.fromkeys(item.section for item in items))
