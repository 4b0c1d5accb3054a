from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY = "kubernetes.services.endpoints_ready"
WEB = {"services": ["web"], "namespace": "shop"}
SERVICE = thing("v1", "Service", "web", spec={"ports": [{"port": 80}]})


def endpoints(*addresses: str, field: str = "addresses") -> dict[str, object]:
    return thing("v1", "Endpoints", "web", subsets=[{field: [{"ip": each} for each in addresses]}] if addresses else [])


CASES = [
    Case("served", READY, WEB, Status.PASSED, "is 2", server=cluster(SERVICE, endpoints("10.1.0.1", "10.1.0.2"))),
    Case(
        "fewer than wanted", READY, {**WEB, "minimum": 2}, Status.FAILED, "is 1", server=cluster(SERVICE, endpoints("10.1.0.1"))
    ),
    Case(
        "none ready",
        READY,
        WEB,
        Status.FAILED,
        "is 0",
        server=cluster(SERVICE, endpoints("10.1.0.1", field="notReadyAddresses")),
    ),
    Case("selects nothing", READY, WEB, Status.FAILED, "is 0, wanted at least 1", server=cluster(SERVICE, endpoints())),
    Case("no service", READY, WEB, Status.FAILED, "no web among the services", server=cluster(endpoints("10.1.0.1"))),
    Case("denied", READY, WEB, Status.UNKNOWN, "403", server=refusing("endpoints", "services")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
