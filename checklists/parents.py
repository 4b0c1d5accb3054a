"""A parent is met when what is under it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from tasks.core.verdicts import Status, Verdict, worst


def met_by(children: Iterable[Verdict | None], own: Iterable[Verdict | None] = ()) -> Verdict | None:
    """How a parent stands by its children and by what decides it itself; None while any of them is undecided.

    Children that do not apply say nothing about the others; when none applies, neither does a parent that has nothing of
    its own to decide.
    """
    below, itself = list(children), list(own)
    every = [verdict for verdict in (*itself, *below) if verdict is not None]
    if len(every) < len(below) + len(itself):
        return None
    applying = [verdict for verdict in every if verdict.status is not Status.SKIPPED]
    met = worst(applying or every)
    if itself or met.status is not Status.PASSED:
        return met
    spared = len(every) - len(applying)
    return replace(met, summary=f"Met by {_counted(len(applying))} below{f'; {spared} not asked for' if spared else ''}.")


def _counted(lines: int) -> str:
    return "the one line" if lines == 1 else f"all {lines} lines"
