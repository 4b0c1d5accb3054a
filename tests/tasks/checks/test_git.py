from pathlib import Path
from typing import Any

import pytest

from tasks.connect.commands import Commands
from tasks.connect.git import Git
from tasks.core.errors import ReadOnly
from tasks.core.sample import Sample, Trail
from tasks.core.verdicts import Status
from tests.tasks.servers.repository import checkout_of
from tests.tasks.world import Case

TAG, CLEAN, MERGED, CHANGES = (f"git.{name}" for name in ("tag_exists", "clean", "merged", "changes_listed"))
SHOP = {"directory": "shop"}
HISTORY = ({"a.txt": "1"}, "v1", {"a.txt": "2", "config/b.txt": "1"}, "v2", {"a.txt": "3"})


def of(**more: Any) -> dict[str, Any]:
    return SHOP | more


CASES = [
    Case("there", TAG, of(tag="v1"), Status.PASSED, "Tag v1 stands on", server=checkout_of(*HISTORY)),
    Case("not there", TAG, of(tag="v3"), Status.FAILED, "no tag v3 in shop", server=checkout_of(*HISTORY)),
    Case("no other tag of that beginning", TAG, of(tag="v"), Status.FAILED, "no tag v in", server=checkout_of(*HISTORY)),
    Case("not checked out", TAG, of(tag="v2", at_head=True), Status.FAILED, "is checked out", server=checkout_of(*HISTORY)),
    Case("checked out", TAG, of(tag="v2", at_head=True), Status.PASSED, "is checked out", server=checkout_of(*HISTORY[:4])),
    Case("no repository", TAG, of(tag="v1"), Status.UNKNOWN, "in no git repository", files={"shop/a": ""}),
    Case("no folder", TAG, of(tag="v1"), Status.FAILED, "no folder 'shop'"),
    Case("committed", CLEAN, SHOP, Status.PASSED, "is committed", server=checkout_of(*HISTORY)),
    Case("changed", CLEAN, SHOP, Status.FAILED, "M a.txt", server=checkout_of(*HISTORY, dirty={"a.txt": "4"})),
    Case("new file", CLEAN, SHOP, Status.FAILED, "?? new.txt", server=checkout_of(*HISTORY, dirty={"new.txt": ""})),
    Case("no repository", CLEAN, SHOP, Status.UNKNOWN, "in no git repository", files={"shop/a": ""}),
    Case("merged", MERGED, of(branch="v2"), Status.PASSED, "v2 is part of main", server=checkout_of(*HISTORY)),
    Case("not merged", MERGED, of(branch="main", into="v1"), Status.FAILED, "not part of v1", server=checkout_of(*HISTORY)),
    Case("unknown branch", MERGED, of(branch="fix"), Status.UNKNOWN, "ended with 128", server=checkout_of(*HISTORY)),
    Case("told", CHANGES, of(since="v1"), Status.PASSED, "2 files changed", server=checkout_of(*HISTORY)),
    Case(
        "told of a folder",
        CHANGES,
        of(since="v1", paths=["config"]),
        Status.PASSED,
        "config/b.txt",
        server=checkout_of(*HISTORY),
    ),
    Case(
        "nothing changed", CHANGES, of(since="v1", until="v1"), Status.PASSED, "Nothing changed", server=checkout_of(*HISTORY)
    ),
    Case("no folder", CHANGES, of(since="v1"), Status.FAILED, "no folder 'shop'"),
    Case("unknown version", CHANGES, of(since="v0"), Status.UNKNOWN, "ended with 128", server=checkout_of(*HISTORY)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary


@pytest.mark.parametrize("word", ["commit", "push", "checkout", "config"])
def test_nothing_but_questions_passes_the_door(word: str, tmp_path: Path) -> None:
    trail = Trail(Sample())
    door = Git(Commands(tmp_path, trail), tmp_path, trail)

    with pytest.raises(ReadOnly):
        door._asked("", (word,))
