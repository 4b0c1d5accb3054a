from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.api import BROKEN, REFUSED, serving
from tests.tasks.world import Case

READY, RECEIVING, SAMPLING = (f"jaeger.{name}" for name in ("ready", "receiving", "sampling_set"))
API, RATE = {"services": ["api"]}, {"service": "api", "at_least": 0.01, "at_most": 0.2}
UNREADABLE = {"data": None, "errors": [{"code": 500, "msg": "storage is gone"}]}


def services(answer: Any) -> Any:
    return serving({"/api/services": answer})


def traces(*spans: int) -> Any:
    found = [{"traceID": str(at), "spans": [{}] * count} for at, count in enumerate(spans)]
    return serving({"/api/traces": {"data": found, "errors": None}})


def sampling(**told: Any) -> Any:
    return serving({"/api/sampling": {"strategyType": "PROBABILISTIC"} | told})


def rate(share: float) -> Any:
    return sampling(probabilisticSampling={"samplingRate": share})


CASES = [
    Case("ready", READY, {}, Status.PASSED, "knows 2 services", server=services({"data": ["api", "worker"], "errors": None})),
    Case("storage gone", READY, {}, Status.FAILED, "storage is gone", server=services(UNREADABLE)),
    Case("down", READY, {}, Status.UNKNOWN, "answered 503", server=services(BROKEN)),
    Case("arriving", RECEIVING, API, Status.PASSED, "2 traces of api arrived, with 5 spans", server=traces(2, 3)),
    Case("none", RECEIVING, API, Status.FAILED, "No trace of api", server=traces()),
    Case("no service named", RECEIVING, {"services": []}, Status.UNKNOWN, "nothing could be judged", server=traces(1)),
    Case("refused", RECEIVING, API, Status.UNKNOWN, "answered 401", server=serving({"/api/traces": REFUSED})),
    Case("a tenth", SAMPLING, RATE, Status.PASSED, "is 0.1", server=rate(0.1)),
    Case("all of them", SAMPLING, RATE, Status.FAILED, "wanted at most 0.2", server=rate(1)),
    Case("none of them", SAMPLING, RATE, Status.FAILED, "wanted at least 0.01", server=rate(0)),
    Case("so many a second", SAMPLING, RATE, Status.PASSED,
         "at most 5 traces a second", server=sampling(rateLimitingSampling={"maxTracesPerSecond": 5})),
    Case("none a second", SAMPLING, RATE, Status.FAILED,
         "at most 0 traces a second", server=sampling(rateLimitingSampling={"maxTracesPerSecond": 0})),
    Case("says nothing", SAMPLING, RATE, Status.UNKNOWN, "names no share", server=sampling()),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
