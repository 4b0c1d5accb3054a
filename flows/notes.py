"""The incident note: what happened to a release that was rolled back, from its record."""

from collections.abc import Iterable

from checklists.report import flat
from flows.journey import Journey
from tasks.record import Entry

_TOLD = {
    "planned": "The plan was frozen",
    "intended": "Began",
    "performed": "Done",
    "action failed": "FAILED",
    "not done": "Found not done",
    "to retry": "To be tried again",
    "signed": "Signed",
    "waived": "Waived",
    "expired": "Nobody decided in time",
    "rollback begun": "Rollback begun",
    "undone": "Undone",
    "undo failed": "UNDO FAILED",
    "rollback ended": "Rollback ended",
    "finished": "Everything was through",
    "ended": "Ended",
}


def incident_note(journey: Journey, reason: str, lines: Iterable[str]) -> str:
    """The note in Markdown: why, the timeline, and the rollback's own lines."""
    timeline = [_moment(journey, entry) for entry in journey.record.entries if entry.type in _TOLD]
    return "\n\n".join(
        [
            f"# {journey.plan.title} {journey.plan.version} in {journey.plan.environment} was rolled back",
            f"**Why:** {flat(reason)}",
            "## What happened",
            "\n".join(timeline),
            "## Rollback",
            "\n".join(lines),
            f"The whole history: `gates record show {journey.id}`",
        ]
    )


def _moment(journey: Journey, entry: Entry) -> str:
    body = entry.body
    what = (
        ", ".join(journey.titled([body["item"]])) if "item" in body else ", ".join(journey.titled(list(body.get("items", []))))
    )
    why = body.get("summary") or body.get("reason") or body.get("comment") or ""
    told = f"**{_TOLD[entry.type]}** {what}".rstrip()
    return f"- {entry.at:%Y-%m-%d %H:%M:%S} UTC {told}{' — ' + flat(why) if why else ''}"
