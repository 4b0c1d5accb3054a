"""Runs the unit tests; leaves reports/unit.xml (JUnit) and reports/coverage.json (as coverage.py writes it)."""

from __future__ import annotations

import dis
import json
import sys
import threading
import unittest
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType
from typing import Any
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "gennet"
REPORTS = ROOT / "reports"
ran: dict[str, set[int]] = defaultdict(set)


def note(frame: FrameType, event: str, _argument: object) -> Any:
    """Remember each line of ours that runs."""
    if not frame.f_code.co_filename.startswith(str(SOURCE)):
        return None
    if event == "line":
        ran[frame.f_code.co_filename].add(frame.f_lineno)
    return note


def lines(code: CodeType) -> set[int]:
    """The lines of a module that could run."""
    found = {number for _, number in dis.findlinestarts(code) if number}
    for each in code.co_consts:
        found |= lines(each) if isinstance(each, CodeType) else set()
    return found


class Result(unittest.TextTestResult):
    """Keeps what passed, too."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.passed: list[unittest.TestCase] = []

    def addSuccess(self, test: unittest.TestCase) -> None:
        """Keep it."""
        super().addSuccess(test)
        self.passed.append(test)


def main() -> int:
    """Run, write, and end as the tests did."""
    begun = datetime.now(UTC).isoformat()
    sys.path.insert(0, str(ROOT))
    threading.settrace(note)
    sys.settrace(note)
    suite = unittest.defaultTestLoader.discover(str(ROOT / "tests" / "unit"), top_level_dir=str(ROOT))
    result = unittest.TextTestRunner(resultclass=Result).run(suite)
    sys.settrace(None)
    REPORTS.mkdir(exist_ok=True)
    write_junit(result, begun)
    write_coverage()
    return 0 if result.wasSuccessful() else 1


def write_junit(result: unittest.TestResult, begun: str) -> None:
    """Every test with what became of it."""
    bad = [(test, text) for test, text in [*result.failures, *result.errors]]
    attributes = {"name": "unit", "tests": str(result.testsRun), "failures": str(len(bad)), "timestamp": begun}
    top = ET.Element("testsuite", attributes)
    for test in getattr(result, "passed", []):
        ET.SubElement(top, "testcase", {"name": test.id()})
    for test, text in bad:
        ET.SubElement(ET.SubElement(top, "testcase", {"name": test.id()}), "failure").text = text
    ET.ElementTree(top).write(REPORTS / "unit.xml", encoding="utf-8", xml_declaration=True)


def write_coverage() -> None:
    """How many of the lines that could run did."""
    there = {str(path): lines(compile(path.read_text(), str(path), "exec")) for path in SOURCE.glob("*.py")}
    whole = sum(map(len, there.values()))
    hit = sum(len(found & ran[path]) for path, found in there.items())
    percent = 100 * hit / whole
    sys.stdout.write(f"{hit} of {whole} lines ran: {percent:.1f} %\n")
    content = {
        "meta": {"timestamp": datetime.now(UTC).isoformat()},
        "totals": {"num_statements": whole, "covered_lines": hit, "percent_covered": percent},
    }
    (REPORTS / "coverage.json").write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
