"""What a hold shows: a Markdown description with what passed and what is open, and the form that is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from prefect.input import RunInput
from pydantic import Field, create_model

from checklists.durations import spoken
from checklists.plan import Blank, PlanItem
from checklists.report import flat
from checklists.standing import Standing
from flows.holds import Hold, answered, refusals
from flows.journey import Journey
from tasks.approvals import Registry
from tasks.core.verdicts import Status

ALL_MINE = "All items of my role"
_MARKS = {Status.PASSED: "✅", Status.SKIPPED: "⏭️", Status.WAIVED: "⚠️", Status.UNKNOWN: "❔", Status.FAILED: "❌"}


def form(journey: Journey, hold: Hold) -> type[RunInput]:
    """The form as Prefect's UI renders it. Nothing has a default that decides anything; answers are judged elsewhere.

    No field may be named like a keyword of JSON schema (``items``, ``type`` …): the UI posts the answers where a schema is
    expected, and the server refuses them.
    """
    people = sorted(Registry.load(journey.settings.approvers).people)
    fields: dict[str, Any] = {
        "approver": (_choice(people), Field(title="Who you are")),
        "code": (str, Field(title="One-time code", pattern=r"^\s*\d{6}\s*$", description="Six digits of your authenticator")),
        "decision": (_choice(list(hold.decisions)), Field(title="Decision")),
    }
    if hold.items:
        fields["about"] = (_several([ALL_MINE, *choices(hold)]), Field(default=[ALL_MINE], title="Items"))
    for item in hold.items:
        for blank in item.ask.blanks if item.ask and "approve" in hold.decisions else ():
            fields[blank_name(hold, item, blank)] = (
                str,
                Field(default="", title=f"{item.title}: {blank.title}", description="For its signer"),
            )
    fields["comment"] = (str, Field(default="", title="Comment"))
    if "waive" in hold.decisions:
        fields["waive_until"] = (str, Field(default="", title="Waived until", description="YYYY-MM-DD; one day when empty"))
    model: type[RunInput] = create_model("Answer", __base__=RunInput, **fields)
    return model.with_initial_data(description=describe(journey, hold))


def describe(journey: Journey, hold: Hold) -> str:
    """The hold in Markdown: what it is about, what is open and for whom, the evidence, who has signed, what was refused."""
    plan = journey.plan
    found = journey.standings()
    refused = refusals(journey, hold.id)
    parts = [f"# {hold.title}", f"**{plan.title}** {plan.version} → **{plan.environment}**, requested by {plan.requested_by}"]
    if plan.change_ticket:
        parts.append(f"Change ticket: {plan.change_ticket}")
    if refused:
        parts.append(f"> ⚠️ **The last answer did not count.** {flat(refused[-1].body['reason'])}")
    parts += [hold.summary, _open_table(journey, hold, found), _signed_lines(journey, hold), _done_line(journey, found)]
    parts.append(f"Expires {spoken(plan.policy.hold_expires)} after it first stood. Digest `{hold.digest[:16]}`")
    return "\n\n".join(part for part in parts if part)


def choices(hold: Hold) -> list[str]:
    """The items as the form lists them, numbered, in the hold's order."""
    return [f"{number}. {item.title}" for number, item in enumerate(hold.items, start=1)]


def blank_name(hold: Hold, item: PlanItem, blank: Blank) -> str:
    """The name of a blank's field in the form."""
    return f"item_{hold.items.index(item) + 1}_{blank.name.replace('-', '_')}"


def cell(text: str) -> str:
    """Text inside a Markdown table."""
    return flat(text).replace("\\", "\\\\").replace("|", "\\|")


def _choice(texts: list[str]) -> Any:
    return Literal[tuple(texts)]


def _several(texts: list[str]) -> Any:
    return list.__class_getitem__(_choice(texts))


def _open_table(journey: Journey, hold: Hold, found: Mapping[str, Standing]) -> str:
    if not hold.items:
        return ""
    registry = Registry.load(journey.settings.approvers)
    requester = journey.plan.requested_by
    rows = ["| | Open item | For | Seen |", "|---|---|---|---|"]
    for text, item in zip(choices(hold), hold.items, strict=True):
        verdict = found[item.id].verdict
        who = [person.name for person in registry.with_role(item.ask.by) if not person.goes_by(requester)] if item.ask else []
        role = f"{item.ask.by} ({', '.join(who) or 'nobody has this role'})" if item.ask else ""
        seen = hold.evidence.get(item.id, "") or (verdict.summary if verdict else "")
        remedy = f" → {verdict.remedy}" if verdict and verdict.remedy and verdict.status.keeps_gate_closed else ""
        mark = _MARKS[verdict.status] if verdict else "✍️"
        rows.append(f"| {mark} | {cell(text)} | {cell(role)} | {cell(seen + remedy)} |")
    return "\n".join(rows)


def _signed_lines(journey: Journey, hold: Hold) -> str:
    lines = [
        f"- ✅ {entry.body['name']} ({entry.body['role']}): {entry.body['decision']}, {entry.at:%Y-%m-%d %H:%M} UTC"
        f"{': ' + flat(entry.body['comment']) if entry.body['comment'] else ''}"
        for entry in answered(journey, hold.id)
    ]
    return "\n".join(["**Decided so far**", "", *lines]) if lines else ""


def _done_line(journey: Journey, found: Mapping[str, Standing]) -> str:
    statuses = [found[item.id].verdict for item in journey.plan.main()]
    counts = {status: sum(1 for verdict in statuses if verdict and verdict.status is status) for status in Status}
    told = ", ".join(f"{count} {status.value.lower()}" for status, count in counts.items() if count)
    return f"So far: {told or 'nothing decided'}, {sum(1 for verdict in statuses if verdict is None)} open."
