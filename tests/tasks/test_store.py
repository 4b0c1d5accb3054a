"""Exclusive creation in a folder, and one sentence for each way in which a disk fails."""

import errno
import multiprocessing
import os
import resource
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tasks.core.errors import RecordError
from tasks.store import DirectoryStore


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    return DirectoryStore(tmp_path / "records")


def found(store: DirectoryStore) -> list[str]:
    """Everything in the folder of a record, hidden files too."""
    return [path.name for path in (store.folder / "releases/a").iterdir()]


def test_what_is_created_is_kept_for_good(store: DirectoryStore) -> None:
    created = [store.create("releases/a/000000.json", content) for content in (b"first", b"second")]

    assert created == [True, False]
    assert store.read("releases/a/000000.json") == b"first"


@pytest.mark.parametrize("key", ["nothing", "releases/a/nothing", "releases/a/000000.json/below-a-file"])
def test_nothing_is_kept_under_other_keys(store: DirectoryStore, key: str) -> None:
    store.create("releases/a/000000.json", b"first")

    assert store.read(key) is None
    assert store.keys(key) == []


def test_keys_are_sorted_and_tell_folders(store: DirectoryStore) -> None:
    for key in ("releases/b/000001.json", "releases/b/000000.json", "releases/b/evidence/x.json", "releases/a/000000.json"):
        store.create(key, b"")

    assert store.keys("releases") == ["releases/a/", "releases/b/"]
    assert store.keys("releases/b") == ["releases/b/000000.json", "releases/b/000001.json", "releases/b/evidence/"]


def test_a_half_written_file_of_a_dead_process_is_not_there(store: DirectoryStore) -> None:
    store.create("releases/a/000000.json", b"whole")
    (store.folder / "releases/a/.000001.json.0a1b2c3d").write_bytes(b"ha")

    assert store.keys("releases/a") == ["releases/a/000000.json"]
    assert store.create("releases/a/000001.json", b"whole too")


def test_nothing_is_left_beside(store: DirectoryStore) -> None:
    for content in (b"first", b"second"):
        store.create("releases/a/000000.json", content)

    assert found(store) == ["000000.json"]


@pytest.mark.parametrize("key", ["000000.json", "codes/ana/58"])
def test_a_folder_that_is_a_file_is_no_conflict(tmp_path: Path, key: str) -> None:
    (tmp_path / "records").write_text("not a folder")

    with pytest.raises(RecordError, match=r"records failed: .*; mend it or set GATES_RECORDS"):
        DirectoryStore(tmp_path / "records").create(key, b"")


def test_what_cannot_be_read_is_a_sentence(store: DirectoryStore) -> None:
    store.create("releases/a/000000.json", b"")

    with pytest.raises(RecordError, match="failed: Is a directory; mend it or set GATES_RECORDS"):
        store.read("releases/a")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "is full; free some space and run the release again"),
        (errno.EDQUOT, "is full; free some space and run the release again"),
        (errno.EROFS, r"may not be used \(Read-only file system\); mend its permissions"),
        (errno.EACCES, r"may not be used \(Permission denied\); mend its permissions"),
        (errno.EIO, "failed: Input/output error; mend it or set GATES_RECORDS"),
    ],
    ids=["disk full", "quota used up", "mounted read-only", "not permitted", "disk broken"],
)
@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_failing_disk_is_a_sentence(
    store: DirectoryStore, monkeypatch: pytest.MonkeyPatch, step: str, number: int, says: str
) -> None:
    store.create("releases/a/000000.json", b"whole")

    def fail(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(f"tasks.store.os.{step}", fail)
    with pytest.raises(RecordError, match=says):
        store.create("releases/a/000001.json", b"more")

    assert found(store) == ["000000.json"]


def test_a_file_that_may_not_grow_leaves_nothing_behind(store: DirectoryStore) -> None:
    store.create("releases/a/000000.json", b"whole")
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_create_without_room, args=(store, there))
    process.start()
    process.join(10)

    assert here.recv().endswith("failed: File too large; mend it or set GATES_RECORDS.")
    assert found(store) == ["000000.json"]


def _create_without_room(store: DirectoryStore, told: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))
    try:
        store.create("releases/a/000001.json", b"more than ten bytes")
    except RecordError as error:
        told.send(str(error))
