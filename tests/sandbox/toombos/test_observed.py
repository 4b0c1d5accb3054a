"""The team's monitoring tells what was measured of the fleet."""

from __future__ import annotations

import json
import time
from collections import deque

import pytest

from deployments.sandbox.observability.alertmanager import posted
from deployments.sandbox.toombos.measured import QUIET, WINDOW, Figures, Measured
from deployments.sandbox.toombos.monitoring import PRODUCTS, prometheus


def asked(found: Measured, query: str, ago: float = 0) -> list[float]:
    """What Prometheus answers to a query, as of so many seconds ago."""
    page = {"query": query, "time": str(time.time() - ago)}
    answer = prometheus(found, query).answer("/api/v1/query", page)
    return [round(float(each["value"][1]), 6) for each in answer.body["data"]["result"]]


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

    assert asked(found, query) == ([] if value is None else [value])


def test_the_days_before_were_quiet() -> None:
    found = measured(Figures(2.0, good=True, processor=0.1, memory=5e7))

    assert asked(found, "histogram_quantile(0.95, x)", ago=86_400) == [QUIET.seconds]


def test_a_test_alert_is_there_once_it_was_sent() -> None:
    found = Measured()
    alert = {"labels": {"alertname": "ReleaseTestAlert"}}
    before = PRODUCTS["alertmanager"](found, "").answer("/api/v2/alerts", {}).body
    found.alerts += posted(json.dumps([alert]).encode())
    after = PRODUCTS["alertmanager"](found, "").answer("/api/v2/alerts", {}).body

    assert before == []
    assert [each["labels"] for each in after] == [alert["labels"]]


@pytest.mark.parametrize("uid", ["toombos-overview", "toombos-performance", "toombos-infrastructure", "toombos-business"])
def test_every_panel_of_a_dashboard_asks_for_what_is_measured(uid: str) -> None:
    found = measured(QUIET)
    dashboard = PRODUCTS["grafana"](found, "").answer(f"/api/dashboards/uid/{uid}", {}).body["dashboard"]
    answered = [asked(found, panel["targets"][0]["expr"]) for panel in dashboard["panels"]]

    assert answered
    assert all(answered)
