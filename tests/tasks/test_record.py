"""The chain: one writer wins, nothing is lost, and every byte that was changed is found."""

import json
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.core.errors import RecordConflict, RecordError
from tasks.core.redaction import redact
from tasks.record import Record, canonical, names, verify
from tasks.store import DirectoryStore

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


class Kept:
    """A store in memory."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.files = dict(files or {})

    def create(self, key: str, content: bytes) -> bool:
        return self.files.setdefault(key, content) is content

    def read(self, key: str) -> bytes | None:
        return self.files.get(key)

    def keys(self, prefix: str) -> list[str]:
        below = [key.removeprefix(f"{prefix}/") for key in self.files if key.startswith(f"{prefix}/")]
        return sorted({f"{prefix}/{name.partition('/')[0]}{'/' if '/' in name else ''}" for name in below})


def written(store: Any) -> Record:
    """A record of four entries, two of which refer to evidence."""
    record = Record(store, "r1")
    record.append("planned", {"plan": {"title": "Größe", "parameters": {"evidence": "a word that is no digest"}}})
    for answer in ("ACTIVE", "DELETING"):
        evidence = record.keep([{"door": "aws", "answer": {"TableStatus": answer}}])
        verdict = {"status": "PASSED", "summary": f"It is {answer}.", "evidence": evidence}
        record.append("sampled", {"place": "0-0-1", "verdicts": {"a": verdict, "b": {"status": "SKIPPED"}}})
    record.append("ended", {"state": "Released"}, by="ana")
    return record


def test_an_entry_names_its_number_its_writer_and_the_one_before() -> None:
    first, *_, last = written(store := Kept()).entries

    assert (first.n, first.type, first.previous) == (0, "planned", "")
    assert (last.n, last.by, dict(last.body)) == (3, "ana", {"state": "Released"})
    assert Record(store, "r1").entries[3] == last
    assert verify(store, "r1") == []


def test_entries_are_found_by_type_and_body() -> None:
    record = written(Kept())

    assert [entry.n for entry in record.of("sampled", "ended")] == [1, 2, 3]
    newest = record.last("sampled", where=lambda body: body["place"] == "0-0-1")
    assert newest is not None
    assert newest.n == 2
    assert record.last("sampled", where=lambda body: body["place"] == "9-9-9") is None


def test_of_two_who_go_on_the_second_stops_and_may_look_again() -> None:
    store = Kept()
    one, other = Record(store, "r1"), Record(store, "r1")
    one.append("planned", {"by": "one"})

    with pytest.raises(RecordConflict, match="Another process has gone on with r1 and wrote entry 0 first; this one stops"):
        other.append("planned", {"by": "other"})
    other.refresh()
    other.append("ended", {})

    assert [entry.type for entry in Record(store, "r1").entries] == ["planned", "ended"]
    assert Record(store, "r1").entries[0].body == {"by": "one"}


def test_twenty_threads_share_a_record(tmp_path: Path) -> None:
    record = Record(DirectoryStore(tmp_path), "r1")
    threads = [
        threading.Thread(target=lambda name=name: [record.append("note", {"by": name, "turn": n}) for n in range(5)])
        for name in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    turns = [(entry.body["by"], entry.body["turn"]) for entry in Record(DirectoryStore(tmp_path), "r1").entries]
    assert sorted(turns) == [(name, turn) for name in range(20) for turn in range(5)]
    assert verify(DirectoryStore(tmp_path), "r1") == []


def test_processes_race_and_no_entry_is_lost_or_written_twice(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start, told = context.Barrier(4), context.SimpleQueue()
    processes = [context.Process(target=_race, args=(tmp_path, name, start, told)) for name in range(4)]
    for process in processes:
        process.start()
    won = [told.get() for _ in processes]
    for process in processes:
        process.join(10)

    entries = Record(DirectoryStore(tmp_path), "r1").entries
    assert sum(won) == len(entries)
    assert len({(entry.body["by"], entry.body["turn"]) for entry in entries}) == len(entries)
    assert verify(DirectoryStore(tmp_path), "r1") == []


def _race(folder: Path, name: int, start: Any, told: "SimpleQueue[int]") -> None:
    record, won = Record(DirectoryStore(folder), "r1"), 0
    start.wait(10)
    for turn in range(25):
        try:
            record.append("note", {"by": name, "turn": turn})
            won += 1
        except RecordConflict:
            record.refresh()
    told.put(won)


def _edited(files: dict[str, bytes]) -> None:
    files["releases/r1/000002.json"] = files["releases/r1/000002.json"].replace(b"It is DELETING", b"It is a good1!")


def _edited_and_summed(files: dict[str, bytes]) -> None:
    """As by somebody who knows how sums are made."""
    shape = json.loads(files["releases/r1/000002.json"])
    shape["body"]["place"] = "elsewhere"
    del shape["sum"]
    store = Kept({name: content for name, content in files.items() if name < "releases/r1/000002.json"})
    Record(store, "r1").append("sampled", shape["body"])
    files["releases/r1/000002.json"] = store.files["releases/r1/000002.json"]


def _torn(files: dict[str, bytes]) -> None:
    files["releases/r1/000003.json"] = files["releases/r1/000003.json"][:40]


def _swapped(files: dict[str, bytes]) -> None:
    one, other = "releases/r1/000001.json", "releases/r1/000002.json"
    files[one], files[other] = files[other], files[one]


def _removed(files: dict[str, bytes]) -> None:
    del files["releases/r1/000001.json"]


def _beheaded(files: dict[str, bytes]) -> None:
    del files["releases/r1/000000.json"]


def _renumbered(files: dict[str, bytes]) -> None:
    files["releases/r1/000001.json"] = files.pop("releases/r1/000002.json")
    files["releases/r1/000002.json"] = files.pop("releases/r1/000003.json")


def _inserted(files: dict[str, bytes]) -> None:
    files["releases/r1/000007.json"] = files["releases/r1/000003.json"]


def _appended(files: dict[str, bytes]) -> None:
    files["releases/r1/000004.json"] = files["releases/r1/000003.json"]


def _beside(files: dict[str, bytes]) -> None:
    files["releases/r1/note.txt"] = b"trust me"


def _unsummed(files: dict[str, bytes]) -> None:
    shape = json.loads(files["releases/r1/000003.json"])
    del shape["sum"]
    files["releases/r1/000003.json"] = canonical(shape)


def _without_evidence(files: dict[str, bytes]) -> None:
    del files[next(name for name in files if "/evidence/" in name)]


def _other_evidence(files: dict[str, bytes]) -> None:
    one, other = (name for name in files if "/evidence/" in name)
    files[one] = files[other]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_edited, "Entry releases/r1/000002.json is not what its own sum says: it was damaged or changed."),
        (_edited_and_summed, "Entry releases/r1/000003.json does not follow from the entry before it: one of the two was"),
        (_torn, "Entry releases/r1/000003.json cannot be read: it was damaged or changed."),
        (_swapped, "Entry releases/r1/000001.json does not follow from the entry before it"),
        (_removed, "Entry releases/r1/000001.json is missing, and later ones are there: it was removed."),
        (_beheaded, "Entry releases/r1/000000.json is missing, and later ones are there: it was removed."),
        (_renumbered, "Entry releases/r1/000001.json does not follow from the entry before it"),
        (_inserted, "Entry releases/r1/000004.json is missing, and later ones are there: it was removed."),
        (_appended, "Entry releases/r1/000004.json does not follow from the entry before it"),
        (_beside, "releases/r1/note.txt does not belong to the record."),
        (_unsummed, "Entry releases/r1/000003.json is not as it was written."),
        (_without_evidence, "of r1 is missing."),
        (_other_evidence, "of r1 is not what was kept."),
    ],
)
def test_damage_is_found(damage: Callable[[dict[str, bytes]], None], says: str) -> None:
    store = Kept()
    written(store)
    damage(store.files)
    wrong = verify(store, "r1")

    assert len(wrong) == 1
    assert says in wrong[0]


def test_what_was_cut_off_or_written_anew_is_told_by_the_last_digest() -> None:
    store = Kept()
    last = written(store).entries[-1].digest
    whole = verify(store, "r1", last=last)
    del store.files["releases/r1/000003.json"]

    assert whole == []
    assert verify(store, "r1") == []
    assert verify(store, "r1", last=last) == [
        f"No entry of r1 has the digest {last[:16]} that was kept: entries were cut off or replaced."
    ]


def test_a_digest_that_was_kept_holds_although_entries_have_come_since() -> None:
    store = Kept()
    entries = written(store).entries

    assert verify(store, "r1", last=entries[1].digest) == []


GOOD = Kept()
written(GOOD)


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_any_changed_byte_is_found(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD.files)))
    content = bytearray(GOOD.files[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[place]))

    assert verify(Kept({**GOOD.files, name: bytes(content)}), "r1") != []


def test_a_record_with_a_hole_is_not_gone_on_with() -> None:
    store = Kept()
    written(store)
    del store.files["releases/r1/000002.json"]

    with pytest.raises(RecordError, match=r"Entry releases/r1/000002\.json is missing"):
        Record(store, "r1")


@given(ANYTHING)
@settings(max_examples=60, deadline=None)
def test_whatever_a_body_holds_comes_back(value: Any) -> None:
    store = Kept()
    record = Record(store, "r1")
    record.append("note", {"value": value})

    assert Record(store, "r1").entries[0].body == {"value": value}
    assert record.kept(record.keep(value)) == value
    assert verify(store, "r1") == []


def test_learnt_secrets_reach_neither_entries_nor_evidence() -> None:
    redact.learn("correct-horse-battery")
    store = Kept()
    record = Record(store, "r1")
    record.keep(["it is correct-horse-battery"])
    record.append("signed", {"comment": "correct-horse-battery"})

    assert not [name for name, content in store.files.items() if b"correct-horse" in content]
    assert record.entries[0].body == {"comment": "[hidden]"}


@pytest.mark.parametrize("name", ["", "../etc", "a/b", ".hidden", "Größe", "UPPER", "a" * 201, "a\n", "a b"])
def test_a_name_that_could_lead_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(RecordError, match="is no name of a record; `gates record show` lists the names"):
        Record(Kept(), name)


def test_there_is_nothing_to_verify() -> None:
    assert verify(Kept(), "r2") == ["There is no record r2; `gates record show` lists the names."]


def test_all_records_are_named(tmp_path: Path) -> None:
    for name in ("b-2", "a-1"):
        Record(DirectoryStore(tmp_path), name).append("planned", {})

    assert names(DirectoryStore(tmp_path)) == ["a-1", "b-2"]
    assert names(DirectoryStore(tmp_path), "locks") == []


def test_evidence_is_not_kept_twice() -> None:
    store = Kept()
    record = Record(store, "r1")
    digests = {record.keep({"b": 1, "a": 2}), record.keep({"a": 2, "b": 1})}

    assert len(digests) == len(store.files) == 1
