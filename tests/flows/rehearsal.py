"""A small release to rehearse with: its plan, its people, and a world of lamps that checks look at and actions switch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pyotp

from checklists.plan import Ask, Blank, Call, Gate, Plan, PlanBlock, PlanItem, PlanPhase, PlanRollback, Policy
from flows.gates import Outcome
from flows.holds import Hold
from flows.journey import Journey, begin, reopen
from tasks.core.registry import Done
from tasks.core.verdicts import Verdict, passed
from tasks.record import Entry

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
PEOPLE = {  # rita requests; the others may sign
    "rita": ("Rita", "deployer, manager"),
    "ana": ("Ana", "deployer"),
    "max": ("Max", "manager"),
    "ola": ("Ola", "deployer, manager"),
}
NOON = datetime(2031, 5, 4, 12, tzinfo=UTC)


@dataclass
class Lamps:
    """The world: what each check says or raises, what each action does or raises, and what was done to it."""

    seen: dict[str, Verdict | BaseException] = field(default_factory=dict)
    does: dict[str, Done | BaseException] = field(default_factory=dict)
    settles: dict[str, str | BaseException] = field(default_factory=dict)
    undoes: dict[str, BaseException] = field(default_factory=dict)
    notes: dict[str, BaseException] = field(default_factory=dict)
    looks: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    look: Callable[[str], None] = lambda _name: None


class Killed(BaseException):
    """The process ends here."""


lamps = Lamps()


def answer(found: Any) -> Any:
    """What the world says, or the error it answers with."""
    if isinstance(found, BaseException):
        raise found
    return found


def lit(*, name: str) -> Verdict:
    """The lamp is lit."""
    lamps.looks.append(name)
    lamps.look(name)
    verdict: Verdict = answer(lamps.seen.get(name, passed(f"{name} is lit.")))
    return verdict


def switch(*, name: str, leaves_nothing: bool = False) -> Done:  # noqa: ARG001  part of the signature
    """Switches the lamp."""
    outcome = lamps.does.get(name, Done(f"Switched {name}.", {"lamp": name}))
    if not isinstance(outcome, Exception):
        lamps.done.append(name)
    done: Done = answer(outcome)
    return done


def noted(*, name: str, leaves_nothing: bool = False) -> Mapping[str, Any]:  # noqa: ARG001
    """How the lamp was."""
    return dict(answer(lamps.notes.get(name, {"was": f"{name} dark", "turn": len(lamps.done)})))


def settled(*, name: str, before: Mapping[str, Any], leaves_nothing: bool = False) -> Any:  # noqa: ARG001
    """Whether the lamp was switched."""
    return answer(lamps.settles.get(name, "unknown"))


def unswitch(*, name: str, before: Mapping[str, Any], leaves_nothing: bool = False) -> str:  # noqa: ARG001
    """Switches it back."""
    answer(lamps.undoes.get(name))
    lamps.done.append(f"un{name}")
    return f"It is {before['was']} again."


def burn(*, name: str) -> Done:
    """Burns the lamp; there is no way back."""
    lamps.done.append(name)
    return Done(f"Burnt {name}.")


def item(name: str, *, see: str = "", do: str = "", ask: str = "", **given: Any) -> PlanItem:
    """An item that looks at a lamp, switches one, asks a role, or any of these together."""
    arguments = {"name": do} | ({"leaves_nothing": True} if given.pop("leaves_nothing", False) else {})
    action = "trial.burn" if given.pop("for_good", False) else "trial.switch"
    blanks = tuple(Blank(name=each, title=each.capitalize()) for each in given.pop("blanks", ()))
    review = given.pop("review", False)
    return PlanItem(
        **{"id": name, "title": name.capitalize(), "kind": "item", "line": None, "section": "Lamps"}
        | {"checks": (Call(id="trial.lit", arguments={"name": see}),) if see else ()}
        | {"action": Call(id=action, arguments=arguments) if do else None}
        | {"ask": Ask(by=ask, blanks=blanks, review=review) if ask else None}
        | given
    )


def gate(*items: PlanItem) -> Gate:
    """Its actions, and whatever is to be decided after them."""
    actions = tuple(each for each in items if each.action)
    return Gate(actions=actions, items=tuple(each for each in items if not each.action or each.checks or each.ask))


NOTHING = Gate()


def plan(
    *gates: Gate,
    on_failure: Literal["roll back", "ask"] = "roll back",
    steps: Gate = NOTHING,
    verification: Gate = NOTHING,
    later: tuple[PlanBlock, ...] = (),
    **given: Any,
) -> Plan:
    """A plan of one phase with these gates."""
    policy: dict[str, Any] = {"recheck_every": 30, "recheck_for": 0, "recheck_after": 3600, "hold_expires": 86400}
    policy["waive_by"] = "manager"
    names = [name for name in policy if name in given]
    return Plan(
        **{"checklist": "lamps", "title": "Lamps", "digest": "0" * 64, "environment": "production", "version": "1.2.0"}
        | {"requested_by": "rita", "change_ticket": "CHG-7", "parameters": {}, "workspace": "lamps"}
        | {"policy": Policy(on_failure=on_failure, **policy | {name: given.pop(name) for name in names})}
        | {"phases": (PlanPhase(kind="deploy", title="Deployment", gates=gates),), "post_deployment": later}
        | {
            "rollback": PlanRollback(
                decide_by="manager", reasons=(), diagnosis=NOTHING, steps=steps, verification=verification, follow_up=NOTHING
            )
        }
        | given
    )


def start(*gates: Gate, name: str = "r1", **given: Any) -> Journey:
    """A release of such a plan; its folders are those of the ``house`` fixture."""
    return begin(plan(*gates, **given), name)


def again(journey: Journey) -> Journey:
    """The same release in another process."""
    return reopen(journey.id)


def types(journey: Journey) -> list[str]:
    """What happened so far, as the record has it on the disk."""
    return [entry.type for entry in again(journey).record.entries]


def last(journey: Journey, type_: str) -> Any:
    """The body of the newest entry of this type."""
    found = again(journey).record.last(type_)
    assert found is not None
    return found.body


def code(at: datetime = NOON) -> str:
    """Everybody's one-time code at that time."""
    return str(pyotp.TOTP(SECRET).at(at))


def held(journey: Journey, hold: Hold, key: str = "", run: str = "00000000-0000-0000-0000-000000000001") -> Entry:
    """The hold as it is put to people."""
    body = {"hold": hold.id, "key": key or hold.id, "title": hold.title, "digest": hold.digest, "flow_run": run}
    return journey.record.append("held", body)


def signed(journey: Journey, hold: Hold, decision: str, who: str = "ola", comment: str = "") -> Entry:
    """A sign-off of everything that the hold asks, as ``flows.signing`` writes it."""
    body = {
        "hold": hold.id,
        "key": hold.id,
        "person": who,
        "name": PEOPLE[who][0],
        "role": "deployer",
        "decision": decision,
        "items": [each.id for each in hold.items],
        "blanks": {},
        "comment": comment,
    }
    return journey.record.append("signed", body, by=who)


def opened(*, closed: str = "", failed: str = "", unsettled: str = "") -> Outcome:
    """The outcome of a gate: open, or what is said of one item."""
    if closed:
        return {"status": "closed", "items": [closed], "summary": f"{closed} is dark."}
    if failed:
        return {"status": "action failed", "items": [failed], "summary": f"{failed} is stuck."}
    if unsettled:
        return {"status": "unsettled", "items": [unsettled], "summary": "Nobody knows."}
    return {"status": "open", "items": [], "summary": ""}


def registry(path: Path) -> None:
    """Write the registry of approvers."""
    lines = [
        f"  {name}: {{name: {called}, roles: [{roles}], totp_secret: {SECRET}}}" for name, (called, roles) in PEOPLE.items()
    ]
    path.write_text("people:\n" + "\n".join(lines))


def later(**difference: float) -> datetime:
    """A time after noon."""
    return NOON + timedelta(**difference)
