from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import namespace
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

REACHABLE, VERSION, NAMESPACES = (
    f"kubernetes.cluster.{name}" for name in ("reachable", "version_at_least", "namespaces_exist")
)
SHOP = {"namespaces": ["shop"]}
ABSENT_KUBECONFIG = {"kubeconfig": "/nonexistent/kubeconfig"}
CASES = [
    Case("ready", REACHABLE, {}, Status.PASSED, "'sandbox' is ready and runs v1.32", server=cluster()),
    Case("the right one", REACHABLE, {"context": "sandbox"}, Status.PASSED, "'sandbox'", server=cluster()),
    Case("another one", REACHABLE, {"context": "production"}, Status.FAILED, "wanted 'production'", server=cluster()),
    Case("denied", REACHABLE, {}, Status.UNKNOWN, "answered readiness with 403", server=refusing("discovery")),
    Case("server broken", REACHABLE, {}, Status.UNKNOWN, "with 500", server=refusing("discovery", status=500)),
    Case("no kubeconfig", REACHABLE, {}, Status.UNKNOWN, "no way into the cluster", settings=ABSENT_KUBECONFIG),
    Case("the very version", VERSION, {"version": "1.32"}, Status.PASSED, "wanted at least 1.32", server=cluster()),
    Case("older than wanted", VERSION, {"version": "1.33"}, Status.FAILED, "wanted at least 1.33", server=cluster()),
    Case("a nine is less than a thirty-two", VERSION, {"version": "v1.9"}, Status.PASSED, "v1.32", server=cluster()),
    Case("denied", VERSION, {"version": "1.30"}, Status.UNKNOWN, "403", server=refusing("discovery")),
    Case("active", NAMESPACES, SHOP, Status.PASSED, "'Active'", server=cluster(namespace())),
    Case("going away", NAMESPACES, SHOP, Status.FAILED, "'Terminating'", server=cluster(namespace(phase="Terminating"))),
    Case("not there", NAMESPACES, SHOP, Status.FAILED, "no shop among the namespaces", server=cluster()),
    Case("none named", NAMESPACES, {"namespaces": []}, Status.UNKNOWN, "nothing could be judged", server=cluster()),
    Case("denied", NAMESPACES, SHOP, Status.UNKNOWN, 'cannot list resource "namespaces"', server=refusing("namespaces")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
