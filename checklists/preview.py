"""What a release would do, before it does: the actions, the checks, who is asked, and what is missing."""

from __future__ import annotations

from checklists.plan import Plan, PlanItem
from checklists.report import flat, nested
from tasks.approvals import Registry


def preview(plan: Plan, registry: Registry) -> str:
    """The plan in Markdown."""
    lines = [f"# {plan.title} {plan.version} → {plan.environment}", f"{summary(plan)}"]
    lines += [f"⚠️ {problem}" for problem in missing(plan, registry)]
    for phase in plan.phases:
        items = nested(item for gate in phase.gates for item in gate.all())
        lines += [f"## {phase.title} ({phase.kind})", "\n".join(_line(item) for item in items)]
        lines += [f"_{len(gate.items)} of these are decided with go or no go._" for gate in phase.gates if gate.decision]
    if plan.rollback.triggers.items:
        lines += ["## What calls for a rollback", "\n".join(_line(item) for item in plan.rollback.triggers.items)]
    for block in plan.post_deployment:
        lines += [
            f"## {block.title} (later, {len(block.times)} time(s))",
            "\n".join(_line(item) for item in nested(block.gate.items)),
        ]
    return "\n\n".join(lines)


def summary(plan: Plan) -> str:
    """How many lines there are and how they are decided, in one sentence."""
    lines = plan.lines()
    skipped = [item for item in lines if item.skip]
    noticed = [item for item in plan.rollback.triggers.items if item not in plan.rollback.watched]
    people = [item for item in lines if (item.ask or item in noticed) and not item.skip]
    actions = [item for item in plan.main() if item.action and not item.skip]
    checks = len(lines) - len(skipped) - len(people)
    return (
        f"{len(lines)} lines: {checks} decided by checks and actions, {len(people)} by people, {len(skipped)} do not apply; "
        f"{len(actions)} actions change something."
    )


def missing(plan: Plan, registry: Registry) -> list[str]:
    """What would stop the release later: roles that nobody has who may sign it."""
    problems = []
    for role, needed in _roles(plan).items():
        able = [person for person in registry.with_role(role) if not person.goes_by(plan.requested_by)]
        if not able:
            problems.append(f"Nobody but the requester has the role {role}, which {needed}; add somebody to the registry.")
    return problems


def _roles(plan: Plan) -> dict[str, str]:
    """Every role that somebody must have, with what it is needed for, the first of it."""
    later = [item for block in plan.post_deployment for item in block.gate.items]
    asked = [*plan.main(), *later, *plan.rollback.follow_up.items]
    needed = [(item.ask.by, f"'{item.title}' needs") for item in asked if item.ask and not item.skip]
    needed += [(plan.policy.waive_by, "may waive a failed check"), (plan.rollback.decide_by, "decides on a rollback")]
    needed += [(block.decide_by, f"decides when '{block.title}' fails") for block in plan.post_deployment]
    return {role: told for role, told in reversed(needed) if role}


def _line(item: PlanItem) -> str:
    if item.skip:
        how = f"⏭️ {flat(item.skip)}"
    else:
        action = [f"**does** `{item.action.id}`"] if item.action else []
        checks = [f"checks `{call.id}`" for call in item.checks]
        asks = [f"asks **{item.ask.by}**"] if item.ask else []
        unseen = "met when its children are" if item.children or not item.trouble else "for people to notice"
        how = ", ".join([*action, *checks, *asks]) or unseen
    return f"{'  ' * item.depth}- {flat(item.assertion)} — {how}"
