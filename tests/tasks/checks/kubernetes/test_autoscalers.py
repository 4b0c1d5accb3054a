from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

ACTIVE = "kubernetes.autoscalers.active"
WEB = {"autoscaler": "web", "namespace": "shop"}


def scaler(**held: str) -> dict[str, object]:
    status = {"conditions": conditions(**{"AbleToScale": "True", "ScalingActive": "True", **held})}
    return thing("autoscaling/v2", "HorizontalPodAutoscaler", "web", spec={"minReplicas": 3, "maxReplicas": 10}, status=status)


SILENT = thing("autoscaling/v2", "HorizontalPodAutoscaler", "web", spec={"maxReplicas": 10}, status={})
BLIND = scaler(ScalingActive="False: FailedGetResourceMetric")
CASES = [
    Case("active", ACTIVE, WEB, Status.PASSED, "2 in all", server=cluster(scaler())),
    Case("of those limits", ACTIVE, {**WEB, "minimum": 3, "maximum": 10}, Status.PASSED, "", server=cluster(scaler())),
    Case("of another minimum", ACTIVE, {**WEB, "minimum": 2}, Status.FAILED, "is 3, wanted 2", server=cluster(scaler())),
    Case("sees no metric", ACTIVE, WEB, Status.FAILED, "does not hold: FailedGetResourceMetric", server=cluster(BLIND)),
    Case("is silent", ACTIVE, WEB, Status.UNKNOWN, "does not tell AbleToScale yet", server=cluster(SILENT)),
    Case("not there", ACTIVE, WEB, Status.FAILED, "no web", server=cluster()),
    Case("denied", ACTIVE, WEB, Status.UNKNOWN, "403", server=refusing("horizontalpodautoscalers.autoscaling")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
