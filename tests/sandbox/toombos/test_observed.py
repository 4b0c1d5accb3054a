"""The team's monitoring tells what was measured of the fleet, and finds in its logs what is asked for."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import Any

import pytest

from deployments.sandbox.toombos import alerting, logbook, prometheus
from deployments.sandbox.toombos.measured import QUIET, WINDOW, Figures, Measured

LINES: list[dict[str, Any]] = [
    {"level": "info", "message": "GET /health", "status": 200},
    {"level": "error", "message": "GET /ready: the database does not answer", "status": 503},
    {"level": "error", "message": "GET /self-test/crm: authentication failed: 401", "status": 503},
    {"level": "DEBUG", "message": "settings"},
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("*", [0, 1, 2, 3], id="everything"),
        pytest.param("level:error", [1, 2], id="one value of a field"),
        pytest.param("level:(critical OR fatal)", [], id="none of several values"),
        pytest.param("level:(trace OR debug)", [3], id="one of several, whatever its letters"),
        pytest.param("level:error AND message:database", [1], id="both"),
        pytest.param('message:("authentication failed" OR unauthorized)', [2], id="a text of two words"),
        pytest.param("_exists_:status", [0, 1, 2], id="a field that is there"),
        pytest.param("_exists_:status OR _exists_:level", [0, 1, 2, 3], id="either field"),
        pytest.param("(status:503 AND level:error) OR level:debug", [1, 2, 3], id="brackets"),
        pytest.param("database", [1], id="a word in any field"),
    ],
)
def test_a_query_finds_its_lines(query: str, found: list[int]) -> None:
    finds = logbook.understood(query)

    assert [number for number, line in enumerate(LINES) if finds(line)] == found


@pytest.mark.parametrize("query", ["level:error level:info", "NOT level:error"])
def test_what_the_stand_in_does_not_understand_is_no_empty_answer(query: str) -> None:
    with pytest.raises(ValueError, match="more than this stand-in understands"):
        logbook.understood(query)


def measured(*figures: Figures) -> Measured:
    found = Measured(since=time.time() - 60)
    found.figures["production"] = deque(figures, maxlen=WINDOW)
    return found


@pytest.mark.parametrize(
    ("query", "value"),
    [
        pytest.param('1000 * histogram_quantile(0.95, x{job="content-generator-production"})', 300.0, id="milliseconds"),
        pytest.param('100 * sum(rate(x{status=~"5.."}[5m])) / sum(rate(x[5m]))', 50.0, id="percent that failed"),
        pytest.param('up{job="content-generator-production"}', 0.0, id="the last look failed"),
        pytest.param('up{job="content-generator-staging"}', None, id="nothing runs in staging"),
        pytest.param("node_load1", None, id="nobody measures this"),
    ],
)
def test_prometheus_answers_with_what_was_measured(query: str, value: float | None) -> None:
    found = measured(Figures(0.3, good=True, processor=0.1, memory=5e7), Figures(0.3, good=False, processor=0.1, memory=5e7))
    result = prometheus.instant(found, query, time.time())["result"]

    assert [round(float(each["value"][1]), 6) for each in result] == ([] if value is None else [value])


def test_the_days_before_were_quiet() -> None:
    found = measured(Figures(2.0, good=True, processor=0.1, memory=5e7))
    yesterday = prometheus.instant(found, "histogram_quantile(0.95, x)", time.time() - 86_400)["result"]

    assert float(yesterday[0]["value"][1]) == QUIET.seconds


def test_a_test_alert_is_there_once_it_was_sent() -> None:
    found = Measured()
    alert = {"labels": {"alertname": "ReleaseTestAlert"}}
    before = alerting.alertmanager(found, "GET", "/api/v2/alerts", b"")
    alerting.alertmanager(found, "POST", "/api/v2/alerts", json.dumps([alert]).encode())

    assert before == []
    assert [each["labels"] for each in alerting.alertmanager(found, "GET", "/api/v2/alerts", b"")] == [alert["labels"]]


@pytest.mark.parametrize("uid", ["toombos-overview", "toombos-performance", "toombos-infrastructure", "toombos-business"])
def test_every_panel_of_a_dashboard_asks_for_what_is_measured(uid: str) -> None:
    found = measured(QUIET)
    dashboard = alerting.grafana(found, f"/api/dashboards/uid/{uid}", {})["dashboard"]
    answered = [prometheus.instant(found, panel["targets"][0]["expr"], time.time())["result"] for panel in dashboard["panels"]]

    assert answered
    assert all(answered)
