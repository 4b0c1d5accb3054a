from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY = "kubernetes.daemonsets.ready"
AGENT = {"daemonsets": ["agent"], "namespace": "shop"}


def daemonset(nodes: int = 3, **broken: int) -> dict[str, object]:
    counts = ("desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled", "numberAvailable")
    return thing(
        "apps/v1", "DaemonSet", "agent", spec={}, status={"observedGeneration": 1} | dict.fromkeys(counts, nodes) | broken
    )


CASES = [
    Case("on every node", READY, AGENT, Status.PASSED, "has 3 of 3 pods ready", server=cluster(daemonset())),
    Case("missing on one", READY, AGENT, Status.FAILED, "has 2 of 3", server=cluster(daemonset(numberAvailable=2))),
    Case("wanted nowhere", READY, AGENT, Status.FAILED, "0 of 0", server=cluster(daemonset(0))),
    Case("not there", READY, AGENT, Status.FAILED, "no agent", server=cluster()),
    Case("denied", READY, AGENT, Status.UNKNOWN, "403", server=refusing("daemonsets.apps")),
    Case("no count", READY, AGENT, Status.UNKNOWN, "no field", server=cluster(
        thing("apps/v1", "DaemonSet", "agent", spec={}, status={"observedGeneration": 1}))),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
