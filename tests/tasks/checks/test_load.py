import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.core.load_results import p95
from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.web import Page, answering
from tests.tasks.world import Case

MEETS, BASELINE, PROBE = "load.result_meets", "load.within_baseline", "load.probe_meets"
PATH = {"path": "load"}
PAIR = {**PATH, "baseline": "before"}
SHORT = {"users": 2, "seconds": 1}
OWN = {"requests": 1000, "failures": 5, "p95_ms": 480.0, "users": 20, "finished": datetime.now(UTC).isoformat()}
K6 = {
    "http_reqs": {"count": 200, "rate": 20},
    "http_req_failed": {"value": 0.01, "passes": 2, "fails": 198},
    "http_req_duration": {"p(95)": 300.5},
    "vus_max": {"value": 10, "min": 10, "max": 10},
}
LOCUST = "Type,Name,Request Count,Failure Count,95%\nGET,/,1,0,9\n,Aggregated,100,1,250\n"
JMETER = {"Total": {"sampleCount": 50, "errorCount": 0, "pct1ResTime": 100, "pct2ResTime": 200}}


def own(name: str = "load", **changes: Any) -> dict[str, str]:
    return {name: json.dumps(OWN | changes)}


def meets(**more: Any) -> dict[str, Any]:
    return {**PATH, **more}


CASES = [
    Case("fast and right", MEETS, meets(p95_ms=480), Status.PASSED, "480 ms, wanted at most 480 ms", files=own()),
    Case("slow", MEETS, meets(p95_ms=479), Status.FAILED, "480 ms, wanted at most 479 ms", files=own()),
    Case("too many errors", MEETS, meets(error_percent=0.4), Status.FAILED, "0.5 %, wanted at most 0.4 %", files=own()),
    Case("too small", MEETS, meets(minimum_requests=1001), Status.FAILED, "is 1000, wanted at least 1001", files=own()),
    Case("too few users", MEETS, meets(minimum_users=21), Status.FAILED, "is 20, wanted at least 21", files=own()),
    Case("users not told", MEETS, meets(minimum_users=1), Status.UNKNOWN, "has no value", files={"load": LOCUST}),
    Case("no request", MEETS, PATH, Status.FAILED, "is 0, wanted at least 1", files=own(requests=0)),
    Case("old", MEETS, PATH, Status.FAILED, "wanted at most 7 days ago", files=own(finished="2020-01-01T00:00:00Z")),
    Case(
        "k6", MEETS, meets(p95_ms=301, minimum_users=10), Status.PASSED, "is 1 %", files={"load": json.dumps({"metrics": K6})}
    ),
    Case(
        "k6, deeper",
        MEETS,
        meets(p95_ms=300),
        Status.FAILED,
        "300.5 ms",
        files={
            "load": json.dumps(
                {
                    "metrics": {
                        "http_reqs": {"values": {"count": 9}},
                        "http_req_failed": {"values": {"rate": 0}},
                        "http_req_duration": {"values": {"p(95)": 300.5}},
                    }
                }
            )
        },
    ),
    Case("Locust", MEETS, meets(p95_ms=250), Status.PASSED, "is 250 ms", files={"load": LOCUST}),
    Case("JMeter", MEETS, meets(p95_ms=199), Status.FAILED, "is 200 ms", files={"load": json.dumps(JMETER)}),
    Case("something else", MEETS, PATH, Status.UNKNOWN, "no result of a load test", files={"load": '{"a": 1}'}),
    Case("empty", MEETS, PATH, Status.UNKNOWN, "no result of a load test", files={"load": ""}),
    Case("not there", MEETS, PATH, Status.FAILED, "no file 'load'"),
    Case("as before", BASELINE, PAIR, Status.PASSED, "480 ms in before", files=own() | own("before")),
    Case("a little slower", BASELINE, PAIR, Status.PASSED, "wanted at most 484 ms", files=own() | own("before", p95_ms=440)),
    Case("slower", BASELINE, PAIR, Status.FAILED, "wanted at most 473", files=own() | own("before", p95_ms=430)),
    Case("more errors", BASELINE, PAIR, Status.FAILED, "0.5 %, wanted at most 0.1 %", files=own() | own("before", failures=0)),
    Case("no baseline", BASELINE, PAIR, Status.FAILED, "no file 'before'", files=own()),
    Case("empty baseline", BASELINE, PAIR, Status.UNKNOWN, "before has no request", files=own() | own("before", requests=0)),
    Case("quick", PROBE, SHORT, Status.PASSED, "wanted at most 500 ms", server=answering(Page())),
    Case(
        "too slow", PROBE, SHORT | {"p95_ms": 30}, Status.FAILED, "wanted at most 30 ms", server=answering(Page(seconds=0.05))
    ),
    Case("broken", PROBE, SHORT, Status.FAILED, "Not one of", server=answering(Page(500, seconds=0.05))),
    Case("nobody there", PROBE, SHORT | {"url": f"http://127.0.0.1:{free_port()}/"}, Status.UNKNOWN, "never answered"),
    Case("no URL", PROBE, SHORT | {"url": "health"}, Status.UNKNOWN, "is no URL to ask"),
    Case("a flood", PROBE, {"url": "http://127.0.0.1/", "users": 51}, Status.UNKNOWN, "1 to 50 users"),
]


@pytest.mark.parametrize(
    ("values", "expected"),
    [([7], 7), (list(range(1, 101)), 95), (list(range(1, 21)), 19), ([3, 1, 2], 3)],
    ids=["one", "a hundred", "twenty", "not in order"],
)
def test_p95(values: list[float], expected: float) -> None:
    assert p95(values) == expected


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
