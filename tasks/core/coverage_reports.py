"""Reports of test coverage: Cobertura XML, coverage.py's JSON, Istanbul's summary, lcov."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tasks.core.errors import Malformed
from tasks.core.junit import parsed
from tasks.core.moments import moment


@dataclass(frozen=True)
class Coverage:
    """The share of lines that tests ran, in percent, and when that was measured where the report says so."""

    percent: float
    measured: datetime | None


def coverage(text: str) -> Coverage:
    """What the report tells, whichever of the four kinds it is. Raises ``Malformed``."""
    start = text.lstrip()[:1]
    try:
        return _xml(text) if start == "<" else _json(text) if start == "{" else _lcov(text)
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise Malformed(f"The report is no coverage report that is known: {error}.") from error


def _xml(text: str) -> Coverage:
    top = parsed(text)
    if top.tag != "coverage":
        raise Malformed(f"The report is no Cobertura XML: it begins with <{top.tag}>.")
    if top.get("lines-valid") == "0":
        raise Malformed("The report covers no line at all.")
    stamp = top.get("timestamp")
    return Coverage(100 * float(top.attrib["line-rate"]), moment(stamp) if stamp else None)


def _json(text: str) -> Coverage:
    content: dict[str, Any] = json.loads(text)
    if "totals" in content:
        if not content["totals"]["num_statements"]:
            raise Malformed("The report covers no line at all.")
        return Coverage(float(content["totals"]["percent_covered"]), moment(content["meta"]["timestamp"]))
    lines = content["total"]["lines"]
    return Coverage(100 * lines["covered"] / lines["total"], None)


def _lcov(text: str) -> Coverage:
    found = sum(map(int, re.findall(r"^LF:(\d+)", text, re.MULTILINE)))
    hit = sum(map(int, re.findall(r"^LH:(\d+)", text, re.MULTILINE)))
    return Coverage(100 * hit / found, None)
