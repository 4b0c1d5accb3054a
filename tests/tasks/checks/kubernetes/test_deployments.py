from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, deployment, template
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY, COMPLETE, IMAGE, REPLICAS, BACK = (
    f"kubernetes.deployments.{name}"
    for name in ("ready", "rollout_complete", "image_is_version", "replicas_at_least", "can_roll_back")
)
WEB = {"deployments": ["web"], "namespace": "shop"}
OF_1_2 = {**WEB, "version": "1.2.0"}
THREE = {**WEB, "replicas": 3}
DENIED = refusing("deployments.apps")
ROLLING = deployment(status={"replicas": 4, "updatedReplicas": 1})
STUCK = deployment(status={"updatedReplicas": 1, "conditions": conditions(Progressing="False: ProgressDeadlineExceeded")})
NONE, NOUGHT = deployment(status={"availableReplicas": None}), deployment(replicas=0)
BY_DIGEST = deployment(template=template(image="registry.example.com:5000/web@sha256:abc"))
CASES = [
    Case("all there", READY, WEB, Status.PASSED, "has 3 of 3 pods ready", server=cluster(deployment())),
    Case("one missing", READY, WEB, Status.FAILED, "has 2 of 3", server=cluster(deployment(status={"availableReplicas": 2}))),
    Case("none counted", READY, WEB, Status.FAILED, "has 0 of 3", server=cluster(NONE)),
    Case("scaled to nought", READY, WEB, Status.FAILED, "0 of 0", server=cluster(deployment(replicas=0))),
    Case("not noticed yet", READY, WEB, Status.FAILED, "notice", server=cluster(deployment(status={"observedGeneration": 0}))),
    Case("status without anything", READY, WEB, Status.FAILED, "notice", server=cluster({**deployment(), "status": {}})),
    Case("not there", READY, WEB, Status.FAILED, "no web among the deployments of namespace shop", server=cluster()),
    Case("denied", READY, WEB, Status.UNKNOWN, 'cannot list resource "deployments"', server=DENIED),
    Case("no status at all", READY, WEB, Status.UNKNOWN, "no field 'status'", server=cluster(
        {name: each for name, each in deployment().items() if name != "status"})),
    Case("none named", READY, {**WEB, "deployments": []}, Status.UNKNOWN, "nothing could be judged", server=cluster()),
    Case("complete", COMPLETE, WEB, Status.PASSED, "3 up to date", server=cluster(deployment())),
    Case("old ones left", COMPLETE, WEB, Status.FAILED, "1 up to date, 3 of an older template left", server=cluster(ROLLING)),
    Case("stuck", COMPLETE, WEB, Status.FAILED, "its progress deadline has passed", server=cluster(STUCK)),
    Case("scaled to nought", COMPLETE, WEB, Status.FAILED, "0 of 0", server=cluster(deployment(replicas=0))),
    Case("denied", COMPLETE, WEB, Status.UNKNOWN, "403", server=DENIED),
    Case("of the version", IMAGE, OF_1_2, Status.PASSED, "is '1.2.0'", server=cluster(deployment())),
    Case("of another", IMAGE, {**WEB, "version": "1.3.0"}, Status.FAILED, "wanted '1.3.0'", server=cluster(deployment())),
    Case("by digest", IMAGE, OF_1_2, Status.FAILED, "is '', wanted", server=cluster(BY_DIGEST)),
    Case("no such container", IMAGE, {**OF_1_2, "container": "x"}, Status.FAILED, "'x'", server=cluster(deployment())),
    Case("denied", IMAGE, OF_1_2, Status.UNKNOWN, "403", server=DENIED),
    Case("just enough", REPLICAS, THREE, Status.PASSED, "is 3, wanted at least 3", server=cluster(deployment())),
    Case("one too few", REPLICAS, THREE, Status.FAILED, "is 2, wanted", server=cluster(deployment(replicas=2))),
    Case("none is never enough", REPLICAS, {**WEB, "replicas": 0}, Status.FAILED, "is 0", server=cluster(NOUGHT)),
    Case("denied", REPLICAS, THREE, Status.UNKNOWN, "403", server=DENIED),
    Case("keeps revisions", BACK, WEB, Status.PASSED, "is 10", server=cluster(deployment())),
    Case("keeps none", BACK, WEB, Status.FAILED, "is 0, wanted", server=cluster(deployment(revisionHistoryLimit=0))),
    Case("paused", BACK, WEB, Status.FAILED, "are paused", server=cluster(deployment(paused=True))),
    Case("denied", BACK, WEB, Status.UNKNOWN, "403", server=DENIED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
