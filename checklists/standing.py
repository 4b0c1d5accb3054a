"""How each item of a release stands, read from its record and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from checklists.accounting import account
from checklists.parents import met_by
from checklists.plan import Plan, PlanItem
from tasks.core.verdicts import Status, Verdict
from tasks.record import Entry

SIGNING = frozenset({"approve", "go"})
"""Answers to a hold that sign items; every other one decides the hold."""


@dataclass(frozen=True)
class Standing:
    """One item. ``verdict`` is None while it is undecided; ``by`` names the person who signed; ``evidence`` is a digest.

    ``facts`` outlive the verdict that a signature takes the place of. ``due`` says when an undecided item will be looked at.
    """

    item: PlanItem
    verdict: Verdict | None = None
    by: str = ""
    at: datetime | None = None
    evidence: str = ""
    blanks: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    due: str = ""

    @property
    def open(self) -> bool:
        """Whether it still keeps its gate closed."""
        return self.verdict is None or self.verdict.status.keeps_gate_closed


@dataclass(frozen=True)
class Change:
    """An action that was begun. ``outcome``: "performed", "failed", "undone", "undo failed", or empty, its end unknown."""

    item: str
    attempt: int
    action: str
    arguments: Mapping[str, Any]
    before: Mapping[str, Any]
    matters: bool
    outcome: str = ""
    summary: str = ""


def standings(plan: Plan, entries: Iterable[Entry]) -> dict[str, Standing]:
    """Every item of the plan by ID, in the plan's order."""
    found = {item.id: _at_first(item) for item in plan.items()}
    signed: dict[str, Entry] = {}
    entries = tuple(entries)
    for entry in entries:
        if entry.type == "sampled":
            for name, shape in entry.body["verdicts"].items():
                _sampled(found, signed, name, shape, entry)
        elif entry.type == "signed" and entry.body["decision"] in SIGNING:
            for name in entry.body["items"]:
                signed[name] = entry
                _signed(found, name, entry)
        elif entry.type in ("performed", "action failed"):
            _acted(found, entry)
        else:
            account(plan, found, entry, entries)
    return _with_parents(found)


def changes(entries: Iterable[Entry]) -> list[Change]:
    """The actions begun so far, in order; an action that was begun again after a settled attempt stands once, at its last."""
    found: dict[str, Change] = {}
    outcomes = {
        "performed": "performed",
        "action failed": "failed",
        "undone": "undone",
        "undo failed": "undo failed",
        "not done": "not done",
    }
    for entry in entries:
        body = entry.body
        if entry.type == "intended":
            first = found.get(body["item"])
            noted = first.before if first else body["before"]
            found[body["item"]] = Change(
                body["item"], body["attempt"], body["action"], body["arguments"], noted, body["matters"]
            )
        elif entry.type in outcomes and body["item"] in found:
            begun = found[body["item"]]
            found[body["item"]] = Change(
                begun.item, begun.attempt, begun.action, begun.arguments, begun.before, begun.matters,
                outcomes[entry.type], body.get("summary", ""),
            )  # fmt: skip
    return [change for change in found.values() if change.outcome != "not done"]


def captured(plan: Plan, found: Mapping[str, Standing]) -> dict[str, str]:
    """The facts that items have captured so far, by the names the checklist gave them."""
    facts: dict[str, str] = {}
    for item in plan.items():
        known = found[item.id].facts
        facts |= {name: known[fact] for name, fact in item.capture.items() if fact in known}
    return facts


def _at_first(item: PlanItem) -> Standing:
    return Standing(item, Verdict(Status.SKIPPED, item.skip)) if item.skip else Standing(item)


def _sampled(found: dict[str, Standing], signed: dict[str, Entry], name: str, shape: Mapping[str, Any], entry: Entry) -> None:
    standing = found[name]
    verdict = Verdict.from_json(shape)
    facts = {**(standing.facts if standing.item.action else {}), **verdict.facts}
    seen = Standing(standing.item, at=entry.at, evidence=shape.get("evidence", ""), facts=facts)
    if standing.item.ask is None or verdict.status is Status.SKIPPED:
        found[name] = replace(seen, verdict=replace(verdict, facts=facts))
    elif name in signed and not verdict.status.keeps_gate_closed:
        found[name] = replace(standing, evidence=seen.evidence, facts=facts)
    else:
        signed.pop(name, None)  # what was signed is not what is seen now
        found[name] = replace(seen, verdict=verdict if standing.item.judged and verdict.status.keeps_gate_closed else None)


def _signed(found: dict[str, Standing], name: str, entry: Entry) -> None:
    standing = found[name]
    blanks = {
        blank.title: entry.body["blanks"].get(name, {}).get(blank.name, "")
        for blank in (standing.item.ask.blanks if standing.item.ask else ())
    }
    told = "; ".join(f"{title}: {text}" for title, text in blanks.items() if text)
    summary = f"Signed by {entry.body['name']} ({entry.body['role']}){': ' + told if told else ''}."
    found[name] = replace(
        standing, verdict=Verdict(Status.PASSED, summary), by=entry.body["person"], at=entry.at, blanks=blanks
    )


def _acted(found: dict[str, Standing], entry: Entry) -> None:
    standing = found[entry.body["item"]]
    status = Status.PASSED if entry.type == "performed" else Status.FAILED
    facts = entry.body.get("facts", {})
    found[entry.body["item"]] = Standing(
        standing.item, Verdict(status, entry.body["summary"], facts=facts), at=entry.at, facts=facts
    )


def _with_parents(found: dict[str, Standing]) -> dict[str, Standing]:
    """A parent stands as its children do, and as what decides it itself."""
    for name, standing in reversed(list(found.items())):
        if standing.item.children and not standing.item.skip:
            own = [standing.verdict] if standing.item.checks or standing.item.ask or standing.item.action else []
            verdict = met_by([found[child].verdict for child in standing.item.children], own)
            found[name] = replace(standing, verdict=verdict, facts=verdict.facts if verdict else standing.facts)
    return found
