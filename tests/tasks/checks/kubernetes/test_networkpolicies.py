from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

DENY = "kubernetes.networkpolicies.default_deny"
SHOP = {"namespaces": ["shop"]}
BOTH_WAYS = {**SHOP, "directions": ["Ingress", "Egress"]}


def policy(**spec: object) -> dict[str, object]:
    return thing(
        "networking.k8s.io/v1", "NetworkPolicy", "default", spec={"podSelector": {}, "policyTypes": ["Ingress"], **spec}
    )


CASES = [
    Case("denies all", DENY, SHOP, Status.PASSED, "denies Ingress by default", server=cluster(policy())),
    Case("both ways", DENY, BOTH_WAYS, Status.PASSED, "Egress", server=cluster(policy(policyTypes=["Ingress", "Egress"]))),
    Case("one way only", DENY, BOTH_WAYS, Status.FAILED, "denies Egress", server=cluster(policy())),
    Case("allows everything", DENY, SHOP, Status.FAILED, "denies Ingress", server=cluster(policy(ingress=[{}]))),
    Case("for some pods", DENY, SHOP, Status.FAILED, "", server=cluster(policy(podSelector={"matchLabels": {"app": "web"}}))),
    Case("type not said", DENY, SHOP, Status.PASSED, "", server=cluster(policy(policyTypes=None))),
    Case("no policy", DENY, SHOP, Status.FAILED, "has no policy", server=cluster()),
    Case("none named", DENY, {"namespaces": []}, Status.UNKNOWN, "nothing could be judged", server=cluster()),
    Case("denied", DENY, SHOP, Status.UNKNOWN, "403", server=refusing("networkpolicies.networking.k8s.io")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
