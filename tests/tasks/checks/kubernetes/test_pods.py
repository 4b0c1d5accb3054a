from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import pod
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY, STEADY = "kubernetes.pods.ready", "kubernetes.pods.not_restarting"
WEB = {"namespace": "shop", "labels": {"app": "web"}}
THREE = {**WEB, "minimum": 3}
PODS = [pod(f"web-{number}") for number in range(3)]
CRASHING = pod("web-9", ready="False", restarts=7, waiting={"reason": "CrashLoopBackOff"})
CASES = [
    Case("three of three", READY, THREE, Status.PASSED, "3 in all", server=cluster(*PODS)),
    Case("two of three", READY, THREE, Status.FAILED, "is 2, wanted at least 3", server=cluster(*PODS[:2])),
    Case(
        "one crashes", READY, THREE, Status.FAILED, "web-9 is not ready: CrashLoopBackOff, 7", server=cluster(*PODS, CRASHING)
    ),
    Case("one is not ready", READY, WEB, Status.FAILED, "running, but not ready", server=cluster(pod("web-1", ready="False"))),
    Case("one failed", READY, WEB, Status.FAILED, "Failed", server=cluster(pod("web-1", "Failed", "False"))),
    Case(
        "a job's pod has ended",
        READY,
        THREE,
        Status.PASSED,
        "3 in all",
        server=cluster(*PODS, pod("job", "Succeeded", "False")),
    ),
    Case(
        "none has the label", READY, {**WEB, "labels": {"app": "x"}}, Status.UNKNOWN, "No pod was found", server=cluster(*PODS)
    ),
    Case("denied", READY, WEB, Status.UNKNOWN, 'cannot list resource "pods"', server=refusing("pods")),
    Case("too many requests", READY, WEB, Status.UNKNOWN, "with 429", server=refusing("pods", status=429)),
    Case("never", STEADY, WEB, Status.PASSED, "No containers restarted more than 0 times among 3", server=cluster(*PODS)),
    Case("often", STEADY, WEB, Status.FAILED, "web-9 (app: 7)", server=cluster(*PODS, CRASHING)),
    Case("just tolerated", STEADY, {**WEB, "most": 7}, Status.PASSED, "among 4", server=cluster(*PODS, CRASHING)),
    Case("no pod", STEADY, WEB, Status.UNKNOWN, "Nothing was there", server=cluster()),
    Case("denied", STEADY, WEB, Status.UNKNOWN, "403", server=refusing("pods")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
