from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import deployment, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

PROTECT = "kubernetes.budgets.protect"
WEB = {"deployments": ["web"], "namespace": "shop"}


def budget(allowed: int, selector: object = None) -> dict[str, object]:
    spec = {"selector": selector if selector is not None else {"matchLabels": {"app": "web"}}}
    return thing("policy/v1", "PodDisruptionBudget", "web", spec=spec, status={"disruptionsAllowed": allowed})


BY_EXPRESSION = {"matchExpressions": [{"key": "app", "operator": "In", "values": ["web", "api"]}]}
OTHER = {"matchExpressions": [{"key": "app", "operator": "NotIn", "values": ["web"]}]}
CASES = [
    Case("room for one", PROTECT, WEB, Status.PASSED, "allows 1 disruptions", server=cluster(deployment(), budget(1))),
    Case("chosen by expression", PROTECT, WEB, Status.PASSED, "", server=cluster(deployment(), budget(1, BY_EXPRESSION))),
    Case("no room", PROTECT, WEB, Status.FAILED, "allows 0", server=cluster(deployment(), budget(0))),
    Case("for others", PROTECT, WEB, Status.FAILED, "no disruption budget", server=cluster(deployment(), budget(1, OTHER))),
    Case("no budget", PROTECT, WEB, Status.FAILED, "no disruption budget", server=cluster(deployment())),
    Case("no deployment", PROTECT, WEB, Status.FAILED, "no web", server=cluster(budget(1))),
    Case("denied", PROTECT, WEB, Status.UNKNOWN, "403", server=refusing("poddisruptionbudgets.policy", "deployments.apps")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
