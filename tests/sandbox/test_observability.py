"""The checks of metrics, alerts, dashboards, traces and logs against the stand-in: as they should be, and broken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox import parts
from deployments.sandbox.observability_part import OBSERVABILITY, address, tell, told
from deployments.sandbox.world import World
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict
from tasks.evaluation import judge
from tests.tasks.servers.web import Page, http_server

pytestmark = pytest.mark.sandbox

STATE: dict[str, Any] = {
    "prometheus": {
        "discovery": ["kubernetes"],
        "targets": {"api": 2},
        "rules": {"HighErrorRate": "job:errors > 0.01"},
        "queries": {
            "histogram_quantile(0.95": 0.21,
            "memory": [100, 101, 99, 100] * 12,
            "up": 1,
            "cpu": {"pod=a,job=api": 0.3, "pod=b": 0.4},
        },
        "fired": {"ReleaseTest": [20, 10]},
    },
    "alertmanager": {
        "receivers": {"team": ["slack", "email"], "pager": ["pagerduty"]},
        "routes": [{"matchers": ['severity="critical"'], "receiver": "pager"}],
        "alerts": [{"alertname": "Watchdog"}],
        "notifications": {"slack": {"sent": 3}},
    },
    "grafana": {
        "dashboards": {"Application overview": {"Response time": "histogram_quantile(0.95, x)", "Errors": "errors"}},
        "datasources": {"Prometheus": "prometheus"},
    },
    "jaeger": {"services": {"api": {"traces": 5, "sampling": 0.1}}},
    "elasticsearch": {"policies": {"app-logs": "30d"}},
    "logs": {
        "api": [
            {"ago": 1, "level": "info", "message": "served", "status": 200, "ip": "10.0.0.1"},
            {"ago": 2, "level": "info", "message": "refused", "status": 401, "ip": "10.0.0.2"},
        ]
    },
    "keys": {"grafana": "not-for-eyes"},
}
OVERVIEW, API, APP = {"dashboards": ["Application overview"]}, {"selector": '{app="api"}'}, {"index": "a*"}
GRAFANA = OVERVIEW | {"key": "env:GRAFANA_TOKEN"}
P95 = {"query": "histogram_quantile(0.95, sum by (le) (rate(x[5m])))", "limit": 0.5}
MEMORY = {"query": "memory", "hours": 24}
FAILED, UNKNOWN = Status.FAILED, Status.UNKNOWN


@pytest.fixture(scope="module")
def server(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("observability"), sandbox_python)
    world.save(ports={}, pids={}, words={})
    try:
        world._remember(**parts.as_state(OBSERVABILITY.start(world)))
        yield world
    finally:
        world.down()


@pytest.fixture
def watched(server: World, monkeypatch: pytest.MonkeyPatch) -> World:
    OBSERVABILITY.reset(server)
    tell(server, STATE)
    monkeypatch.setenv("GRAFANA_TOKEN", "not-for-eyes")
    return server


def verdict(world: World, check: str, arguments: dict[str, Any]) -> Verdict:
    session = Session(Settings(*[world.directory] * 4, ""))
    system = {"promql": "prometheus"}.get(check.partition(".")[0], check.partition(".")[0])
    return judge(catalogue()[check], {"url": address(world, system), **arguments}, session, Sample()).verdict


@dataclass(frozen=True)
class Row:
    """A check that passes, the change that breaks it, and what it then says."""

    check: str
    arguments: dict[str, Any]
    change: dict[str, Any]
    says: str
    status: Status = FAILED

    def __str__(self) -> str:
        return f"{self.check}: {self.says}"


def prometheus(**changed: Any) -> dict[str, Any]:
    return {"prometheus": changed}


def log(**fields: Any) -> dict[str, Any]:
    return {"logs": {"api": [*STATE["logs"]["api"], {"ago": 1, **fields}]}}


ROWS = [
    Row("prometheus.ready", {}, {"down": ["prometheus"]}, "answered 503", UNKNOWN),
    Row("prometheus.ready", {}, prometheus(reloaded=False), "refused its last configuration"),
    Row("prometheus.targets_up", {"jobs": ["api"], "at_least": 2},
        prometheus(targets={"api": {"up": 1, "down": 1}}), "connection refused"),
    Row("prometheus.discovery_configured", {"kinds": ["kubernetes"]}, prometheus(discovery=["static"]), "lacks kubernetes"),
    Row("prometheus.rules_exist", {"rules": ["HighErrorRate"]}, prometheus(rules={"HighErrorRate": None}), "has no rule"),
    Row("prometheus.rule_groups_healthy", {},
        prometheus(rules={"B": {"expression": "x", "error": "no metric"}}), "B (no metric)"),
    Row("prometheus.retention_at_least", {"days": 15}, prometheus(retention="2d"), "is 2"),
    Row("prometheus.alert_history", {"at_most": 1}, prometheus(fired={"DiskFull": [60, 30]}), "DiskFull for"),
    Row("prometheus.alert_fired", {"alert": "ReleaseTest"}, prometheus(fired=None), "did not fire"),
    Row("promql.at_most", P95, prometheus(queries={"histogram_quantile(0.95": 0.9}), "is 0.9"),
    Row("promql.at_most", P95, prometheus(queries={"histogram_quantile(0.95": None}), "has no value", UNKNOWN),
    Row("promql.at_most", {"query": "cpu", "limit": 0.5}, prometheus(queries={"cpu": {"pod=b": 0.8}}), "of {pod=b} is 0.8"),
    Row("promql.at_least", {"query": "up", "limit": 1, "minutes": 60}, prometheus(queries={"up": [1] * 95 + [0]}), "▁"),
    Row("promql.no_gaps", {"query": "up"},
        prometheus(gaps=[{"query": "up", "from": 40, "until": 30}]), "up has no value for 11 minutes"),
    Row("promql.degraded_by_at_most", {"query": "memory"}, prometheus(queries={"memory": [100] * 40 + [200] * 8}), "is 100 %"),
    Row("promql.not_growing", MEMORY, prometheus(queries={"memory": list(range(100, 148))}), "Growth of memory"),
    Row("promql.report", {"queries": {"Memory": "memory"}}, prometheus(queries={"memory": None}), "no value", UNKNOWN),
    Row("alertmanager.ready", {}, {"alertmanager": {"cluster": "settling"}}, "'settling'"),
    Row("alertmanager.receivers_configured", {"kinds": ["email"]},
        {"alertmanager": {"receivers": {"team": ["slack"]}}}, "lacks email"),
    Row(
        "alertmanager.routes_lead_to",
        {"labels": {"severity": "critical"}, "receiver": "pager"},
        {"alertmanager": {"routes": []}},
        "(to team) lacks pager",
    ),
    Row(
        "alertmanager.alerts_quiet",
        {"except_alerts": ["Watchdog"]},
        {"alertmanager": {"alerts": [{"alertname": "DiskFull"}]}},
        "active: DiskFull",
    ),
    Row("alertmanager.alert_arrived", {"alert": "Watchdog"}, {"alertmanager": {"alerts": []}}, "is not active"),
    Row(
        "alertmanager.notifications_delivered",
        {"integrations": ["slack"]},
        {"alertmanager": {"notifications": {"slack": {"failed": 1}}}},
        "1 of 3",
    ),
    Row("grafana.healthy", {}, {"grafana": {"database": "failing"}}, "'failing'"),
    Row("grafana.dashboards_exist", GRAFANA, {"grafana": {"dashboards": None}}, "no dashboard"),
    Row("grafana.dashboards_exist", GRAFANA, {"keys": {"grafana": "another"}}, "answered 401", UNKNOWN),
    Row("grafana.dashboard_has_data", GRAFANA, prometheus(queries=None), "is 0, wanted at least 1"),
    Row(
        "grafana.datasources_healthy",
        {"key": "env:GRAFANA_TOKEN"},
        {"grafana": {"datasources": {"Prometheus": {"type": "prometheus", "error": "refused"}}}},
        "not reached: refused",
    ),
    Row("grafana.access_restricted", {}, {"open": ["grafana"]}, "to everybody"),
    Row("jaeger.ready", {}, {"jaeger": {"error": "storage is gone"}}, "storage is gone"),
    Row("jaeger.receiving", {"services": ["api"]}, {"jaeger": {"services": {"api": {"ago": 60}}}}, "No trace of api"),
    Row("jaeger.sampling_set", {"service": "api", "at_most": 0.2}, {"jaeger": {"services": {"api": {"sampling": 1}}}}, "is 1"),
    Row("loki.ready", {}, {"loki": {"ready": "Ingester not ready"}}, "Ingester not ready"),
    Row("loki.flowing", API, {"logs": None}, "has no line"),
    Row("loki.no_errors", API, log(level="error", message="no"), '"message": "no"'),
    Row("loki.no_secrets", API, log(line="password=hunter2x"), "1 by 'password'"),
    Row("loki.level_at_least", API, log(line="DEBUG here"), "1 debug"),
    Row("loki.retention_at_least", {"days": 30}, {"loki": {"deletes": False}}, "deletes nothing ever"),
    Row(
        "loki.report",
        {"queries": {"Refused": 'sum by (ip) (count_over_time({app="api"} |= `401` [1h]))'}},
        {"logs": {"api": []}},
        "no value",
        UNKNOWN,
    ),
    Row("elasticsearch.healthy", {}, {"elasticsearch": {"status": "red"}}, "is red"),
    Row("elasticsearch.flowing", APP | {"query": "service:api"}, {"logs": {"api": []}}, "has no document"),
    Row("elasticsearch.no_errors", APP, log(level="ERROR", message="no"), "1 lines"),
    Row("elasticsearch.no_errors", APP | {"query": "status:403"}, log(status=403), "1 lines"),
    Row("elasticsearch.no_secrets", APP, log(message="api_key=abcdef123456"), "1 by 'api_key'"),
    Row("elasticsearch.level_at_least", APP, log(level="debug", message="x"), "1 documents below info"),
    Row("elasticsearch.retention_set", {"policy": "app-logs", "at_least_days": 30},
        {"elasticsearch": {"policies": {"app-logs": ""}}}, "nothing ever"),
    Row("elasticsearch.top_values", APP | {"field": "ip", "query": "status:401"},
        {"denied": ["elasticsearch"]}, "403", UNKNOWN),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_check_sees_what_breaks(row: Row, watched: World) -> None:
    before = verdict(watched, row.check, row.arguments)
    tell(watched, row.change)
    after = verdict(watched, row.check, row.arguments)

    assert (before.status, after.status) == (Status.PASSED, row.status), f"{before.summary} / {after.summary}"
    assert row.says in after.summary


def test_every_check_of_these_systems_is_tried() -> None:
    systems = ("prometheus.", "promql.", "alertmanager.", "grafana.", "jaeger.", "loki.", "elasticsearch.")
    there = {each.id for each in catalogue().values() if each.id.startswith(systems)}

    assert {row.check for row in ROWS} == there


def test_what_is_live_counts_now_and_not_for_what_was(watched: World) -> None:
    with http_server(Page(body=json.dumps({"p95": 0.9}))) as url:
        tell(watched, prometheus(queries={"p95": {"live": url, "field": "p95", "before": 0.2}}))
        now = verdict(watched, "promql.at_most", {"query": "p95", "limit": 0.5})
        grown = verdict(watched, "promql.degraded_by_at_most", {"query": "p95"})

    assert "is 0.9" in now.summary
    assert "was 0.2 as of 1d ago and is 0.9" in grown.summary


def test_what_is_told_is_merged_and_can_be_put_back(watched: World) -> None:
    before = told(watched)
    tell(watched, {"jaeger": {"services": {"api": None, "web": {"traces": 1}}}})

    assert told(watched)["jaeger"] == {"services": {"web": {"traces": 1}}}
    assert before == STATE
