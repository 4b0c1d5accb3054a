from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY = "kubernetes.statefulsets.ready"
REDIS = {"statefulsets": ["redis"], "namespace": "shop"}


def statefulset(replicas: int = 3, **broken: int) -> dict[str, object]:
    status = {"observedGeneration": 1, "replicas": replicas, "readyReplicas": replicas, "updatedReplicas": replicas}
    return thing("apps/v1", "StatefulSet", "redis", spec={"replicas": replicas}, status=status | broken)


CASES = [
    Case("complete", READY, REDIS, Status.PASSED, "has 3 of 3 pods ready", server=cluster(statefulset())),
    Case("one not ready", READY, REDIS, Status.FAILED, "has 2 of 3", server=cluster(statefulset(readyReplicas=2))),
    Case("one of before", READY, REDIS, Status.FAILED, "2 up to date", server=cluster(statefulset(updatedReplicas=2))),
    Case("scaled to nought", READY, REDIS, Status.FAILED, "0 of 0", server=cluster(statefulset(0))),
    Case("not there", READY, REDIS, Status.FAILED, "no redis", server=cluster()),
    Case("denied", READY, REDIS, Status.UNKNOWN, "403", server=refusing("statefulsets.apps")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
