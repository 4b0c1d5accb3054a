from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

STRICT = "kubernetes.mesh.mtls_strict"
SHOP = {"namespaces": ["shop"]}


def policy(mode: str, namespace: str = "shop", name: str = "default", **spec: object) -> dict[str, object]:
    found = {"mtls": {"mode": mode}, **spec}
    return thing("security.istio.io/v1", "PeerAuthentication", name, namespace, spec=found)


NARROW = {"selector": {"matchLabels": {"app": "legacy"}}}
EVERYWHERE = policy("STRICT", "istio-system")
CASES = [
    Case("strict", STRICT, SHOP, Status.PASSED, "takes mutual TLS only", server=cluster(policy("STRICT"))),
    Case("strict everywhere", STRICT, SHOP, Status.PASSED, "only", server=cluster(EVERYWHERE)),
    Case("laxer here", STRICT, SHOP, Status.FAILED, "is not STRICT", server=cluster(EVERYWHERE, policy("PERMISSIVE"))),
    Case("laxer for one port", STRICT, SHOP, Status.FAILED, "is not STRICT",
         server=cluster(policy("STRICT", portLevelMtls={"9090": {"mode": "DISABLE"}}))),
    Case("laxer for one pod", STRICT, SHOP, Status.FAILED, "Policy legacy",
         server=cluster(EVERYWHERE, policy("PERMISSIVE", name="legacy", **NARROW))),
    Case("for one pod only", STRICT, SHOP, Status.FAILED, "no policy", server=cluster(policy("STRICT", **NARROW))),
    Case("no policy", STRICT, SHOP, Status.FAILED, "plain text is taken", server=cluster()),
    Case("denied", STRICT, SHOP, Status.UNKNOWN, "403", server=refusing("peerauthentications.security.istio.io")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
