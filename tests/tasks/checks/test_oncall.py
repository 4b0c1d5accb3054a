import json
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.sites import Asked, at
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

SCHEDULED, INTEGRATED = "oncall.scheduled", "oncall.service_integrated"
KEY = {"key": "file:.env#PD"}
ENV = {".env": "PD=key-of-the-test"}
ROTA = KEY | {"schedule": "Platform"}
SHOP = KEY | {"service": "Shop"}
SERVICE = {"name": "Shop", "status": "active", "integrations": [{"summary": "CloudWatch"}], "escalation_policy": {"id": "E1"}}


def pagerduty(on_call: str = "Ana Silva", **changes: Any) -> Any:
    pages = {
        "/schedules": {"schedules": [{"id": "S1", "name": "Platform"}, {"id": "S2", "name": "Platform EU"}]},
        "/oncalls": {"oncalls": [{"user": {"summary": on_call}}] if on_call else []},
        "/services": {"services": [SERVICE | changes]},
    }

    def page(asked: Asked) -> Page:
        if asked.headers.get("authorization") != "Token token=key-of-the-test":
            return Page(401, "{}")
        return Page(body=json.dumps(pages[asked.path.partition("?")[0]]))

    return at(page, base_url="{site}")


CASES = [
    Case("somebody", SCHEDULED, ROTA, Status.PASSED, "for the next 4 hours: Ana Silva", files=ENV, server=pagerduty()),
    Case("nobody", SCHEDULED, ROTA, Status.FAILED, "Nobody is on call in schedule Platform", files=ENV, server=pagerduty("")),
    Case(
        "no schedule",
        SCHEDULED,
        ROTA | {"schedule": "Data"},
        Status.FAILED,
        "no schedule named 'Data'",
        files=ENV,
        server=pagerduty(),
    ),
    Case("not let in", SCHEDULED, ROTA, Status.UNKNOWN, "answered 401", files={".env": "PD=old-key"}, server=pagerduty()),
    Case(
        "integrated", INTEGRATED, SHOP, Status.PASSED, "is active and is reached by CloudWatch", files=ENV, server=pagerduty()
    ),
    Case("disabled", INTEGRATED, SHOP, Status.FAILED, "is disabled", files=ENV, server=pagerduty(status="disabled")),
    Case("no integration", INTEGRATED, SHOP, Status.FAILED, "has no integration", files=ENV, server=pagerduty(integrations=[])),
    Case(
        "calls nobody",
        INTEGRATED,
        SHOP,
        Status.FAILED,
        "no escalation policy",
        files=ENV,
        server=pagerduty(escalation_policy=None),
    ),
    Case("not let in", INTEGRATED, SHOP, Status.UNKNOWN, "answered 401", files={".env": "PD=old-key"}, server=pagerduty()),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
