"""What was seen of the items that people are asked about, from the newest sample in the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from checklists.plan import PlanItem
from checklists.readings import shown
from flows.journey import Journey
from tasks.core.verdicts import Status

_LINES = 120
_FEWEST, _MOST = 6, 20


def seen(journey: Journey, waiting: Sequence[PlanItem]) -> dict[str, str]:
    """The summary of each item that has checks, by ID; those that found something wrong are marked."""
    verdicts = _newest(journey, waiting)
    return {name: f"{_word(each['status'])} {each['summary']}" for name, each in verdicts.items()}


def readings(journey: Journey, waiting: Sequence[PlanItem]) -> dict[str, tuple[str, ...]]:
    """What the checks of each reviewed item read, in lines of plain text; fewer an item where many are asked about."""
    limit = max(_FEWEST, min(_MOST, _LINES // max(1, len(waiting))))
    reviews = {item.id for item in waiting if item.ask and item.ask.review}
    kept = {name: each["evidence"] for name, each in _newest(journey, waiting).items() if "evidence" in each}
    return {name: tuple(shown(journey.record.kept(digest), limit)) for name, digest in kept.items() if name in reviews}


def _newest(journey: Journey, waiting: Sequence[PlanItem]) -> dict[str, Mapping[str, Any]]:
    newest = journey.record.last("sampled", where=lambda body: waiting[0].id in body["verdicts"])
    verdicts = newest.body["verdicts"] if newest else {}
    return {item.id: verdicts[item.id] for item in waiting if item.checks and item.id in verdicts}


def _word(status: str) -> Literal["", "⚠️", "❔"]:
    return {Status.FAILED: "⚠️", Status.UNKNOWN: "❔"}.get(Status(status), "")  # type: ignore[return-value]
