"""What later checks have found by now, beside how their release left its lines."""

from __future__ import annotations

from collections.abc import Mapping

from checklists.plan import Plan, PlanBlock
from checklists.standing import Standing, standings
from flows.journey import FOLDERS
from tasks.record import Record
from tasks.store import Store


def with_later(store: Store, release: str, plan: Plan, found: Mapping[str, Standing]) -> dict[str, Standing]:
    """How every item of the release stands, those of its later blocks by the newest repetition that has begun."""
    whole = dict(found)
    for block in plan.post_deployment:
        record = newest(store, release, block)
        if record is not None:
            own = standings(Plan.model_validate(record.entries[0].body["plan"]), record.entries)
            mine = {item.id for item in block.gate.all()}
            whole |= {name: standing for name, standing in own.items() if name in mine and standing.verdict is not None}
    return whole


def newest(store: Store, release: str, block: PlanBlock) -> Record | None:
    """The record of the last repetition of a block that has begun."""
    for turn in range(len(block.times), 0, -1):
        record = Record(store, f"{release}.{block.id}.{turn}", FOLDERS["post-deployment"])
        if record.entries:
            return record
    return None
