"""A block that repeats: what an earlier repetition has told people already is not told, nor asked, a second time."""

from __future__ import annotations

from collections.abc import Collection

from checklists.plan import PlanBlock
from flows.journey import FOLDERS
from tasks.record import Entry, Record
from tasks.store import Store


def told_already(store: Store, release: str, block: PlanBlock, turn: int, items: Collection[str]) -> str:
    """What became of the same failure in an earlier repetition, in a sentence; empty when this one finds something new.

    A failure that was over in between is a new one.
    """
    for earlier in range(turn - 1, 0, -1):
        record = Record(store, f"{release}.{block.id}.{earlier}", FOLDERS["post-deployment"])
        ended = record.last("ended")
        if ended is not None and ended.body["state"] == "Passed":
            return ""
        told = record.last("held", "told", where=_is_failure)
        if told is not None and set(items) <= set(told.body.get("items", ())):
            return f"People know of it since {told.at:%Y-%m-%d %H:%M} UTC: {_outcome(told, ended)}."
    return ""


def _is_failure(body: object) -> bool:
    return isinstance(body, dict) and body.get("kind", "failure") == "failure"


def _outcome(told: Entry, ended: Entry | None) -> str:
    if ended is not None:
        return f"{ended.body['state'].lower()}, {ended.body['summary'][:300].rstrip('.')}"
    return "they were told" if told.type == "told" else "it waits for their decision"
