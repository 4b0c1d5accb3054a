import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sites import Asked, at
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

GREEN = "ci.status_green"
COMMIT = {"repository": "acme/shop", "commit": "v1"}
LAB = COMMIT | {"service": "gitlab"}


def github(runs: Mapping[str, str | None], statuses: Mapping[str, str] | None = None) -> Any:
    pages = {
        "/repos/acme/shop/commits/v1/check-runs": {
            "check_runs": [
                {"name": name, "conclusion": end, "status": "completed" if end else "in_progress"} for name, end in runs.items()
            ]
        },
        "/repos/acme/shop/commits/v1/status": {
            "statuses": [{"context": name, "state": state} for name, state in (statuses or {}).items()]
        },
    }
    return site(pages)


def gitlab(statuses: Mapping[str, str]) -> Any:
    page = [{"name": name, "status": status} for name, status in statuses.items()]
    return site({"/projects/acme%2Fshop/repository/commits/v1/statuses": page})


def site(pages: Mapping[str, Any]) -> Any:
    def page(asked: Asked) -> Page:
        content = pages.get(asked.path.partition("?")[0])
        return Page(404) if content is None else Page(body=json.dumps(content))

    return at(page, base_url="{site}")


CASES = [
    Case("green", GREEN, COMMIT, Status.PASSED, "All 2 checks", server=github({"test": "success"}, {"lint": "success"})),
    Case("one red", GREEN, COMMIT, Status.FAILED, "lint (failure)", server=github({"test": "success"}, {"lint": "failure"})),
    Case(
        "one going on", GREEN, COMMIT, Status.UNKNOWN, "have not ended: test", server=github({"test": None, "lint": "success"})
    ),
    Case("of unknown state", GREEN, COMMIT, Status.FAILED, "test (stale)", server=github({"test": "stale"})),
    Case("all skipped", GREEN, COMMIT, Status.UNKNOWN, "were skipped", server=github({"test": "skipped"})),
    Case("none", GREEN, COMMIT, Status.UNKNOWN, "Nothing was ever checked", server=github({})),
    Case(
        "required one missing",
        GREEN,
        COMMIT | {"required": ["e2e"]},
        Status.FAILED,
        "lacks e2e",
        server=github({"test": "success"}),
    ),
    Case(
        "required one skipped",
        GREEN,
        COMMIT | {"required": ["e2e"]},
        Status.FAILED,
        "lacks e2e",
        server=github({"test": "success", "e2e": "skipped"}),
    ),
    Case(
        "GitLab green", GREEN, LAB | {"required": ["test"]}, Status.PASSED, "All 1 checks", server=gitlab({"test": "success"})
    ),
    Case("GitLab red", GREEN, LAB, Status.FAILED, "test (failed)", server=gitlab({"test": "failed"})),
    Case("no such commit", GREEN, COMMIT | {"commit": "v2"}, Status.FAILED, "answered 404", server=github({})),
    Case("nobody there", GREEN, COMMIT | {"base_url": f"http://127.0.0.1:{free_port()}"}, Status.UNKNOWN, "was not reached"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
