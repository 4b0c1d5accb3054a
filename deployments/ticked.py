"""The checklist of a release in the terminal: every line with its box and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.plan import Plan, PlanItem
from checklists.report import box, headline, mark, reading, status_of, tally
from checklists.standing import Standing
from deployments.terminal import Line, say

_STYLES = {"PASSED": "", "SKIPPED": "dim", "FAILED": "red"}


def checklist(plan: Plan, found: Mapping[str, Standing]) -> None:
    """Print the checklist as it stands, every line with its box and why."""
    say(Line(f"{plan.title} {plan.version} → {plan.environment}", "bold"))
    for title, items in _parts(plan):
        say("", Line(title, "bold underline"))
        section = ""
        for item in items:
            if item.section != section:
                section = item.section
                say(Line(f" {section}", "bold"))
            say(_line(found[item.id]))
    say("", Line(headline(tally(plan.lines(), found)), "bold"))


def _parts(plan: Plan) -> Iterable[tuple[str, list[PlanItem]]]:
    for phase in plan.phases:
        yield phase.title, [item for gate in phase.gates for item in gate.all()]
    if rollback := list(plan.rollback_items()):
        yield "Rollback", rollback
    yield from ((block.title, list(block.gate.all())) for block in plan.post_deployment)


def _line(standing: Standing) -> Line:
    item, verdict = standing.item, standing.verdict
    status = status_of(standing)
    seen = verdict.summary if verdict else standing.due
    why = f" — {seen}" if seen else ""
    remedy = f"  → {verdict.remedy}" if verdict and verdict.remedy and verdict.status.keeps_gate_closed else ""
    told = f"{box(item, status)} {mark(item, status)} {item.title}{reading(item, status)}{why}{remedy}"
    return Line(f"  {'  ' * item.depth}{told}", _STYLES.get(status, "yellow"))
