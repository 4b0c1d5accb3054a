"""Plans and records in short, for the tests of how items stand and how that is reported."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from checklists.plan import Ask, Blank, Call, Gate, Plan, PlanBlock, PlanItem, PlanPhase, PlanRollback, Policy
from checklists.standing import Standing, standings
from tasks.core.verdicts import Status, Verdict
from tasks.record import Entry

NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)
LIT, DARK, UNKNOWN = (Verdict(status, f"It is {status.lower()}.") for status in (Status.PASSED, Status.FAILED, Status.UNKNOWN))
SKIPPED, WAIVED = Verdict(Status.SKIPPED, "Not asked for."), Verdict(Status.WAIVED, "Waived by Max.")


def item(name: str, *, check: bool = False, act: bool = False, ask: str = "", **given: Any) -> PlanItem:
    """An item with a check, an action, an approval, or any of these together."""
    blanks = tuple(Blank(name=each, title=each.capitalize()) for each in given.pop("blanks", ()))
    return PlanItem(
        **{"id": name, "title": name.capitalize(), "kind": "item", "line": None, "section": "Lamps"}
        | {"checks": (Call(id="trial.lit"),) if check else (), "action": Call(id="trial.switch") if act else None}
        | {"ask": Ask(by=ask, blanks=blanks, review=given.pop("review", False)) if ask else None}
        | given
    )


def gate(*items: PlanItem) -> Gate:
    actions = tuple(each for each in items if each.action)
    return Gate(actions=actions, items=tuple(each for each in items if not each.action or each.checks or each.ask))


def plan(*items: PlanItem, rollback: Mapping[str, Gate] | None = None, later: tuple[PlanBlock, ...] = (), **given: Any) -> Plan:
    """A plan of one phase with one gate."""
    parts = dict.fromkeys(("diagnosis", "steps", "verification", "follow_up"), Gate()) | dict(rollback or {})
    policy = Policy(on_failure="ask", recheck_every=30, recheck_for=0, recheck_after=60, hold_expires=60, waive_by="")
    shape: dict[str, Any] = {"checklist": "lamps", "title": "Lamps", "digest": "0" * 64, "environment": "production"}
    shape |= {"version": "1.2.0", "requested_by": "rita", "change_ticket": "", "parameters": {}, "workspace": "lamps"}
    shape |= {"phases": (PlanPhase(kind="deploy", title="Deployment", gates=(gate(*items),)),), "post_deployment": later}
    shape |= {"policy": policy, "rollback": PlanRollback(decide_by="manager", reasons=(), **parts)}
    return Plan(**shape | given)


def block(name: str, *items: PlanItem) -> PlanBlock:
    return PlanBlock(id=name, title=name.capitalize(), times=(60,), on_failure="notify", decide_by="", gate=gate(*items))


def sampled(**verdicts: Verdict) -> tuple[str, dict[str, Any]]:
    return "sampled", {"place": "0-0-1", "verdicts": {name: verdict.as_json() for name, verdict in verdicts.items()}}


def signed(*names: str, decision: str = "approve", **blanks: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    who = {"person": "ana", "name": "Ana", "role": "deployer", "comment": ""}
    return "signed", {"hold": "h", "decision": decision, "items": list(names), "blanks": blanks, **who}


def intended(name: str, attempt: int = 1, **given: Any) -> tuple[str, dict[str, Any]]:
    call = {"action": "trial.switch", "arguments": {}, "before": {"turn": attempt}, "matters": True}
    return "intended", {"item": name, "attempt": attempt, **call, **given}


def told(kind: str, name: str, summary: str = "So it was.", **facts: str) -> tuple[str, dict[str, Any]]:
    """What became of an action."""
    return kind, {"item": name, "attempt": 1, "summary": summary, "facts": facts}


def entries(*happened: tuple[str, dict[str, Any]]) -> list[Entry]:
    """A record of these, a minute apart."""
    return [
        Entry(n, NOON + timedelta(minutes=n), kind, "test", "", body, "") for n, (kind, body) in enumerate(happened, start=1)
    ]


def stands(made: Plan, *happened: tuple[str, dict[str, Any]]) -> dict[str, Standing]:
    return standings(made, entries(*happened))


def statuses(made: Plan, *happened: tuple[str, dict[str, Any]]) -> dict[str, str]:
    """Every item's status; empty while it is undecided."""
    found = stands(made, *happened)
    return {name: each.verdict.status.value if each.verdict else "" for name, each in found.items()}
