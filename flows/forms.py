"""What a hold shows: a Markdown description with what passed and what is open, and the form that is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from prefect.input import RunInput
from pydantic import Field, create_model

from checklists.plan import Blank, PlanItem
from checklists.report import flat, headline, mark, reading, strong, tally
from checklists.standing import SIGNING, Standing
from flows.holds import Hold, answered, held_entries, refusals
from flows.journey import Journey
from tasks.approvals import Registry

ALL_MINE = "All items of my role"


def form(journey: Journey, hold: Hold) -> type[RunInput]:
    """The form as Prefect's UI renders it. Nothing has a default that decides anything; answers are judged elsewhere.

    The code comes last, for it is good for half a minute. No field may be named like a keyword of JSON schema (``items``,
    ``type`` …): the UI posts the answers where a schema is expected, and the server refuses them.
    """
    people = sorted(Registry.load(journey.settings.approvers).people)
    fields: dict[str, Any] = {
        "approver": (_choice(people), Field(title="Who you are")),
        "decision": (_choice(list(hold.decisions)), Field(title="Decision", description="What each does is said above")),
    }
    if hold.items:
        fields["about"] = (_several([ALL_MINE, *choices(hold)]), Field(default=[ALL_MINE], title="Items"))
    for number, item in enumerate(hold.items, start=1):
        for blank in item.ask.blanks if item.ask and hold.signs else ():
            fields[blank_name(hold, item, blank)] = (str, _blank_field(number, item, blank))
    if "roll back" in hold.decisions and journey.plan.rollback.offered:
        reasons: Any = Field(default=[], title="Reasons", description="Those of the checklist that call for a rollback")
        fields["because"] = (_several(list(journey.plan.rollback.offered)), reasons)
    needed = "A waiver needs its reason" if "waive" in hold.decisions else ""
    fields["comment"] = (str, Field(default="", title="Comment", description=needed or "Kept in the release record"))
    if "waive" in hold.decisions:
        fields["waive_until"] = (str, Field(default="", title="Waived until", description="YYYY-MM-DD; one day when empty"))
    fields["code"] = (
        str,
        Field(title="One-time code", pattern=r"^\s*\d{6}\s*$", description="Six digits of your authenticator"),
    )
    model: type[RunInput] = create_model("Answer", __base__=RunInput, **fields)
    return model.with_initial_data(description=describe(journey, hold))


def describe(journey: Journey, hold: Hold) -> str:
    """The hold in Markdown: what it is about, what is open and for whom, the evidence, who has signed, what was refused.

    Lists, not tables: the UI's dialog is as narrow as a telephone.
    """
    plan = journey.plan
    refused = refusals(journey, hold.id)
    ticket = f" · {flat(plan.change_ticket)}" if plan.change_ticket else ""
    release = f"**{plan.title} {plan.version} → {plan.environment}** · requested by {flat(plan.requested_by)}{ticket}"
    parts = [f"## {hold.title}", release]
    if refused:
        parts.append(f"> ⚠️ **The last answer did not count.** {flat(refused[-1].body['reason'])}")
    parts += [flat(hold.summary), _open_items(journey, hold), _signed_lines(journey, hold), _ways(journey, hold)]
    parts += [_so_far(journey), _until(journey, hold)]
    return "\n\n".join(part for part in parts if part)


def choices(hold: Hold) -> list[str]:
    """The items as the form lists them, numbered, in the hold's order. A line that means trouble is signed as not so."""
    return [f"{number}. {_asked(item) if hold.signs else item.title}" for number, item in enumerate(hold.items, start=1)]


def blank_name(hold: Hold, item: PlanItem, blank: Blank) -> str:
    """The name of a blank's field in the form."""
    return f"item_{hold.items.index(item) + 1}_{blank.name.replace('-', '_')}"


def _asked(item: PlanItem) -> str:
    return f"Confirm that this is not so: {item.title}" if item.trouble else item.title


def _choice(texts: list[str]) -> Any:
    return Literal[tuple(texts)]


def _several(texts: list[str]) -> Any:
    return list.__class_getitem__(_choice(texts))


def _blank_field(number: int, item: PlanItem, blank: Blank) -> Any:
    who = item.ask.by if item.ask else ""
    needed = f"{who} must fill this in" if blank.required else f"{who} may fill this in"
    return Field(default="", title=f"{number}. {blank.title}", description=f"{item.title}: {needed}")


def _open_items(journey: Journey, hold: Hold) -> str:
    """The open items, those of one role together, each with what was seen of it."""
    found = journey.standings()
    by_role: dict[str, list[str]] = {}
    for text, item in zip(choices(hold), hold.items, strict=True):
        role = item.ask.by if item.ask and hold.signs else ""
        by_role.setdefault(role, []).append(
            _open_item(text, item, found[item.id], hold.evidence.get(item.id, ""), hold.readings.get(item.id, ()))
        )
    return "\n\n".join(
        "\n".join([f"**For {role}** — {_names(journey, role)}", "", *lines] if role else lines)
        for role, lines in by_role.items()
    )


def _open_item(text: str, item: PlanItem, standing: Standing, evidence: str, readings: Sequence[str]) -> str:
    """One item with its lines below it; each begins with a word of ours, so that nothing seen can pass for Markdown."""
    verdict = standing.verdict
    seen = evidence or (verdict.summary if verdict else "")
    remedy = verdict.remedy if verdict and verdict.status.keeps_gate_closed else ""
    why = item.ask.why if item.ask else ""
    told = {"Seen": seen, "Remedy": remedy, "Asked because": why}
    lines = [f"  {name}: {flat(words)}" for name, words in told.items() if words]
    status = verdict.status.value if verdict else ""
    sign, read = (f"{mark(item, status)} ", reading(item, status)) if status else ("", "")
    whole = "  \n".join([f"- {sign}{strong(text)}{read}", *lines])
    return f"{whole}\n{_block(readings)}" if readings else whole


def _block(lines: Sequence[str]) -> str:
    """Lines as code below an item: behind the bar none of them can end the block."""
    return "\n".join(["", "  ```text", *(f"  │ {line}" for line in lines), "  ```"])


def _ways(journey: Journey, hold: Hold) -> str:
    """Every decision with who may make it and what it does."""
    back = ", and what was changed is taken back" if journey.changed else ""
    told = {
        "approve": "your items are signed with your name",
        "reject": f"it ends here{back}",
        "go": "your items are signed with your name; it goes on when every role has said so",
        "no go": f"it ends here{back}; the comment must say why",
        "re-check": "the checks run again",
        "waive": "it goes on although checks are not passed, for the reason in your comment",
        "abort": "it ends here; nothing was changed",
        "roll back": "what was changed is taken back",
        "keep": "it ends here, and what was changed stays",
        "try again": "the action is begun once more",
        "done by hand": "somebody did it another way; it goes on",
        "it happened": "it goes on from there",
        "it did not happen": "it is begun once more",
    }
    lines = [f"- **{way}** ({_who(journey, way, role)}): {told[way]}" for way, role in hold.decisions.items()]
    return "\n".join(["**Your decision**", "", *lines])


def _who(journey: Journey, way: str, role: str) -> str:
    if role:
        return f"{role}: {_names(journey, role)}"
    return "each role its own" if way in SIGNING else "anybody in the registry"


def _names(journey: Journey, role: str) -> str:
    """Who has the role and did not request the release."""
    people = Registry.load(journey.settings.approvers).with_role(role)
    able = [person.name for person in people if not person.goes_by(journey.plan.requested_by)]
    return ", ".join(able) or "nobody has this role"


def _signed_lines(journey: Journey, hold: Hold) -> str:
    lines = [
        f"- ✅ {entry.body['name']} ({entry.body['role']}): {entry.body['decision']}, {entry.at:%Y-%m-%d %H:%M} UTC"
        f"{': ' + flat(entry.body['comment']) if entry.body['comment'] else ''}"
        for entry in answered(journey, hold.id)
    ]
    return "\n".join(["**Decided so far**", "", *lines]) if lines else ""


def _so_far(journey: Journey) -> str:
    return f"So far {headline(tally(journey.plan.lines(), journey.standings()))}."


def _until(journey: Journey, hold: Hold) -> str:
    held = held_entries(journey, hold.id)
    end = held[0].at + timedelta(seconds=journey.plan.policy.hold_expires) if held else None
    return " · ".join([*([f"Open until {end:%Y-%m-%d %H:%M} UTC"] if end else []), f"Digest `{hold.digest[:16]}`"])
