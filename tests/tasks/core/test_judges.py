from datetime import UTC, datetime, timedelta

import pytest

from tasks.core import judges
from tasks.core.verdicts import Status, Verdict, failed, passed, unknown

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def small(number: int) -> Verdict:
    return (passed if number < 10 else failed)(f"{number} was seen.", *([{str(number): "fact"}] if number < 10 else []))


CASES = [
    (judges.equal("Size", 5, 5, "MB"), Status.PASSED, "Size is 5 MB."),
    (judges.equal("Size", 4, 5, "MB"), Status.FAILED, "Size is 4 MB, wanted 5 MB."),
    (judges.equal("Mode", None, "on"), Status.FAILED, "Mode is absent, wanted 'on'."),
    (judges.at_least("Rate", 5, 5, "%"), Status.PASSED, "Rate is 5 %, wanted at least 5 %."),
    (judges.at_least("Rate", 4.9, 5), Status.FAILED, "Rate is 4.9, wanted at least 5."),
    (judges.at_least("Rate", None, 5), Status.UNKNOWN, "Rate has no value, wanted at least 5."),
    (judges.at_most("Rate", 5, 5), Status.PASSED, "Rate is 5, wanted at most 5."),
    (judges.at_most("Rate", 5.1, 5), Status.FAILED, "Rate is 5.1, wanted at most 5."),
    (judges.at_most("Rate", None, 5, "s"), Status.UNKNOWN, "Rate has no value, wanted at most 5 s."),
    (judges.recent("Backup", NOON, NOON + timedelta(hours=3), 3), Status.PASSED,
     "Backup is of 2026-11-21 12:00 UTC, 3 hours ago."),
    (judges.recent("Backup", NOON, NOON + timedelta(days=9), 48), Status.FAILED,
     "Backup is of 2026-11-21 12:00 UTC, 9 days ago, wanted at most 48 hours ago."),
    (judges.present("Endpoint", "wss://a"), Status.PASSED, "Endpoint is set."),
    (judges.present("Endpoint", ""), Status.FAILED, "Endpoint is not set."),
    (judges.includes("Table", ["a", "b"], ["a"]), Status.PASSED, "Table has a."),
    (judges.includes("Table", ["a"], ["a", "b"]), Status.FAILED, "Table lacks b."),
    (judges.includes("Table", [], ["a"]), Status.FAILED, "Table lacks a."),
    (judges.includes("Table", ["a"], []), Status.UNKNOWN, "Table: the item does not say what to look for."),
    (judges.every("number", [], small), Status.UNKNOWN, "No number was found, so nothing could be judged."),
    (judges.every("number", [1], small), Status.PASSED, "1 was seen."),
    (judges.every("number", [1, 2], small), Status.PASSED, "Every number is as wanted, 2 in all: 1 was seen. 2 was seen."),
    (judges.every("number", [1, 20, 30], small), Status.FAILED, "20 was seen. 30 was seen."),
    (judges.every("number", [1], lambda _number: unknown("Nobody knows.")), Status.UNKNOWN, "Nobody knows."),
    (judges.none("errors", [], 7), Status.PASSED, "No errors among 7."),
    (judges.none("errors", ["x"], 7), Status.FAILED, "1 errors: x."),
    (judges.none("errors", [], 0), Status.UNKNOWN, "Nothing was there to look through for errors."),
    (judges.matches("tag", {"a": 1, "b": 2}, {"a": 1}), Status.PASSED, "tag a is 1."),
    (judges.matches("tag", {}, {"a": 1}), Status.FAILED, "tag a is absent, wanted 1."),
    (judges.matches("tag", {"a": 1}, {}), Status.UNKNOWN, "No value of tag was found, so nothing could be judged."),
]  # fmt: skip


@pytest.mark.parametrize(("verdict", "status", "summary"), CASES, ids=[summary for _, _, summary in CASES])
def test_judges(verdict: Verdict, status: Status, summary: str) -> None:
    assert (verdict.status, verdict.summary) == (status, summary)


def test_every_keeps_the_facts_of_all() -> None:
    assert judges.every("number", [1, 2], small).facts == {"1": "fact", "2": "fact"}


@pytest.mark.parametrize(
    ("names", "expected"),
    [([], ""), (["a", "b"], "a, b"), (list("abcde"), "a, b, c, d, e"), (list("abcdefgh"), "a, b, c, d, e and 3 more")],
    ids=["none", "two", "as many as are shown", "more than are shown"],
)
def test_names_in_a_sentence(names: list[str], expected: str) -> None:
    assert judges.listed(names) == expected
