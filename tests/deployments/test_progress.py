"""A release told as it goes: every verdict once, and everything that people must know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checklists.plan import Plan
from deployments.progress import Progress
from tasks.record import Record
from tests.deployments.test_records import ENDED, HELD, SAMPLED, SIGNED, THIRST, WATER

Recorded = Callable[..., Record]


def told(record: Record) -> list[str]:
    progress = Progress(Plan.model_validate(record.entries[0].body["plan"]), lambda run: f"page of {run[:4]}")
    return [line.text for entry in record.entries for line in progress.told(record.name, entry)]


def test_a_release_from_first_to_last(recorded: Recorded) -> None:
    record = recorded("kettle-production-1", ("sampled", SAMPLED), ("held", HELD), ("signed", SIGNED), ("ended", ENDED))

    assert told(record) == [
        "Kettle 1.0.0 → production  (kettle-production-1)",
        "",
        "Before",
        " Water",
        "  ✅ There is water — water is there.",
        "⏸ Water: sign-off: waiting for qa",
        "    ✍️ Somebody is thirsty",
        "    page of 3f0f  (menu → Resume), or: gates sign kettle-production-1 --as <you>",
        "  ✍️ Ana Silva (qa) says approve 1 item(s)",
        "Released. 2 of 2 lines decided: 2 passed",
    ]


def test_what_a_later_sample_confirms_is_not_said_again(recorded: Recorded) -> None:
    record = recorded("kettle-production-1", ("sampled", SAMPLED), ("sampled", SAMPLED))

    assert [line for line in told(record) if "There is water" in line] == ["  ✅ There is water — water is there."]


def test_a_verdict_that_changes_is_said_again_with_its_remedy(recorded: Recorded) -> None:
    dry: dict[str, Any] = {
        **SAMPLED,
        "open": False,
        "verdicts": {WATER: {"status": "FAILED", "summary": "No water.", "remedy": "Fill it."}},
    }
    record = recorded("kettle-production-1", ("sampled", SAMPLED), ("sampled", dry))

    assert told(record)[-2:] == ["  ❌ There is water — No water.  → Fill it.", "The gate stays closed."]


def test_refusals_and_the_rollback_are_told(recorded: Recorded) -> None:
    record = recorded(
        "kettle-production-1",
        ("refused", {"hold": "h", "key": "k", "person": "ana", "reason": "The code is wrong.", "guess": True}),
        ("rollback begun", {"reason": "Cold."}),
        ("undone", {"item": THIRST, "attempt": 1, "summary": "Poured away."}),
        ("rollback ended", {"complete": False, "summary": "Still wet."}),
    )

    assert told(record)[1:] == [
        "  ⛔ An answer does not count: The code is wrong.",
        "Rollback: Cold.",
        "  ↩️ Somebody is thirsty — Poured away.",
        "  Still wet.",
    ]
