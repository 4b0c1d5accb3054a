"""The same checklist, ticked: every line with how it was decided, by what or by whom, and what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby

from checklists.plan import Plan, PlanItem
from checklists.standing import Standing
from tasks.core.verdicts import Status

OPEN = "OPEN"
MARKS = {
    Status.PASSED.value: "✅",
    Status.SKIPPED.value: "⏭️",
    Status.WAIVED.value: "⚠️",
    Status.UNKNOWN.value: "❔",
    Status.FAILED.value: "❌",
    OPEN: "⬜",
}
_TICKED = (Status.PASSED.value, Status.WAIVED.value)


def status_of(standing: Standing) -> str:
    """The item's status: a verdict's, or OPEN while nobody and nothing has decided it."""
    return standing.verdict.status.value if standing.verdict else OPEN


def tally(items: Iterable[PlanItem], found: Mapping[str, Standing]) -> Counter[str]:
    """How many items have which status."""
    return Counter(status_of(found[item.id]) for item in items)


def ticked(plan: Plan, found: Mapping[str, Standing], *, links: Iterable[tuple[str, str]] = ()) -> str:
    """The checklist in Markdown, with boxes ticked where an item is met and the reason beside every one."""
    counts = tally(plan.lines(), found)
    lines = [f"# {plan.title}", f"**{plan.version}** → **{plan.environment}** · {headline(counts)}"]
    lines += [" · ".join(f"[{text}]({address})" for text, address in links)] if links else []
    for phase in plan.phases:
        lines.append(f"## {phase.title}")
        lines += _sections([item for gate in phase.gates for item in gate.all()], found)
    if list(plan.rollback_items()):
        lines += ["## Rollback", *_sections(list(plan.rollback_items()), found)]
    return "\n\n".join(lines)


def headline(counts: Mapping[str, int]) -> str:
    """``114 of 116 lines decided: 92 passed, 22 skipped; 2 open``."""
    total = sum(counts.values())
    decided = total - counts.get(OPEN, 0)
    told = ", ".join(f"{counts[status]} {status.lower()}" for status in MARKS if status != OPEN and counts.get(status))
    return f"{decided} of {total} lines decided: {told or 'none'}"


def line(standing: Standing) -> str:
    """One item as a ticked line of Markdown."""
    item, verdict = standing.item, standing.verdict
    status = status_of(standing)
    box = "x" if status in _TICKED else " "
    who = f" — *{standing.by}*" if standing.by else ""
    why = f" — {verdict.summary}" if verdict else ""
    remedy = f" **Remedy:** {verdict.remedy}" if verdict and verdict.status.keeps_gate_closed and verdict.remedy else ""
    title = item.title if item.kind == "item" else f"*{item.title}*"
    return f"{'  ' * item.depth}- [{box}] {MARKS[status]} {title}{who}{why}{remedy}"


def _sections(items: list[PlanItem], found: Mapping[str, Standing]) -> list[str]:
    blocks: list[str] = []
    for section, members in groupby(items, key=lambda item: item.section):
        blocks += [f"### {section}", "\n".join(line(found[item.id]) for item in members)]
    return blocks
