from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import namespace, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

QUIET = "kubernetes.events.no_warnings"
SHOP = {"namespace": "shop"}
BACK_OFF = "BackOff of Pod web-1"


def event(type_: str = "Warning", minutes: float = 1, **fields: object) -> dict[str, object]:
    moment = (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()
    about = {"involvedObject": {"kind": "Pod", "name": "web-1"}, "reason": "BackOff", "message": "again and again"}
    return thing("v1", "Event", "e", type=type_, **{"lastTimestamp": moment, **about, **fields})


def in_the_new_form() -> dict[str, object]:
    return event(lastTimestamp=None, eventTime=datetime.now(UTC).isoformat())


CASES = [
    Case("no event", QUIET, SHOP, Status.PASSED, "no event at all", server=cluster(namespace())),
    Case("normal ones", QUIET, SHOP, Status.PASSED, "among 1", server=cluster(namespace(), event("Normal"))),
    Case("long ago", QUIET, SHOP, Status.PASSED, "among 1", server=cluster(namespace(), partial(event, minutes=11))),
    Case("a warning", QUIET, SHOP, Status.FAILED, BACK_OFF, server=cluster(namespace(), partial(event, minutes=9))),
    Case("in the new form", QUIET, SHOP, Status.FAILED, "BackOff", server=cluster(namespace(), in_the_new_form)),
    Case("tolerated", QUIET, {**SHOP, "tolerated": ["BackOff"]}, Status.PASSED, "", server=cluster(namespace(), event)),
    Case("no namespace", QUIET, SHOP, Status.FAILED, "no shop", server=cluster()),
    Case("no time", QUIET, SHOP, Status.UNKNOWN, "is no time", server=cluster(namespace(), event(lastTimestamp="soon"))),
    Case("denied", QUIET, SHOP, Status.UNKNOWN, "403", server=refusing("events", "namespaces")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
