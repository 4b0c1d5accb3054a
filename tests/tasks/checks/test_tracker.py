import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.sites import Asked, at
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

OPEN = "tracker.open_issues_at_most"
SHOP = {"repository": "acme/shop", "labels": ["critical"]}


def tracker(*issues: dict[str, Any], of: str = "/repos/acme/shop") -> Any:
    def page(asked: Asked) -> Page:
        if asked.path in (f"{of}/labels/critical", f"{of}/labels/blocker"):
            return Page(body="{}")
        if asked.path.startswith(f"{of}/issues?"):
            return Page(body=json.dumps(issues if "labels=critical" in asked.path else []))
        return Page(404, "Not Found")

    return at(page, base_url="{site}")


BUG = {"number": 7, "title": "Orders are lost"}
CASES = [
    Case("none open", OPEN, SHOP, Status.PASSED, "0 issues of acme/shop with critical are open", server=tracker()),
    Case("one open", OPEN, SHOP, Status.FAILED, "#7 Orders are lost", server=tracker(BUG)),
    Case("one accepted", OPEN, SHOP | {"at_most": 1}, Status.PASSED, "#7 Orders", server=tracker(BUG)),
    Case("a pull request", OPEN, SHOP, Status.PASSED, "0 issues", server=tracker(BUG | {"pull_request": {}})),
    Case(
        "two labels",
        OPEN,
        SHOP | {"labels": ["critical", "blocker"]},
        Status.FAILED,
        "critical or blocker",
        server=tracker(BUG),
    ),
    Case("no such label", OPEN, SHOP | {"labels": ["critcal"]}, Status.FAILED, "answered 404", server=tracker()),
    Case(
        "GitLab",
        OPEN,
        SHOP | {"service": "gitlab"},
        Status.FAILED,
        "#3 Slow",
        server=tracker({"iid": 3, "title": "Slow"}, of="/projects/acme%2Fshop"),
    ),
    Case("not let in", OPEN, SHOP, Status.UNKNOWN, "answered 401", server=at(lambda _: Page(401), base_url="{site}")),
    Case("no label named", OPEN, SHOP | {"labels": []}, Status.UNKNOWN, "does not say which", server=tracker()),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
