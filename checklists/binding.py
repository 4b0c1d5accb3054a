"""From a checklist to the plan of one release: parameters answered, templates rendered, conditions decided, gates cut."""

from __future__ import annotations

from collections.abc import Iterator

from checklists import gates
from checklists.arguments import misnamed, mistyped
from checklists.durations import seconds
from checklists.items import Binding
from checklists.lines import Location
from checklists.loader import Loaded
from checklists.model import Block, Checklist, Rollback
from checklists.parameters import answered
from checklists.places import TRIGGERS, Place, places
from checklists.plan import FORMAT, Call, Gate, Plan, PlanBlock, PlanItem, PlanPhase, PlanRollback, Policy
from checklists.request import Request, mistaken
from checklists.suggestions import shown
from checklists.templates import named
from tasks.core.errors import DefinitionError, DefinitionErrors
from tasks.core.registry import catalogue

_MOST_RUNS = 200  # of one post-deployment block


def bind(loaded: Loaded, request: Request) -> Plan:
    """The plan of the release. Raises ``DefinitionErrors`` with every mistake in the request and what follows from it."""
    checklist = loaded.checklist
    parameters, wrong = answered(checklist, request.answers)
    wrong = [*mistaken(checklist, request), *wrong]
    if wrong:
        raise DefinitionErrors([DefinitionError(sentence) for sentence in wrong])
    values = {
        **parameters,
        **checklist.environments[request.environment].values,
        "environment": request.environment,
        "version": request.version,
        "requested_by": request.requested_by,
        "change_ticket": request.change_ticket,
        "checklist": checklist.checklist,
    }
    binding = Binding(loaded, request.environment, values)
    bound = _Bound(binding, places(checklist))
    _refuse_uncaptured(binding, bound)
    if binding.mistakes:
        raise DefinitionErrors(binding.mistakes)
    return Plan(
        checklist=checklist.checklist,
        title=checklist.title,
        digest=loaded.digest,
        environment=request.environment,
        version=request.version,
        requested_by=request.requested_by,
        change_ticket=request.change_ticket,
        parameters=parameters,
        workspace=checklist.workspace or checklist.checklist,
        policy=_policy(checklist, request.environment),
        phases=tuple(_phases(checklist, bound)),
        rollback=_rollback(checklist.rollback, bound),
        post_deployment=tuple(
            _block(checklist, number, block, bound) for number, block in enumerate(checklist.post_deployment)
        ),
    )


def refuse_unrunnable(plan: Plan) -> None:
    """Raise ``DefinitionErrors`` when this code cannot run the plan as it was frozen."""
    then = "finish or abort the release with the code that began it"
    if plan.format != FORMAT:
        raise DefinitionError(f"The plan has format {plan.format} and this code runs format {FORMAT}; {then}.")
    wrong: list[str] = []
    for item, call in plan.calls():
        wrong += [
            f"{shown(item.title)} cannot run any more: {sentence} To go on, {then}." for sentence in _unrunnable(item, call)
        ]
    if wrong:
        raise DefinitionErrors([DefinitionError(sentence) for sentence in wrong])


class _Bound:
    """Every item bound once, found by the group it belongs to."""

    def __init__(self, binding: Binding, every: list[Place]) -> None:
        children: dict[str, tuple[str, ...]] = {}
        for place in every:
            if place.parents:
                children[place.parents[-1].id] = (*children.get(place.parents[-1].id, ()), place.id)
        self.all = [(place, binding.item(place, children.get(place.id, ()))) for place in every]
        self.parents = {place.id: tuple(each.id for each in place.parents) for place in every}
        self.decisions = {place.id for place in every if place.section.decision}

    def group(self, *location: str | int) -> list[PlanItem]:
        return [item for place, item in self.all if place.group == location]

    def cut(self, *location: str | int) -> tuple[Gate, ...]:
        return gates.cut(self.group(*location), self.parents, self.decisions)

    def joined(self, *location: str | int) -> Gate:
        return gates.joined(self.group(*location))


def _phases(checklist: Checklist, bound: _Bound) -> Iterator[PlanPhase]:
    for number, phase in enumerate(checklist.phases):
        yield PlanPhase(kind=phase.phase, title=phase.title, gates=bound.cut("phases", number))
    if checklist.sign_off:
        yield PlanPhase(kind="sign-off", title="Sign-Off", gates=bound.cut("sign_off"))


def _rollback(rollback: Rollback | None, bound: _Bound) -> PlanRollback:
    return PlanRollback(
        decide_by=rollback.decide_by if rollback else "",
        reasons=rollback.reasons if rollback else (),
        triggers=bound.joined(*TRIGGERS),
        diagnosis=bound.joined("rollback", "diagnosis"),
        steps=bound.joined("rollback", "steps"),
        verification=bound.joined("rollback", "verification"),
        follow_up=bound.joined("rollback", "follow_up"),
    )


def _block(checklist: Checklist, number: int, block: Block, bound: _Bound) -> PlanBlock:
    decides = checklist.rollback.decide_by if checklist.rollback else ""
    return PlanBlock(
        id=block.id,
        title=block.title,
        times=_times(block),
        on_failure=block.on_failure,
        decide_by=block.decide_by or decides,
        gate=bound.joined("post_deployment", number),
    )


def _times(block: Block) -> tuple[int, ...]:
    first = seconds(block.after)
    if block.every is None or block.until is None:
        return (first,)
    return tuple(range(first, max(seconds(block.until), first) + 1, max(seconds(block.every), 1)))[:_MOST_RUNS]


def _policy(checklist: Checklist, environment: str) -> Policy:
    strictness = checklist.environments[environment]
    return Policy(
        on_failure=strictness.on_failure,
        recheck_every=seconds(strictness.recheck_every),
        recheck_for=seconds(strictness.recheck_for),
        recheck_after=seconds(strictness.recheck_after),
        hold_expires=seconds(strictness.hold_expires),
        waive_by=checklist.waive_by,
    )


def _refuse_uncaptured(binding: Binding, bound: _Bound) -> None:
    """A fact whose only source does not apply to this release would keep a gate closed for ever."""
    captured = {name for _, item in bound.all for name in item.capture}
    for place, item in bound.all:
        for call in (*item.checks, *((item.action,) if item.action else ())):
            for argument, late in call.late.items():
                for name in sorted(named(late.template).captured - captured):
                    binding.mistake(_argument(place, argument), f"No item that applies to this release captures '{name}'.")


def _argument(place: Place, argument: str) -> Location:
    return next(((*location, "with", argument) for location, _, _, given in place.calls() if argument in given), place.location)


def _unrunnable(item: PlanItem, call: Call) -> Iterator[str]:
    definition = catalogue().get(call.id)
    if definition is None:
        yield f"the catalogue has no '{call.id}' any more."
        return
    kind = "action" if call is item.action else "check"
    if definition.kind != kind:
        yield f"'{call.id}' is no {kind} any more."
    yield from (sentence for _, sentence in misnamed(definition, {**call.arguments, **call.late}))
    yield from (sentence for _, sentence in mistyped(definition, call.arguments))
