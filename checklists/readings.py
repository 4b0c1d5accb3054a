"""What the checks of an item read, in a few lines of plain text for the person who decides on it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tasks.core.series import outline

_LINES = 20
_WIDTH = 100
_COLUMNS = 4
_CELL = 40
_HIDDEN = "[hidden]"


def shown(evidence: Iterable[Mapping[str, Any]], limit: int = _LINES) -> list[str]:
    """At most ``limit`` lines, each of printable text without a line break: every question, and below it what was answered.

    Mappings that are alike become a table, as do the answers to one question asked of many things, and numbers a curve.
    """
    asked: dict[str, list[Mapping[str, Any]]] = {}
    for reading in evidence:
        asked.setdefault(str(reading.get("question", "")).partition(" {")[0], []).append(reading)
    each = max(limit // len(asked), 2) if asked else 0
    lines = [line for name, alike in asked.items() for line in _cut(_told(name, alike), each)]
    return [_plain(line) for line in _cut(lines, limit)]


def _told(name: str, alike: Sequence[Mapping[str, Any]]) -> list[str]:
    if len(alike) == 1:
        answer = _body(alike[0].get("answer")) if "error" not in alike[0] else [f"not answered: {alike[0]['error']}"]
        return [str(alike[0].get("question", "")), *(f"  {line}" for line in answer)]
    rows = [{"of": _of(reading), **row} for reading in alike for row in _rows(reading)]
    return [f"{name}, asked {len(alike)} times", *(f"  {line}" for line in _table(rows, ("of",)))]


def _of(reading: Mapping[str, Any]) -> str:
    """What one of many alike questions was about: the texts among its arguments."""
    try:
        given = json.loads("{" + str(reading.get("question", "")).partition(" {")[2])
    except ValueError:
        return ""
    return ", ".join(cell for cell in _flattened(given).values() if not cell.replace(".", "").isdecimal())


def _rows(reading: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    answer = reading.get("answer")
    if "error" in reading or not isinstance(answer, Mapping):
        return [{"answer": f"not answered: {reading['error']}" if "error" in reading else _body(answer)[0]}]
    lists = [each for each in answer.values() if isinstance(each, list) and all(isinstance(row, Mapping) for row in each)]
    full = next((each for each in lists if each), None)
    return full or [{"answer": "(none)"} if lists and len(lists) == len(answer) else answer]


def _body(value: Any) -> list[str]:
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()] or ["(nothing)"]
    if isinstance(value, Mapping):
        return [line for name, each in value.items() for line in _named(str(name), each)] or ["(nothing)"]
    if isinstance(value, Sequence):
        return _many(value)
    return [_cell(value)]


def _named(name: str, value: Any) -> list[str]:
    lines = _body(value)
    nested = isinstance(value, (Mapping, list)) and (len(lines) > 1 or isinstance(value, Mapping))
    return [f"{name}:", *(f"  {line}" for line in lines)] if nested else [f"{name}: {lines[0]}", *lines[1:]]


def _many(values: Sequence[Any]) -> list[str]:
    if not values:
        return ["(none)"]
    figures = [_figure(each) for each in values]
    if len(values) > 1 and all(figure is not None for figure in figures):
        return [outline([figure for figure in figures if figure is not None])]
    if all(isinstance(each, Mapping) for each in values):
        return _table(values)
    if not any(isinstance(each, (Mapping, list)) for each in values):
        return [", ".join(_cell(each) for each in values)]
    return [line for each in values for line in _body(each)]


def _figure(value: Any) -> float | None:
    """A number, or that of a pair of time and value, as Prometheus writes them: the value as text."""
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], (int, float)):
        try:
            value = float(value[1])
        except (ValueError, TypeError):
            return None
    figure = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if figure else None


def _table(rows: Sequence[Mapping[str, Any]], leading: Sequence[str] = ()) -> list[str]:
    """The columns that most rows have a value in, of these the ones that differ from row to row, of these the short ones."""
    flat = [_flattened(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    telling = sorted(names, key=lambda name: (name not in leading, *_worth([row.get(name, "") for row in flat])))
    columns = [name for name in names if name in telling[:_COLUMNS]]
    short = [name.rpartition(".")[2] for name in columns]
    cells = [short if len(set(short)) == len(short) else columns, *([row.get(name, "") for name in columns] for row in flat)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(columns))]
    lines = [" ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return lines if columns else [f"{len(rows)} entries"]


def _worth(column: Sequence[str]) -> tuple[int, bool, int]:
    """The less, the more the column tells."""
    return -sum(bool(cell) and cell != _HIDDEN for cell in column), len(set(column)) == 1, max(len(cell) for cell in column)


def _flattened(row: Mapping[str, Any], before: str = "") -> dict[str, str]:
    """``{"a": {"b": 1}}`` as ``{"a.b": "1"}``; a list of values is one text, of numbers a curve."""
    cells: dict[str, str] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            cells |= _flattened(value, f"{before}{name}.")
        elif not isinstance(value, list):
            cells[f"{before}{name}"] = _cell(value)[:_CELL]
        elif value and not any(isinstance(each, Mapping) for each in value):
            cells[f"{before}{name}"] = _many(value)[0]
    return cells


def _cell(value: Any) -> str:
    return " ".join(str(value).split()) if value is not None else "-"


def _cut(lines: list[str], limit: int) -> list[str]:
    return lines if len(lines) <= limit else [*lines[: limit - 1], f"… {len(lines) - limit + 1} more lines"]


def _plain(line: str) -> str:
    """The line without anything that could end it, cut where it is long."""
    text = "".join(letter if letter.isprintable() else " " for letter in line).rstrip()
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
