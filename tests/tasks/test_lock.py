"""One release at a time, whatever becomes of processes."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from tasks.core.errors import RecordError
from tasks.lock import EnvironmentLock
from tasks.store import DirectoryStore


@pytest.fixture
def lock(tmp_path: Path) -> EnvironmentLock:
    return EnvironmentLock(DirectoryStore(tmp_path), "shop", "production")


def holder(lock: EnvironmentLock) -> str:
    found = lock.holder()
    return found.release if found else ""


def test_a_free_environment_is_held_by_nobody(lock: EnvironmentLock) -> None:
    assert (holder(lock), lock.last_holder()) == ("", "")


def test_the_holder_takes_it_as_often_as_it_is_replayed(lock: EnvironmentLock, tmp_path: Path) -> None:
    for _ in range(3):
        lock.take("r1")

    assert holder(lock) == "r1"
    assert DirectoryStore(tmp_path).keys("locks/shop.production") == ["locks/shop.production/000000.json"]


def test_another_release_is_told_who_has_it_and_since_when(lock: EnvironmentLock) -> None:
    lock.take("r1")

    with pytest.raises(
        RecordError, match=r"shop.production is being released by r1 since \d{4}-\d\d-\d\d \d\d:\d\d UTC; wait for its end"
    ):
        lock.take("r2")
    assert holder(lock) == "r1"


def test_only_the_holder_gives_it_back(lock: EnvironmentLock) -> None:
    lock.take("r1")
    lock.release("r2")
    kept = holder(lock)
    lock.release("r1")
    lock.release("r1")

    assert (kept, holder(lock), lock.last_holder()) == ("r1", "", "r1")


def test_after_the_end_of_one_the_next_may_begin(lock: EnvironmentLock) -> None:
    lock.take("r1")
    lock.release("r1")
    lock.take("r2")

    assert (holder(lock), lock.last_holder()) == ("r2", "r2")


def test_it_tells_who_came_after_a_release_however_often_that_one_came_back(lock: EnvironmentLock) -> None:
    for release in ("r1", "r2", "r3", "r2", "r1"):
        lock.take(release)
        lock.release(release)

    assert {release: lock.taken_since(release) for release in ("r1", "r2", "r3", "r4")} == {
        "r1": ["r2", "r3"],
        "r2": ["r3", "r1"],
        "r3": ["r2", "r1"],
        "r4": ["r1", "r2", "r3"],
    }


def test_environments_and_checklists_do_not_hinder_each_other(tmp_path: Path) -> None:
    locks = [EnvironmentLock(DirectoryStore(tmp_path), *each) for each in (("shop", "prod"), ("shop", "test"), ("crm", "prod"))]
    for number, lock in enumerate(locks):
        lock.take(f"r{number}")

    assert [holder(lock) for lock in locks] == ["r0", "r1", "r2"]


class Overtaken(DirectoryStore):
    """A store in which another release is quicker, once."""

    quicker = ""

    def create(self, key: str, content: bytes) -> bool:
        if self.quicker:
            name, self.quicker = self.quicker, ""
            EnvironmentLock(DirectoryStore(self.folder), "shop", "production").take(name)
        return super().create(key, content)


@pytest.mark.parametrize(("quicker", "refused"), [("r2", True), ("r1", False)], ids=["by another", "by a twin of its own"])
def test_a_release_overtaken_between_looking_and_taking_looks_again(tmp_path: Path, quicker: str, *, refused: bool) -> None:
    store = Overtaken(tmp_path)
    store.quicker = quicker
    lock = EnvironmentLock(store, "shop", "production")
    try:
        lock.take("r1")
        told = ""
    except RecordError as error:
        told = str(error)

    assert (holder(lock), bool(told)) == (quicker, refused)


def test_of_many_processes_one_gets_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    start, told = context.Barrier(4), context.SimpleQueue()
    processes = [context.Process(target=_grab, args=(tmp_path, f"r{number}", start, told)) for number in range(4)]
    for process in processes:
        process.start()
    answers = [told.get() for _ in processes]
    for process in processes:
        process.join(10)

    assert answers.count("") == 3
    assert holder(EnvironmentLock(DirectoryStore(tmp_path), "shop", "production")) in answers


def _grab(folder: Path, name: str, start: Any, told: Any) -> None:
    start.wait(10)
    try:
        EnvironmentLock(DirectoryStore(folder), "shop", "production").take(name)
    except RecordError:
        name = ""
    told.put(name)
