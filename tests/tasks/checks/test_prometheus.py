from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.api import BROKEN, REFUSED, serving
from tests.tasks.world import Case, Place

READY, TARGETS, DISCOVERY, RULES, GROUPS, RETENTION, HISTORY, FIRED = (
    f"prometheus.{name}"
    for name in (
        "ready", "targets_up", "discovery_configured", "rules_exist", "rule_groups_healthy", "retention_at_least",
        "alert_history", "alert_fired",
    )
)  # fmt: skip
JOBS, KUBERNETES, ALERTS = {"jobs": ["api"]}, {"kinds": ["kubernetes"]}, {"rules": ["HighErrorRate"]}
CONFIGURATION = "scrape_configs:\n- job_name: api\n  kubernetes_sd_configs: [{role: pod}]\n  consul_sd_configs: []\n"


def data(content: Any) -> dict[str, Any]:
    return {"status": "success", "data": content}


def target(job: str = "api", health: str = "up", error: str = "") -> dict[str, Any]:
    return {"labels": {"job": job}, "health": health, "lastError": error, "scrapeUrl": f"http://{job}:8000/metrics"}


def rule(name: str = "HighErrorRate", health: str = "ok", kind: str = "alerting") -> dict[str, Any]:
    return {"name": name, "type": kind, "health": health, "query": "job:errors > 0.01", "lastError": "no such metric"}


def targets(*found: dict[str, Any]) -> Any:
    return data({"activeTargets": list(found)})


def rules(*found: dict[str, Any]) -> Any:
    return data({"groups": [{"name": "api", "rules": list(found)}]})


def runtime(**changed: Any) -> Any:
    return data({"reloadConfigSuccess": True, "storageRetention": "15d"} | changed)


def matrix(*found: tuple[dict[str, str], list[float]]) -> Any:
    result = [{"metric": labels, "values": [[at, str(value)] for at, value in enumerate(each)]} for labels, each in found]
    return data({"resultType": "matrix", "result": result})


def world(**changed: Any) -> Callable[[], AbstractContextManager[Place]]:
    """A healthy server but for what is changed, by the last part of the path."""
    healthy = {
        "ready": "Prometheus Server is Ready.",
        "runtimeinfo": runtime(),
        "config": data({"yaml": CONFIGURATION}),
        "targets": targets(target(), target()),
        "rules": rules(rule(), rule("job:errors", kind="recording")),
        "query_range": matrix(({"alertname": "Watchdog"}, [1] * 60), ({"alertname": "DiskFull"}, [1, 1])),
    }
    places = {"ready": "/-/ready", "runtimeinfo": "/api/v1/status/runtimeinfo", "config": "/api/v1/status/config"}
    return serving({places.get(name, f"/api/v1/{name}"): answer for name, answer in (healthy | changed).items()})


CASES = [
    Case("ready", READY, {}, Status.PASSED, "runs with its last configuration", server=world()),
    Case("refused its configuration", READY, {}, Status.FAILED,
         "refused its last", server=world(runtimeinfo=runtime(reloadConfigSuccess=False))),
    Case("starting", READY, {}, Status.UNKNOWN, "answered 503", server=world(ready=BROKEN)),
    Case("not Prometheus", READY, {}, Status.UNKNOWN, "is not JSON", server=world(runtimeinfo="<html>")),
    Case("all up", TARGETS, JOBS | {"at_least": 2}, Status.PASSED, "No targets of job api that were not reached among 2",
         server=world()),
    Case("one too few", TARGETS, JOBS | {"at_least": 3}, Status.FAILED, "is 2, wanted at least 3", server=world()),
    Case("one down", TARGETS, JOBS, Status.FAILED,
         "http://api:8000/metrics (down: refused)",
         server=world(targets=targets(target(), target(health="down", error="refused")))),
    Case("not scraped yet", TARGETS, JOBS, Status.FAILED, "(unknown: )",
         server=world(targets=targets(target(health="unknown")))),
    Case("none of the job", TARGETS, {"jobs": ["worker"]}, Status.FAILED, "is 0, wanted at least 1", server=world()),
    Case("no job named", TARGETS, {"jobs": []}, Status.UNKNOWN, "nothing could be judged", server=world()),
    Case("refused", TARGETS, JOBS, Status.UNKNOWN, "answered 401", server=world(targets=REFUSED)),
    Case("by Kubernetes", DISCOVERY, KUBERNETES, Status.PASSED, "has kubernetes", server=world()),
    Case("only an empty list", DISCOVERY, {"kinds": ["consul"]}, Status.FAILED, "lacks consul", server=world()),
    Case("no YAML", DISCOVERY, KUBERNETES, Status.UNKNOWN, "is not YAML", server=world(config=data({"yaml": "a: [1"}))),
    Case("has its rule", RULES, ALERTS, Status.PASSED, "is watched by job:errors > 0.01", server=world()),
    Case("has none", RULES, {"rules": ["ServiceDown"]}, Status.FAILED, "ServiceDown has no rule", server=world()),
    Case("only recorded", RULES, {"rules": ["job:errors"]}, Status.FAILED, "has no rule", server=world()),
    Case("ends in an error", RULES, ALERTS, Status.FAILED, "no such metric", server=world(rules=rules(rule(health="err")))),
    Case("not evaluated yet", RULES, ALERTS, Status.UNKNOWN, "not evaluated yet",
         server=world(rules=rules(rule(health="unknown")))),
    Case("refused", RULES, ALERTS, Status.UNKNOWN, "answered 401", server=world(rules=REFUSED)),
    Case("no error", GROUPS, {}, Status.PASSED, "among 2", server=world()),
    Case("an error", GROUPS, {}, Status.FAILED, "HighErrorRate (no such metric)",
         server=world(rules=rules(rule(health="err")))),
    Case("no rule", GROUPS, {}, Status.UNKNOWN, "Nothing was there", server=world(rules=rules())),
    Case("long enough", RETENTION, {"days": 15}, Status.PASSED, "is 15", server=world()),
    Case("too short", RETENTION, {"days": 16}, Status.FAILED, "wanted at least 16 days", server=world()),
    Case("by size only", RETENTION, {"days": 1}, Status.UNKNOWN,
         "no stretch of time", server=world(runtimeinfo=runtime(storageRetention="10GiB"))),
    Case("shown", HISTORY, {}, Status.PASSED, "fired: DiskFull for 12 minutes, Watchdog for 360 minutes", server=world()),
    Case("too many", HISTORY, {"at_most": 0, "except_alerts": ["Watchdog"]},
         Status.FAILED, "DiskFull for 12 minutes. Wanted at most 0",
         server=world()),
    Case("none", HISTORY, {"at_most": 0}, Status.PASSED, "No alert fired", server=world(query_range=matrix())),
    Case("nothing that could fire", HISTORY, {"at_most": 0}, Status.UNKNOWN, "nothing could fire", server=world(rules=rules())),
    Case("refused", HISTORY, {}, Status.UNKNOWN, "answered 401", server=world(query_range=REFUSED)),
    Case("fired", FIRED, {"alert": "ReleaseTest"}, Status.PASSED, "ReleaseTest fired", server=world()),
    Case("did not fire", FIRED, {"alert": "ReleaseTest"}, Status.FAILED, "did not fire", server=world(query_range=matrix())),
    Case("refused", FIRED, {"alert": "ReleaseTest"}, Status.UNKNOWN, "answered 401", server=world(query_range=REFUSED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
