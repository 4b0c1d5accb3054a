"""What commands print: lines, tables and complaints."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text


@dataclass(frozen=True)
class Line:
    """One line of text and how it looks: a style of rich, or empty."""

    text: str
    style: str = ""


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
