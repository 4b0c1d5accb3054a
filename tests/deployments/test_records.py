"""What commands say of records: how releases stand, what waits, and whether a record holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasks.lock import EnvironmentLock
from tasks.record import Record
from tasks.store import DirectoryStore
from tests.deployments.conftest import Gates

THIRST, WATER = "water/somebody-is-thirsty", "water/there-is-water"
RUN = "3f0f6c9e-8d1c-4a51-9a52-3b1f6f1c2d3e"
SAMPLED = {
    "place": "0-0-1",
    "open": True,
    "started": "2026-01-01T00:00:00+00:00",
    "reads": 1,
    "verdicts": {
        WATER: {"status": "PASSED", "summary": "water is there."},
        THIRST: {"status": "PASSED", "summary": "Waits for qa.", "facts": {"awaiting": "qa"}},
    },
}
HELD = {
    "hold": "sign-0-0-1",
    "key": "sign-0-0-1-1-abcdef-1",
    "kind": "sign-off",
    "title": "Water: sign-off",
    "items": [THIRST],
    "decisions": {"approve": "", "reject": ""},
    "digest": "0" * 64,
    "flow_run": RUN,
}
SIGNED = {
    "hold": "sign-0-0-1",
    "key": "sign-0-0-1-1-abcdef-1",
    "person": "ana",
    "name": "Ana Silva",
    "role": "qa",
    "decision": "approve",
    "items": [THIRST],
    "blanks": {THIRST: {"notes": "parched"}},
    "comment": "",
    "digest": "0" * 64,
    "proof": {"method": "totp", "step": 1},
}
ENDED = {"state": "Released", "summary": "2 of 2 lines decided: 2 passed"}

Recorded = Callable[..., Record]


def test_nothing_was_released_yet(gates: Gates) -> None:
    answers = [gates(*words).out for words in (("status",), ("inbox",), ("record", "list"), ("lock", "list"))]

    assert answers == [
        "There are no releases yet.\n",
        "Nothing waits for anybody.\n",
        "There are no records yet.\n",
        "No environment was ever taken.\n",
    ]


STANDINGS = [
    pytest.param([], "Running", "", id="planned only"),
    pytest.param([("sampled", SAMPLED)], "Running", "Before", id="in a phase"),
    pytest.param([("sampled", SAMPLED), ("held", HELD)], "Waiting", "Water: sign-off", id="waiting for people"),
    pytest.param([("sampled", SAMPLED), ("held", HELD), ("signed", SIGNED)], "Running", "Before", id="answered"),
    pytest.param([("rollback begun", {"reason": "cold"})], "Running", "Rollback", id="being taken back"),
    pytest.param([("ended", ENDED)], "Released", "", id="ended"),
]


@pytest.mark.parametrize(("entries", "state", "where"), STANDINGS)
def test_status_tells_where_a_release_is(gates: Gates, recorded: Recorded, entries: list[Any], state: str, where: str) -> None:
    recorded("kettle-production-1", *entries)

    row = gates("status").out.split("\t")

    assert row[:4] == ["kettle-production-1", "Kettle 1.0.0 → production", state, where]


def test_status_of_one_release_is_its_checklist(gates: Gates, recorded: Recorded) -> None:
    recorded("kettle-production-1", ("sampled", SAMPLED), ("held", HELD))

    said = gates("status", "kettle-production-1").out.splitlines()

    assert said == [
        "Kettle 1.0.0 → production",
        "",
        "Before",
        " Water",
        "  [x] ✅ There is water — water is there.",
        "  [ ] ⬜ Somebody is thirsty",
        "",
        "Rollback",
        " When",
        "  [ ] ⬜ Somebody is scalded",
        "",
        "1 of 3 lines decided: 1 passed",
        "Waiting: Water: sign-off. See `gates inbox`.",
    ]


def test_a_damaged_record_does_not_hide_the_others(gates: Gates, recorded: Recorded, home: Path) -> None:
    recorded("kettle-production-1", ("ended", ENDED))
    recorded("kettle-production-2", ("ended", ENDED))
    (home / "home" / "records" / "releases" / "kettle-production-1" / "000001.json").write_bytes(b"{}")

    states = {line.split("\t")[0]: line.split("\t")[2] for line in gates("status").out.splitlines()}

    assert states == {"kettle-production-1": "Unreadable", "kettle-production-2": "Released"}


def test_the_inbox_says_what_for_whom_and_where(gates: Gates, recorded: Recorded) -> None:
    recorded("kettle-production-1", ("sampled", SAMPLED), ("held", HELD))

    said = gates("inbox").out.splitlines()

    assert said[0] == "kettle-production-1: Water: sign-off"
    assert said[2] == "  for qa; answers: approve, reject"
    assert said[3] == "    1. Somebody is thirsty [qa]; to fill in: notes (Notes)"
    assert said[4] == f"  run {RUN} (menu → Resume), or: gates sign kettle-production-1 --as <you>"


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param([("held", HELD), ("signed", SIGNED)], id="signed"),
        pytest.param([("held", HELD), ("signed", SIGNED), ("ended", ENDED)], id="ended"),
        pytest.param([("sampled", SAMPLED)], id="never held"),
    ],
)
def test_what_is_answered_waits_for_nobody(gates: Gates, recorded: Recorded, entries: list[Any]) -> None:
    recorded("kettle-production-1", *entries)

    assert gates("inbox").out == "Nothing waits for anybody.\n"


def test_show_tells_every_entry(gates: Gates, recorded: Recorded) -> None:
    recorded("kettle-production-1", ("sampled", SAMPLED), ("held", HELD), ("signed", SIGNED), ("ended", ENDED))

    said = [line[25:] for line in gates("record", "show", "kettle-production-1").out.splitlines()]

    assert said[0] == "planned: Kettle 1.0.0 → production, requested by rita"
    assert said[1] == "sampled: gate 0-0-1: 2 passed; open"
    assert said[2] == "held: Water: sign-off"
    assert said[4] == "ended: Released — 2 of 2 lines decided: 2 passed"


def test_a_rollback_without_a_reason_is_told_those_of_the_checklist(gates: Gates, recorded: Recorded) -> None:
    recorded("kettle-production-1", ("sampled", SAMPLED))

    assert gates("rollback", "kettle-production-1").sentences == [
        "Say why kettle-production-1 is taken back with --reason: 'It is cold', 'Somebody is scalded' or your own words."
    ]


def test_a_whole_record_holds(gates: Gates, recorded: Recorded) -> None:
    record = recorded("kettle-production-1", ("ended", ENDED))

    said = gates("record", "verify", "kettle-production-1")

    assert (said.status, said.err) == (0, "")
    assert said.out == f"kettle-production-1 holds: 2 entries, the last one's digest is {record.entries[-1].digest}.\n"


def test_a_digest_that_was_kept_elsewhere_is_looked_for(gates: Gates, recorded: Recorded) -> None:
    entries = recorded("kettle-production-1", ("sampled", SAMPLED), ("ended", ENDED)).entries
    there = gates("record", "verify", "kettle-production-1", "--last", f" {entries[1].digest.upper()} ")
    gone = gates("record", "verify", "kettle-production-1", "--last", "f" * 64)

    assert there.out.splitlines()[1] == "The digest that was kept is entry 1's; 1 came since."
    assert (gone.status, gone.sentences) == (
        1,
        [f"No entry of kettle-production-1 has the digest {'f' * 16} that was kept: entries were cut off or replaced."],
    )


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        pytest.param(lambda folder: (folder / "000001.json").write_bytes(b"{}"), "000001.json", id="an entry was overwritten"),
        pytest.param(lambda folder: (folder / "000001.json").unlink(), "missing", id="an entry was removed"),
        pytest.param(
            lambda folder: (folder / "000000.json").write_bytes(
                (folder / "000000.json").read_bytes().replace(b"rita", b"evil")
            ),
            "changed",
            id="who requested it was changed",
        ),
    ],
)
def test_a_record_that_was_touched_does_not_hold(
    gates: Gates, recorded: Recorded, home: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    recorded("kettle-production-1", ("sampled", SAMPLED), ("ended", ENDED))
    spoil(home / "home" / "records" / "releases" / "kettle-production-1")

    said = gates("record", "verify", "kettle-production-1")

    assert (said.status, said.out) == (1, "")
    assert sentence in said.err


def test_the_lock_names_its_holder(gates: Gates, home: Path) -> None:
    lock = EnvironmentLock(DirectoryStore(home / "home" / "records"), "kettle", "production")
    lock.take("kettle-production-1")
    taken = gates("lock", "show", "kettle", "production")
    lock.release("kettle-production-1")
    free = gates("lock", "show", "kettle", "production")

    assert (taken.status, free.status) == (1, 0)
    assert taken.out.startswith("kettle in production is taken by kettle-production-1 since ")
    assert free.out == "kettle in production is free.\n"


def test_an_ended_release_is_not_gone_on_with(gates: Gates, recorded: Recorded) -> None:
    recorded("kettle-production-1", ("ended", ENDED))

    said = gates("continue", "kettle-production-1")

    assert said.status == 2
    assert said.err == "kettle-production-1 has ended as 'Released'; there is nothing to go on with.\n"
