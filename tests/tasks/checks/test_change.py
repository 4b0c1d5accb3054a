import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sites import at, guarded
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

APPROVED = "change.approved"
JIRA = {"field": "fields.status.name", "by_field": "fields.approver"}


def ticket(content: Any, status: int = 200) -> Any:
    return at(lambda _asked: Page(status, json.dumps(content)), url="{site}/CHG-7")


def jira(state: str) -> Any:
    return ticket({"fields": {"status": {"name": state}, "approver": "ana"}})


CASES = [
    Case("approved", APPROVED, {}, Status.PASSED, "is 'approved', wanted approved", server=ticket({"state": "approved"})),
    Case("in capitals", APPROVED, JIRA, Status.PASSED, "is 'Approved' by ana", server=jira("Approved")),
    Case("not yet", APPROVED, JIRA, Status.FAILED, "is 'In Review' by ana, wanted approved", server=jira("In Review")),
    Case(
        "by another word",
        APPROVED,
        {"states": ["Scheduled"]},
        Status.PASSED,
        "Scheduled",
        server=ticket({"state": "Scheduled"}),
    ),
    Case("no state", APPROVED, {}, Status.UNKNOWN, "does not tell its state in 'state'", server=ticket({"a": 1})),
    Case("no ticket", APPROVED, {}, Status.FAILED, "answered 404", server=ticket({}, 404)),
    Case("not let in", APPROVED, {}, Status.UNKNOWN, "answered 403", server=ticket({}, 403)),
    Case(
        "let in",
        APPROVED,
        {"key": "file:.env#KEY", "header": "X-Key"},
        Status.PASSED,
        "approved",
        files={".env": "KEY=key-1234"},
        server=at(guarded(Page(body='{"state": "approved"}'), "key-1234"), url="{site}/1"),
    ),
    Case("nobody there", APPROVED, {"url": f"http://127.0.0.1:{free_port()}/"}, Status.UNKNOWN, "was not reached"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
