"""A part of a plan as a plan of its own: what one phase, a later check or the follow-up of a rollback runs and shows."""

from __future__ import annotations

from checklists.plan import Gate, Plan, PlanBlock, PlanPhase, PlanRollback


def of_phases(plan: Plan, kind: str) -> Plan:
    """The phases of one kind."""
    return _only(plan, *(phase for phase in plan.phases if phase.kind == kind))


def of_block(plan: Plan, block: PlanBlock) -> Plan:
    """One post-deployment block, with the rollback triggers that it watches."""
    watching = Gate(items=(*block.gate.items, *plan.rollback.watched))
    return _only(plan, PlanPhase(kind="monitor", title=block.title, gates=(watching,)))


def of_follow_up(plan: Plan) -> Plan:
    """What a rollback leaves to people."""
    return _only(plan, PlanPhase(kind="rollback", title="Follow-up of the rollback", gates=(plan.rollback.follow_up,)))


def _only(plan: Plan, *phases: PlanPhase) -> Plan:
    nothing = Gate()
    reasons = PlanRollback(
        decide_by=plan.rollback.decide_by,
        reasons=plan.rollback.offered,
        diagnosis=nothing,
        steps=nothing,
        verification=nothing,
        follow_up=nothing,
    )
    return plan.model_copy(update={"phases": phases, "rollback": reasons, "post_deployment": ()})
