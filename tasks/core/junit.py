"""JUnit XML: what most test runners write of a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from tasks.core.errors import Malformed
from tasks.core.moments import oldest


@dataclass(frozen=True)
class Run:
    """What one report tells: how many tests passed, which failed or broke, how many were skipped, when the run began."""

    passed: int
    failed: tuple[str, ...]
    skipped: int
    begun: datetime | None


def run(text: str) -> Run:
    """The run that the report tells of. Raises ``Malformed`` for what is no JUnit XML."""
    top = parsed(text)
    if top.tag not in ("testsuites", "testsuite"):
        raise Malformed(f"The report is no JUnit XML: it begins with <{top.tag}>.")
    cases = list(top.iter("testcase"))
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    idle = [case for case in cases if case not in bad and case.find("skipped") is not None]
    begun = oldest([suite.get("timestamp") for suite in top.iter("testsuite")])
    return Run(len(cases) - len(bad) - len(idle), tuple(map(_name, bad)), len(idle), begun)


def parsed(text: str) -> ET.Element:
    """The document's top element. Raises ``Malformed``. Expat itself refuses entities that blow a text up."""
    try:
        return ET.fromstring(text)  # noqa: S314
    except (ET.ParseError, ValueError) as error:
        raise Malformed(f"The report is no XML: {error}.") from error


def _name(case: ET.Element) -> str:
    return ".".join(filter(None, (case.get("classname"), case.get("name"))))
