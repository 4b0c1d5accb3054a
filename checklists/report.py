"""The same checklist, ticked: every line with how it was decided, by what or by whom, and what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from checklists.plan import Plan, PlanItem
from checklists.standing import Standing
from tasks.core.verdicts import Status

OPEN, LATER = "OPEN", "LATER"
MARKS = {
    Status.PASSED.value: "✅",
    Status.SKIPPED.value: "⏭️",
    Status.WAIVED.value: "⚠️",
    Status.UNKNOWN.value: "❔",
    Status.FAILED.value: "❌",
    OPEN: "⬜",
    LATER: "🕒",
}
_NOT_SO = "🟢"
"""Beside a line whose tick would mean trouble: the tick of the others could be read as one."""
_TICKED = (Status.PASSED.value, Status.WAIVED.value)
_TROUBLE = {
    Status.PASSED.value: "not so",
    Status.WAIVED.value: "may be so, and was waived",
    Status.UNKNOWN.value: "not ruled out",
    Status.FAILED.value: "it is so",
}


def status_of(standing: Standing) -> str:
    """The item's status: a verdict's, or OPEN while nobody and nothing has decided it; LATER when it is known when."""
    if standing.verdict:
        return standing.verdict.status.value
    return LATER if standing.due else OPEN


def tally(items: Iterable[PlanItem], found: Mapping[str, Standing]) -> Counter[str]:
    """How many items have which status."""
    return Counter(status_of(found[item.id]) for item in items)


def ticked(plan: Plan, found: Mapping[str, Standing], *, links: Iterable[tuple[str, str]] = (), record: str = "") -> str:
    """The checklist in Markdown, with boxes ticked where an item is met and the reason beside every one.

    ``record`` says what to keep of the record that it was read from.
    """
    counts = tally(plan.lines(), found)
    lines = [f"# {plan.title}", f"**{plan.version}** → **{plan.environment}** · {headline(counts)}"]
    lines += [" · ".join(f"[{text}]({address})" for text, address in links)] if links else []
    lines += [record] if record else []
    for phase in plan.phases:
        lines.append(f"## {flat(phase.title)}")
        lines += _sections([item for gate in phase.gates for item in gate.all()], found, phase.title)
    if list(plan.rollback_items()):
        lines += ["## Rollback", *_sections(list(plan.rollback_items()), found, "Rollback")]
    for block in plan.post_deployment:
        lines += [f"## {flat(block.title)}", *_sections(list(block.gate.all()), found, block.title)]
    return "\n\n".join(lines)


def headline(counts: Mapping[str, int]) -> str:
    """``114 of 130 lines decided: 92 passed, 22 skipped; 16 due later``."""
    total, later = sum(counts.values()), counts.get(LATER, 0)
    decided = total - counts.get(OPEN, 0) - later
    told = ", ".join(f"{counts[status]} {status.lower()}" for status in Status if counts.get(status))
    return f"{decided} of {total} lines decided{f': {told}' if told else ''}{f'; {later} due later' if later else ''}"


def mark(item: PlanItem, status: str) -> str:
    """The sign beside an item of this status."""
    return _NOT_SO if item.trouble and status == Status.PASSED.value else MARKS[status]


def reading(item: PlanItem, status: str) -> str:
    """How a line is read whose tick would mean trouble, such as `` (not so)``; nothing for the others."""
    return f" ({_TROUBLE[status]})" if item.trouble and status in _TROUBLE else ""


def box(item: PlanItem, status: str) -> str:
    """``[x]`` or ``[ ]``: a tick in a list of troubles says that there is one."""
    ticked_for = (Status.FAILED.value, Status.WAIVED.value) if item.trouble else _TICKED
    return "[x]" if status in ticked_for else "[ ]"


def line(standing: Standing) -> str:
    """One item as a ticked line of Markdown."""
    item, verdict = standing.item, standing.verdict
    status = status_of(standing)
    who = f" — *{standing.by}*" if standing.by else ""
    seen = verdict.summary if verdict else standing.due
    why = f" — {flat(seen)}" if seen else ""
    remedy = f" **Remedy:** {flat(verdict.remedy)}" if verdict and verdict.status.keeps_gate_closed and verdict.remedy else ""
    title = strong(item.title) if item.kind == "item" else f"*{flat(item.title)}*"
    return f"{'  ' * item.depth}- {box(item, status)} {mark(item, status)} {title}{reading(item, status)}{who}{why}{remedy}"


def nested(items: Iterable[PlanItem]) -> list[PlanItem]:
    """The items with each heading before what stands under it: a gate begins with its actions, wherever they stood."""
    by_id = {item.id: item for item in items}
    below = {child for item in by_id.values() for child in item.children}

    def with_children(item: PlanItem) -> Iterator[PlanItem]:
        yield item
        for child in item.children:
            if child in by_id:
                yield from with_children(by_id[child])

    return [each for item in by_id.values() if item.id not in below for each in with_children(item)]


def strong(text: str) -> str:
    """The text in bold, in one line; a text that has bold parts of its own stays as it is."""
    return flat(text) if "**" in text else f"**{flat(text)}**"


def flat(text: str) -> str:
    """The text in one line: what was seen may hold anything, and must not look like further lines of the checklist."""
    return " ".join(text.split())


def _sections(items: list[PlanItem], found: Mapping[str, Standing], part: str) -> list[str]:
    blocks: list[str] = []
    for section, members in groupby(nested(items), key=lambda item: item.section):
        heading = [f"### {flat(section)}"] if section != part else []
        blocks += [*heading, "\n".join(line(found[item.id]) for item in members)]
    return blocks
