from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.api import BROKEN, REFUSED, serving
from tests.tasks.world import Case, Place

READY, RECEIVERS, ROUTES, QUIET, ARRIVED, DELIVERED = (
    f"alertmanager.{name}"
    for name in (
        "ready", "receivers_configured", "routes_lead_to", "alerts_quiet", "alert_arrived", "notifications_delivered",
    )
)  # fmt: skip
CONFIGURATION = """
route: {receiver: nobody, routes: [{matchers: ['severity="critical"'], receiver: pager}]}
receivers:
- name: nobody
- {name: pager, pagerduty_configs: [{routing_key: <secret>}], slack_configs: [{channel: '#alerts'}]}
"""
METRICS = """# TYPE alertmanager_notifications_total counter
alertmanager_notifications_total{integration="slack"} 3
alertmanager_notifications_total{integration="email"} 2
alertmanager_notifications_total{integration="webhook"} 0
alertmanager_notifications_failed_total{integration="email",reason="other"} 1
alertmanager_notifications_failed_total{integration="slack",reason="other"} 0
"""


def status(cluster: str = "ready", configuration: str = CONFIGURATION) -> dict[str, Any]:
    return {"cluster": {"status": cluster}, "config": {"original": configuration}}


def alert(name: str, state: str = "active", **labels: str) -> dict[str, Any]:
    return {"labels": {"alertname": name, **labels}, "status": {"state": state}}


def world(**changed: Any) -> Callable[[], AbstractContextManager[Place]]:
    """A healthy Alertmanager with one active alert, but for what is changed."""
    healthy = {"ready": "OK", "status": status(), "alerts": [alert("Watchdog", severity="none")], "metrics": METRICS}
    places = {"ready": "/-/ready", "metrics": "/metrics"}
    return serving({places.get(name, f"/api/v2/{name}"): answer for name, answer in (healthy | changed).items()})


CRITICAL = {"labels": {"severity": "critical"}}
SUPPRESSED = [alert("DiskFull", "suppressed", severity="critical")]
FIRING = [alert("DiskFull", severity="critical")]
CASES = [
    Case("ready", READY, {}, Status.PASSED, "is ready", server=world()),
    Case("still settling", READY, {}, Status.FAILED, "'settling'", server=world(status=status("settling"))),
    Case("not up", READY, {}, Status.UNKNOWN, "answered 503", server=world(ready=BROKEN)),
    Case("told by both", RECEIVERS, {"kinds": ["pagerduty", "slack"], "receivers": ["pager"]},
         Status.PASSED, "has pagerduty, slack",
         server=world()),
    Case("nobody is told by e-mail", RECEIVERS, {"kinds": ["email"]}, Status.FAILED, "lacks email", server=world()),
    Case("receiver missing", RECEIVERS, {"receivers": ["dba"]}, Status.FAILED, "lacks dba", server=world()),
    Case("receiver tells nobody", RECEIVERS, {"receivers": ["nobody"]}, Status.FAILED, "tell nobody: nobody", server=world()),
    Case("nothing asked", RECEIVERS, {}, Status.UNKNOWN, "does not say", server=world()),
    Case("refused", RECEIVERS, {"kinds": ["slack"]}, Status.UNKNOWN, "answered 401", server=world(status=REFUSED)),
    Case("leads there", ROUTES, CRITICAL | {"receiver": "pager"}, Status.PASSED, "(to pager) has pager", server=world()),
    Case("leads elsewhere", ROUTES, {"labels": {"severity": "info"}, "receiver": "pager"}, Status.FAILED, "lacks pager",
         server=world()),
    Case("leads to nobody", ROUTES, {"labels": {"a": "b"}, "receiver": "nobody"}, Status.FAILED, "which tells nobody",
         server=world()),
    Case("no YAML", ROUTES, CRITICAL | {"receiver": "pager"}, Status.UNKNOWN,
         "is not YAML", server=world(status=status(configuration="a: [1"))),
    Case("only what is always there", QUIET, {"except_alerts": ["Watchdog"]}, Status.PASSED, "no active alert", server=world()),
    Case("others than asked for", QUIET, CRITICAL, Status.PASSED, "no active alert", server=world()),
    Case("silenced", QUIET, CRITICAL, Status.PASSED, "no active alert", server=world(alerts=SUPPRESSED)),
    Case("one fires", QUIET, CRITICAL, Status.FAILED, "1 alerts are active: DiskFull", server=world(alerts=FIRING)),
    Case("not up", QUIET, CRITICAL, Status.UNKNOWN, "answered 503", server=world(ready=BROKEN)),
    Case("arrived", ARRIVED, {"alert": "DiskFull"} | CRITICAL, Status.PASSED, "is active", server=world(alerts=FIRING)),
    Case("not arrived", ARRIVED, {"alert": "ReleaseTest"}, Status.FAILED, "is not active", server=world()),
    Case("with other labels", ARRIVED, {"alert": "Watchdog"} | CRITICAL, Status.FAILED, "is not active", server=world()),
    Case("refused", ARRIVED, {"alert": "ReleaseTest"}, Status.UNKNOWN, "answered 401", server=world(alerts=REFUSED)),
    Case("delivered", DELIVERED, {"integrations": ["slack"]}, Status.PASSED, "3 notifications", server=world()),
    Case("some failed", DELIVERED, {"integrations": ["slack", "email"]}, Status.FAILED, "1 of 2 notifications by email",
         server=world()),
    Case("nobody was told yet", DELIVERED, {"integrations": ["webhook"]}, Status.FAILED, "Nobody was told by webhook",
         server=world()),
    Case("refused", DELIVERED, {"integrations": ["slack"]}, Status.UNKNOWN, "answered 401", server=world(metrics=REFUSED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
