from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

READY, TYPES = "kubernetes.nodes.ready", "kubernetes.nodes.instance_types"
LARGE = {"types": ["m6i.large"]}


def node(name: str, ready: str = "True", instance: str = "m6i.large", **spec: object) -> dict[str, object]:
    labels = {"node.kubernetes.io/instance-type": instance} if instance else {}
    status = {"conditions": conditions(Ready=ready) if ready else []}
    return thing("v1", "Node", name, "", metadata={"labels": labels}, spec=spec, status=status)


CASES = [
    Case("all ready", READY, {"minimum": 2}, Status.PASSED, "2 in all", server=cluster(node("a"), node("b"))),
    Case("too few", READY, {"minimum": 2}, Status.FAILED, "is 1, wanted at least 2", server=cluster(node("a"))),
    Case("cordoned", READY, {}, Status.FAILED, "is 0", server=cluster(node("a", unschedulable=True))),
    Case("one lost", READY, {}, Status.FAILED, "b is not ready: Lost", server=cluster(node("a"), node("b", "Unknown: Lost"))),
    Case("one is silent", READY, {}, Status.UNKNOWN, "does not tell", server=cluster(node("a", ""))),
    Case("no node", READY, {"minimum": 0}, Status.UNKNOWN, "No node was found", server=cluster()),
    Case("denied", READY, {}, Status.UNKNOWN, "403", server=refusing("nodes")),
    Case("of the type", TYPES, LARGE, Status.PASSED, "type m6i.large", server=cluster(node("a"))),
    Case("of another", TYPES, LARGE, Status.FAILED, "t3.small, wanted", server=cluster(node("a", instance="t3.small"))),
    Case("type not told", TYPES, LARGE, Status.UNKNOWN, "does not tell", server=cluster(node("a", instance=""))),
    Case("denied", TYPES, LARGE, Status.UNKNOWN, "403", server=refusing("nodes")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
