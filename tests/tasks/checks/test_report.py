from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sites import at
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

COLLECTED, AT_MOST, ANSWERED = "report.collected", "report.rows_at_most", "report.answered"
CSV = {"feedback.csv": "rating,severity\n5,none\n5,minor\n2,major\n"}
PATH = {"path": "feedback.csv"}
MAJOR = PATH | {"column": "severity", "values": ["Major"]}


def service(body: str, status: int = 200) -> Any:
    return at(lambda _asked: Page(status, body), url="{site}/entries")


CASES = [
    Case("collected", COLLECTED, PATH | {"count_by": "rating"}, Status.PASSED, "by rating: 5: 2, 2: 1", files=CSV),
    Case("JSON", COLLECTED, PATH, Status.PASSED, "is 1", files={"feedback.csv": '[{"a": 1}]'}),
    Case("too little", COLLECTED, PATH | {"minimum_rows": 4}, Status.FAILED, "is 3, wanted at least 4", files=CSV),
    Case("fresh", COLLECTED, PATH | {"maximum_age_days": 1}, Status.PASSED, "ago", files=CSV),
    Case("nothing", COLLECTED, PATH, Status.FAILED, "is 0", files={"feedback.csv": ""}),
    Case("no such column", COLLECTED, PATH | {"count_by": "stars"}, Status.UNKNOWN, "no column 'stars'", files=CSV),
    Case("no list", COLLECTED, PATH, Status.UNKNOWN, "no list of rows", files={"feedback.csv": '{"a": 1}'}),
    Case("not there", COLLECTED, PATH, Status.FAILED, "no file 'feedback.csv'"),
    Case("one too many", AT_MOST, MAJOR, Status.FAILED, "of 3, is 1, wanted at most 0", files=CSV),
    Case("accepted", AT_MOST, MAJOR | {"at_most_rows": 1}, Status.PASSED, "is 1, wanted at most 1", files=CSV),
    Case("none of them", AT_MOST, MAJOR | {"values": ["critical"]}, Status.PASSED, "is 0", files=CSV),
    Case("no rows", AT_MOST, MAJOR, Status.UNKNOWN, "has 0 rows", files={"feedback.csv": "severity\n"}),
    Case(
        "answered",
        ANSWERED,
        {"rows_at": "entries", "count_by": "r"},
        Status.PASSED,
        "by r: 5: 1",
        server=service('{"entries": [{"r": 5}]}'),
    ),
    Case("answered nothing", ANSWERED, {}, Status.FAILED, "is 0", server=service("[]")),
    Case("no list answered", ANSWERED, {}, Status.UNKNOWN, "no list of rows", server=service('{"entries": []}')),
    Case("nobody there", ANSWERED, {"url": f"http://127.0.0.1:{free_port()}/"}, Status.UNKNOWN, "was not reached"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
