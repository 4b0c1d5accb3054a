"""What a check concluded, and how conclusions add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The five verdicts. Worst-of runs in the order of the members below."""

    PASSED = "PASSED"
    SKIPPED = "SKIPPED"
    WAIVED = "WAIVED"
    UNKNOWN = "UNKNOWN"
    FAILED = "FAILED"

    @property
    def severity(self) -> int:
        """0 for PASSED to 4 for FAILED."""
        return list(Status).index(self)

    @property
    def keeps_gate_closed(self) -> bool:
        """Whether a gate with such an item stays closed."""
        return self in (Status.UNKNOWN, Status.FAILED)


@dataclass(frozen=True)
class Verdict:
    """One conclusion.

    ``summary`` is a sentence: what was seen against what was wanted, naming the resource. ``facts`` are named values
    that later items may use (an endpoint, an account id); they are shown and recorded, so never a secret.
    """

    status: Status
    summary: str
    remedy: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The verdict as the record keeps it."""
        shape: dict[str, Any] = {"status": self.status.value, "summary": self.summary}
        return shape | ({"remedy": self.remedy} if self.remedy else {}) | ({"facts": dict(self.facts)} if self.facts else {})

    @staticmethod
    def from_json(shape: Mapping[str, Any]) -> Verdict:
        """The verdict that ``as_json`` wrote."""
        return Verdict(Status(shape["status"]), shape["summary"], shape.get("remedy", ""), shape.get("facts", {}))


def passed(summary: str, facts: Mapping[str, str] | None = None) -> Verdict:
    """The assertion holds."""
    return Verdict(Status.PASSED, summary, facts=facts or {})


def failed(summary: str, remedy: str = "") -> Verdict:
    """The assertion does not hold. ``remedy`` overrides the catalogue's remedy where the check knows a better one."""
    return Verdict(Status.FAILED, summary, remedy)


def unknown(summary: str, remedy: str = "") -> Verdict:
    """Nobody can say whether the assertion holds; the gate stays closed."""
    return Verdict(Status.UNKNOWN, summary, remedy)


def skipped(reason: str) -> Verdict:
    """The assertion does not apply to this release, because of ``reason``."""
    return Verdict(Status.SKIPPED, reason)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """All verdicts as one: the worst status, the sentences of those that have it, every fact.

    No verdict at all is UNKNOWN: nothing judged is not a pass.
    """
    every = list(verdicts)
    if not every:
        return unknown("Nothing was judged.")
    status = max((verdict.status for verdict in every), key=lambda each: each.severity)
    telling = [verdict for verdict in every if verdict.status is status]
    facts = {name: value for verdict in every for name, value in verdict.facts.items()}
    remedies = list(dict.fromkeys(verdict.remedy for verdict in telling if verdict.remedy))
    return Verdict(status, " ".join(dict.fromkeys(each.summary for each in telling)), " ".join(remedies), facts)
