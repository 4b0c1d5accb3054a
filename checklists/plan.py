"""The plan: a checklist bound to an environment and its parameters, frozen at the start of a release.

Everything a release will do is in here as plain JSON; the flows read the plan and never the checklist file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

FORMAT = 1
"""Raised when a plan of an older code can no longer be run; such a plan is then refused, not half run."""


class Frozen(BaseModel):
    """What all parts of a plan have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Late(Frozen):
    """An argument that can only be rendered when earlier items have captured what it names.

    ``template`` is the argument as the checklist's author wrote it, a text or texts inside lists and mappings, and ``values``
    are the data it may use: a parameter's value is never itself rendered.
    """

    template: Any
    values: dict[str, Any]


class Call(Frozen):
    """A check or an action with its arguments. Arguments named in ``late`` are rendered when the call is made."""

    id: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    late: dict[str, Late] = Field(default_factory=dict)


class Blank(Frozen):
    """A blank that the signer fills."""

    name: str
    title: str
    required: bool = True
    pattern: str = ""


class Ask(Frozen):
    """The decision of a person: who may make it, and what must be filled in."""

    by: str
    blanks: tuple[Blank, ...] = ()
    review: bool = False
    why: str = ""


class PlanItem(Frozen):
    """One line or step. ``skip`` says why it does not apply; ``when`` is a condition that only earlier outcomes can decide.

    Where a tick means ``trouble``, the item is met when it is not so: what decides it asserts the good case.
    """

    id: str
    title: str
    kind: Literal["item", "step"]
    line: int | None
    section: str
    depth: int = 0
    trouble: bool = False
    skip: str = ""
    when: str = ""
    values: dict[str, Any] = Field(default_factory=dict)
    checks: tuple[Call, ...] = ()
    action: Call | None = None
    ask: Ask | None = None
    capture: dict[str, str] = Field(default_factory=dict)
    children: tuple[str, ...] = ()

    @property
    def assertion(self) -> str:
        """What holds when it is met, in plain text: a state such as "Passed" is read beside it."""
        title = self.title.replace("**", "")
        return f"Not so: {title}" if self.trouble else title

    @property
    def judged(self) -> bool:
        """Whether a check decides it (a review's checks only inform the person)."""
        return bool(self.checks) and not (self.ask and self.ask.review)


class Gate(Frozen):
    """Actions in order, then the checks and approvals up to the next action.

    A ``decision`` is opened by people who say go; what keeps it closed cannot be waived.
    """

    decision: bool = False
    actions: tuple[PlanItem, ...] = ()
    items: tuple[PlanItem, ...] = ()

    def all(self) -> tuple[PlanItem, ...]:
        """Its items, an action with checks of its own once."""
        own = {item.id for item in self.items}
        return tuple(item for item in self.actions if item.id not in own) + self.items


class PlanPhase(Frozen):
    """A phase cut into its gates."""

    kind: str
    title: str
    gates: tuple[Gate, ...]


class PlanBlock(Frozen):
    """A post-deployment block; times are seconds after the end of the release."""

    id: str
    title: str
    times: tuple[int, ...]
    on_failure: Literal["notify", "offer rollback", "roll back"]
    decide_by: str
    gate: Gate


class PlanRollback(Frozen):
    """The parts of a rollback beside the undoing of actions. ``triggers`` are what calls for one."""

    decide_by: str
    reasons: tuple[str, ...]
    triggers: Gate = Gate()
    diagnosis: Gate
    steps: Gate
    verification: Gate
    follow_up: Gate

    @property
    def offered(self) -> tuple[str, ...]:
        """What a person who starts a rollback may give as the reason."""
        return tuple(dict.fromkeys((*self.reasons, *(item.title for item in self.triggers.items if not item.skip))))

    @property
    def watched(self) -> tuple[PlanItem, ...]:
        """The triggers that every post-deployment block looks at."""
        return tuple(item for item in self.triggers.items if item.checks and not item.skip)


class Policy(Frozen):
    """How strict the environment is; times in seconds."""

    on_failure: Literal["roll back", "ask"]
    recheck_every: int
    recheck_for: int
    recheck_after: int
    hold_expires: int
    waive_by: str


class Plan(Frozen):
    """What one release will do. ``digest`` is of the checklist file's bytes."""

    format: int = FORMAT
    checklist: str
    title: str
    digest: str
    environment: str
    version: str
    requested_by: str
    change_ticket: str
    parameters: dict[str, Any]
    workspace: str
    policy: Policy
    phases: tuple[PlanPhase, ...]
    rollback: PlanRollback
    post_deployment: tuple[PlanBlock, ...]

    def main(self) -> Iterator[PlanItem]:
        """The items of all phases and of the sign-off, in the order of the checklist."""
        for phase in self.phases:
            for gate in phase.gates:
                yield from gate.all()

    def rollback_items(self) -> Iterator[PlanItem]:
        """The items of the rollback, in its order."""
        parts = self.rollback
        for gate in (parts.triggers, parts.diagnosis, parts.steps, parts.verification, parts.follow_up):
            yield from gate.all()

    def items(self) -> Iterator[PlanItem]:
        """Every item there is: phases, sign-off, rollback, post-deployment."""
        yield from self.main()
        yield from self.rollback_items()
        for block in self.post_deployment:
            yield from block.gate.all()

    def lines(self) -> list[PlanItem]:
        """The lines that have a box in the team's document, in its order."""
        boxed = [item for item in self.items() if item.kind == "item"]
        return sorted(boxed, key=lambda item: item.line or 0)

    def calls(self) -> Iterator[tuple[PlanItem, Call]]:
        """Every check and action the plan may run, with the item it belongs to."""
        for item in self.items():
            yield from ((item, call) for call in (*item.checks, *((item.action,) if item.action else ())))
