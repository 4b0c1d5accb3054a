"""What commands print: lines, tables, and the ticked checklist."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from checklists.plan import Plan, PlanItem
from checklists.report import MARKS, headline, status_of, tally
from checklists.standing import Standing
from deployments.progress import Line

_STYLES = {"PASSED": "", "SKIPPED": "dim", "FAILED": "red"}


def console() -> Console:
    """Where answers go. Piped into another program they are not wrapped."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty(), emoji=False, markup=False)


def say(*lines: Line | str) -> None:
    """Print lines, each in its style."""
    out = console()
    for line in lines:
        out.print(Text(line, "") if isinstance(line, str) else Text(line.text, line.style))


def complain(sentence: str) -> None:
    """Print a mistake to where mistakes go."""
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False, markup=False).print(Text(sentence))


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table; links and names are never cut."""
    if not sys.stdout.isatty():
        for row in rows:
            sys.stdout.write("\t".join(row) + "\n")
        return
    grid = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        grid.add_row(*(Text(cell, overflow="fold") for cell in row))
    console().print(grid)


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


def _line(standing: Standing) -> Line:
    item, verdict = standing.item, standing.verdict
    status = status_of(standing)
    box = "x" if status in ("PASSED", "WAIVED") else " "
    why = f" — {verdict.summary}" if verdict else ""
    remedy = f"  → {verdict.remedy}" if verdict and verdict.remedy and verdict.status.keeps_gate_closed else ""
    return Line(f"  {'  ' * item.depth}[{box}] {MARKS[status]} {item.title}{why}{remedy}", _STYLES.get(status, "yellow"))
