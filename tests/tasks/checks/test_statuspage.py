import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.sites import at
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

SHOWS = "statuspage.shows"


def page(indicator: str, description: str) -> Any:
    content = json.dumps({"status": {"indicator": indicator, "description": description}})
    return at(lambda asked: Page(200 if asked.path == "/api/v2/status.json" else 404, content), url="{site}")


CASES = [
    Case(
        "all well", SHOWS, {}, Status.PASSED, "'All Systems Operational' (none)", server=page("none", "All Systems Operational")
    ),
    Case("an incident", SHOWS, {}, Status.FAILED, "(major), wanted none", server=page("major", "Partial Outage")),
    Case(
        "announced",
        SHOWS,
        {"indicators": ["maintenance"]},
        Status.PASSED,
        "(maintenance)",
        server=page("maintenance", "At work"),
    ),
    Case("broken", SHOWS, {}, Status.UNKNOWN, "answered 502", server=at(lambda _: Page(502), url="{site}")),
    Case("no such page", SHOWS, {}, Status.UNKNOWN, "no field 'status'", server=at(lambda _: Page(body="{}"), url="{site}")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
