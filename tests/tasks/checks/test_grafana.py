import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.api import BROKEN, REFUSED, serving
from tests.tasks.servers.web import Page
from tests.tasks.world import Case, Place

HEALTHY, EXIST, DATA, SOURCES, RESTRICTED = (
    f"grafana.{name}"
    for name in ("healthy", "dashboards_exist", "dashboard_has_data", "datasources_healthy", "access_restricted")
)
OVERVIEW = {"dashboards": ["Application overview"]}
PANELS = [{"title": "Requests", "targets": [{"expr": "requests"}]}, {"title": "Errors", "targets": [{"expr": "errors"}]}]
SOURCE = {"uid": "prom", "name": "Prometheus", "type": "prometheus", "isDefault": True}


def dashboard(*panels: dict[str, Any]) -> dict[str, Any]:
    return {"dashboard": {"title": "Application overview", "panels": list(panels)}}


def query(asked: dict[str, str]) -> dict[str, Any]:
    """Requests have a value, errors have none."""
    result = [{"metric": {}, "value": [1.0, "1"]}] if asked["query"] == "requests" else []
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def world(**changed: Any) -> Callable[[], AbstractContextManager[Place]]:
    healthy = {
        "health": {"database": "ok"},
        "search": [{"uid": "over", "title": "Application overview"}],
        "dashboards/uid/over": dashboard(*PANELS),
        "datasources": [SOURCE],
        "datasources/uid/prom/health": {"status": "OK"},
        "datasources/proxy/uid/prom/api/v1/query": query,
    }
    named = {"dashboard": "dashboards/uid/over", "source": "datasources/uid/prom/health"}
    changes = {named.get(name, name): answer for name, answer in changed.items()}
    return serving({f"/api/{name}": answer for name, answer in (healthy | changes).items()})


SICK = Page(400, json.dumps({"status": "ERROR", "message": "connection refused"}))
CASES = [
    Case("healthy", HEALTHY, {}, Status.PASSED, "is 'ok'", server=world()),
    Case("no database", HEALTHY, {}, Status.FAILED, "is 'failing'", server=world(health={"database": "failing"})),
    Case("down", HEALTHY, {}, Status.UNKNOWN, "answered 503", server=world(health=BROKEN)),
    Case("there by title", EXIST, OVERVIEW, Status.PASSED, "has panels", server=world()),
    Case("there by UID", EXIST, {"dashboards": ["over"]}, Status.PASSED, "has panels", server=world()),
    Case("not there", EXIST, {"dashboards": ["Business"]}, Status.FAILED, "no dashboard 'Business'", server=world()),
    Case("empty", EXIST, OVERVIEW, Status.FAILED, "has no panel", server=world(dashboard=dashboard())),
    Case("none named", EXIST, {"dashboards": []}, Status.UNKNOWN, "nothing could be judged", server=world()),
    Case("refused", EXIST, OVERVIEW, Status.UNKNOWN, "answered 401", server=world(search=REFUSED)),
    Case("one panel shows data", DATA, OVERVIEW, Status.PASSED, "(none in Errors) is 1", server=world()),
    Case("two were wished", DATA, OVERVIEW | {"at_least": 2}, Status.FAILED, "is 1, wanted at least 2", server=world()),
    Case("no panel of Prometheus", DATA, OVERVIEW, Status.UNKNOWN, "no panel that asks", server=world(dashboard=dashboard({}))),
    Case("no data source", DATA, OVERVIEW, Status.FAILED, "no data source of Prometheus", server=world(datasources=[])),
    Case("not there", DATA, {"dashboards": ["Business"]}, Status.FAILED, "no dashboard", server=world()),
    Case("refused", DATA, OVERVIEW, Status.UNKNOWN, "answered 401", server=world(datasources=REFUSED)),
    Case("all reached", SOURCES, {}, Status.PASSED, "Prometheus is reached", server=world()),
    Case("one missing", SOURCES, {"datasources": ["Loki"]}, Status.FAILED, "no data source named Loki", server=world()),
    Case("one not reached", SOURCES, {}, Status.FAILED, "not reached: connection refused", server=world(source=SICK)),
    Case("cannot tell", SOURCES, {}, Status.UNKNOWN, "cannot tell of its health", server=world(source=Page(404))),
    Case("none there", SOURCES, {}, Status.UNKNOWN, "nothing could be judged", server=world(datasources=[])),
    Case("refused", SOURCES, {}, Status.UNKNOWN, "answered 401", server=world(datasources=REFUSED)),
    Case("refuses strangers", RESTRICTED, {}, Status.PASSED, "refuses who does not sign in", server=world(search=REFUSED)),
    Case("open to all", RESTRICTED, {}, Status.FAILED, "to everybody", server=world()),
    Case("broken", RESTRICTED, {}, Status.UNKNOWN, "neither yes nor no", server=world(search=BROKEN)),
    Case("not Grafana", RESTRICTED, {}, Status.UNKNOWN, "is not JSON", server=world(health="<html>", search=REFUSED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
