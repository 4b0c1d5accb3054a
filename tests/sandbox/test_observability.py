"""The checks of metrics, alerts, dashboards, traces and logs against the stand-ins: as they should be, and broken."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from deployments.sandbox.observability.alertmanager import Alertmanager
from deployments.sandbox.observability.elasticsearch import Elasticsearch
from deployments.sandbox.observability.grafana import Grafana
from deployments.sandbox.observability.jaeger import Jaeger
from deployments.sandbox.observability.prometheus import Figure, Prometheus, Target
from deployments.sandbox.observability.reply import Product, answered
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict
from tasks.evaluation import judge
from tests.tasks.servers import answering_with

FAILED, UNKNOWN = Status.FAILED, Status.UNKNOWN
KEY = "not-for-eyes"


def steady(value: float) -> Figure:
    return lambda _moment: value


def between(begun: float, ended: float) -> Figure:
    """1 from so many minutes ago until so many minutes ago, and nothing at other times."""
    return lambda moment: 1 if ended <= (time.time() - moment) / 60 <= begun else None


def up_but_between(begun: float, ended: float) -> Figure:
    away = between(begun, ended)
    return lambda moment: None if away(moment) else 1


def since(ago: float, before: float, now: float) -> Figure:
    """One value until so many minutes ago, and another from then on."""
    return lambda moment: before if (time.time() - moment) / 60 > ago else now


class Log:
    """Lines of a minute ago, whenever they are read."""

    def __init__(self, *lines: dict[str, Any]) -> None:
        self.lines = lines

    def __iter__(self) -> Iterator[dict[str, Any]]:
        moment = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
        return iter([{"@timestamp": moment, "service": "api", **each} for each in self.lines])


QUERIES: dict[str, Figure] = {
    "histogram_quantile(0.95": steady(0.21),
    "memory": lambda moment: 100 + moment % 2,
    "up": steady(1),
    'ALERTS{alertname="ReleaseTest"': between(20, 10),
}
LINES: list[dict[str, Any]] = [
    {"level": "info", "message": "served", "status": 200, "ip": "10.0.0.1"},
    {"level": "info", "message": "refused", "status": 401, "ip": "10.0.0.2"},
]
PROMETHEUS = Prometheus(
    QUERIES,
    [Target("api", f"http://api-{number}:8080/metrics") for number in range(2)],
    {"HighErrorRate": "job:errors > 0.01"},
    discovery=("kubernetes",),
)
DASHBOARDS = {"Application overview": {"Response time": "histogram_quantile(0.95, x)", "Errors": "errors"}}
WELL: dict[str, Any] = {
    "prometheus": PROMETHEUS,
    "promql": PROMETHEUS,
    "alertmanager": Alertmanager(
        "team",
        {"team": ["slack", "email"], "pager": ["pagerduty"]},
        [{"matchers": ['severity="critical"'], "receiver": "pager"}],
        [{"alertname": "Watchdog"}],
        {"slack": 3},
    ),
    "grafana": Grafana(DASHBOARDS, PROMETHEUS),
    "jaeger": Jaeger({"api": 60}, {"api": 0.1}),
    "elasticsearch": Elasticsearch({"api": Log(*LINES)}, {"app-logs": "30d"}),
}
APP = {"index": "a*"}
KNOWN = {"key": "env:GRAFANA_TOKEN"}
OVERVIEW = KNOWN | {"dashboards": ["Application overview"]}
P95 = {"query": "histogram_quantile(0.95, sum by (le) (rate(x[5m])))", "limit": 0.5}
MEMORY = {"query": "memory", "hours": 24}


@contextmanager
def serving(product: Product, keys: Collection[str] | None) -> Iterator[str]:
    """Serve the pages; yields the base address."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            reply = answered(product, asked.path, dict(parse_qsl(asked.query)), self.headers.get("Authorization", ""), keys)
            self.send_response(reply.status)
            self.end_headers()
            self.wfile.write((reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with answering_with(Answering) as address:
        yield address


@dataclass(frozen=True)
class Row:
    """A check that passes, what of the product is changed to break it, and what it then says."""

    check: str
    arguments: dict[str, Any]
    change: dict[str, Any]
    says: str
    status: Status = FAILED

    def __str__(self) -> str:
        return f"{self.check}: {self.says}"

    def verdict(self, change: Mapping[str, Any], home: Path) -> Verdict:
        system = self.check.partition(".")[0]
        changed = dict(change)
        keys = changed.pop("keys", [KEY] if system == "grafana" else None)
        with serving(replace(WELL[system], **changed), keys) as url:
            session = Session(Settings(*[home] * 4, ""))
            return judge(catalogue()[self.check], {"url": url, **self.arguments}, session, Sample()).verdict


def asked(**changed: Figure) -> dict[str, Any]:
    return {"queries": QUERIES | changed}


def log(**fields: Any) -> dict[str, Any]:
    return {"indices": {"api": Log(*LINES, fields)}}


SILENT = {"indices": {"api": []}}
ROWS = [
    Row("prometheus.ready", {}, {"reloaded": False}, "refused its last configuration"),
    Row("prometheus.targets_up", {"jobs": ["api"], "at_least": 2},
        {"targets": [Target("api", "http://a"), Target("api", "http://b", "connection refused")]}, "connection refused"),
    Row("prometheus.targets_up", {"jobs": ["api"], "at_least": 2}, {"targets": [Target("api", "http://a")]}, "is 1"),
    Row("prometheus.discovery_configured", {"kinds": ["kubernetes"]}, {"discovery": ["static"]}, "lacks kubernetes"),
    Row("prometheus.rules_exist", {"rules": ["HighErrorRate"]}, {"rules": {"B": "x"}}, "has no rule"),
    Row("prometheus.rule_groups_healthy", {}, {"rules": {"B": "x"}, "errors": {"B": "no metric"}}, "B (no metric)"),
    Row("prometheus.retention_at_least", {"days": 15}, {"retention": "2d"}, "is 2"),
    Row("prometheus.alert_history", {"at_most": 0}, {"queries": {"ALERTS": between(183, 63)}}, "for 120 minutes"),
    Row("prometheus.alert_fired", {"alert": "ReleaseTest"}, {"queries": {}}, "did not fire"),
    Row("promql.at_most", P95, asked(**{"histogram_quantile(0.95": steady(0.9)}), "is 0.9"),
    Row("promql.at_most", P95, {"queries": {}}, "has no value", UNKNOWN),
    Row("promql.at_least", {"query": "up", "limit": 1, "minutes": 60}, asked(up=since(30, 1, 0)), "▁"),
    Row("promql.no_gaps", {"query": "up"}, asked(up=up_but_between(40, 30)), "up has no value for 11 minutes"),
    Row("promql.degraded_by_at_most", {"query": "memory"}, asked(memory=since(8 * 60, 100, 200)), "is 100 %"),
    Row("promql.degraded_by_at_most", {"query": "memory"}, asked(memory=since(8 * 60, 0.2, 0.9)),
        "was 0.2 as of 1d ago and is 0.9"),
    Row("promql.not_growing", MEMORY, asked(memory=lambda moment: 150 - (time.time() - moment) / 3600), "Growth of memory"),
    Row("promql.report", {"queries": {"Memory": "memory"}}, {"queries": {}}, "no value", UNKNOWN),
    Row("alertmanager.ready", {}, {"cluster": "settling"}, "'settling'"),
    Row("alertmanager.receivers_configured", {"kinds": ["email"]}, {"receivers": {"team": ["slack"]}}, "lacks email"),
    Row("alertmanager.routes_lead_to", {"labels": {"severity": "critical"}, "receiver": "pager"}, {"routes": []},
        "(to team) lacks pager"),
    Row("alertmanager.alerts_quiet", {"except_alerts": ["Watchdog"]}, {"alerts": [{"alertname": "DiskFull"}]},
        "active: DiskFull"),
    Row("alertmanager.alert_arrived", {"alert": "Watchdog"}, {"alerts": []}, "is not active"),
    Row("alertmanager.notifications_delivered", {"integrations": ["slack"]}, {"failed": {"slack": 1}}, "1 of 3"),
    Row("grafana.healthy", {}, {"database": "failing"}, "'failing'"),
    Row("grafana.dashboards_exist", OVERVIEW, {"dashboards": {}}, "no dashboard"),
    Row("grafana.dashboards_exist", OVERVIEW, {"keys": ["another"]}, "answered 401", UNKNOWN),
    Row("grafana.dashboard_has_data", OVERVIEW, {"prometheus": Prometheus()}, "is 0, wanted at least 1"),
    Row("grafana.datasources_healthy", KNOWN, {"unreached": "refused"}, "not reached: refused"),
    Row("grafana.access_restricted", {}, {"keys": None}, "to everybody"),
    Row("jaeger.ready", {}, {"error": "storage is gone"}, "storage is gone"),
    Row("jaeger.receiving", {"services": ["api"]}, {"newest": {"api": 3600}}, "No trace of api"),
    Row("jaeger.sampling_set", {"service": "api", "at_most": 0.2}, {"sampling": {"api": 1}}, "is 1"),
    Row("elasticsearch.healthy", {}, {"status": "red"}, "is red"),
    Row("elasticsearch.flowing", APP | {"query": "service:api"}, SILENT, "has no document"),
    Row("elasticsearch.no_errors", APP, log(level="ERROR", message="no"), "1 lines"),
    Row("elasticsearch.no_errors", APP | {"query": "status:403"}, log(status=403), "1 lines"),
    Row("elasticsearch.no_secrets", APP, log(message="api_key=abcdef123456"), "1 by 'api_key'"),
    Row("elasticsearch.level_at_least", APP, log(level="debug", message="x"), "1 documents below info"),
    Row("elasticsearch.retention_set", {"policy": "app-logs", "at_least_days": 30}, {"policies": {"app-logs": ""}},
        "nothing ever"),
    Row("elasticsearch.top_values", APP | {"field": "ip", "query": "status:401"}, SILENT, "no document with ip", UNKNOWN),
    Row("elasticsearch.flowing", {"index": "api"}, {"indices": {}}, "answered 404"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_a_check_sees_what_breaks(row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAFANA_TOKEN", KEY)
    before = row.verdict({}, tmp_path)
    after = row.verdict(row.change, tmp_path)

    assert (before.status, after.status) == (Status.PASSED, row.status), f"{before.summary} / {after.summary}"
    assert row.says in after.summary


def test_every_check_of_these_systems_is_tried() -> None:
    there = {each.id for each in catalogue().values() if each.id.partition(".")[0] in WELL}

    assert {row.check for row in ROWS} == there
