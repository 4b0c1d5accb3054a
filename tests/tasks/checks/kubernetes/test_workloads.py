from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import CONTAINER, deployment, template, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

RESOURCES, PROBES, SHUTDOWN = (f"kubernetes.workloads.{name}" for name in ("resources_set", "probes_set", "graceful_shutdown"))
SHOP = {"namespace": "shop"}
WEB = {**SHOP, "workloads": ["web"]}
BARE = {"name": "sidecar", "image": "x:1"}
DENIED = refusing("deployments.apps")
WITH_SIDECAR = deployment(
    template={**template(), "spec": {"containers": [CONTAINER, BARE], "terminationGracePeriodSeconds": 30}}
)
AGENT = thing("apps/v1", "DaemonSet", "agent", spec={"template": template(resources={})}, status={})
NO_LIMIT = {"resources": {**CONTAINER["resources"], "limits": {"cpu": "1"}}}


def shutdown(seconds: int = 30, **container: object) -> dict[str, object]:
    found = template(**container)
    return deployment(template={**found, "spec": {**found["spec"], "terminationGracePeriodSeconds": seconds}})


HOOKLESS = shutdown(lifecycle={})
CASES = [
    Case("all set", RESOURCES, SHOP, Status.PASSED, "has requests and limits", server=cluster(deployment())),
    Case("no memory limit", RESOURCES, WEB, Status.FAILED, "no limits of memory",
         server=cluster(deployment(template=template(**NO_LIMIT)))),
    Case("sidecar without", RESOURCES, WEB, Status.FAILED, "sidecar of deployment web", server=cluster(WITH_SIDECAR)),
    Case("a daemon too", RESOURCES, SHOP, Status.FAILED, "agent has no requests", server=cluster(deployment(), AGENT)),
    Case("only the named one", RESOURCES, WEB, Status.PASSED, "deployment web", server=cluster(deployment(), AGENT)),
    Case("named and absent", RESOURCES, WEB, Status.FAILED, "no web", server=cluster(AGENT)),
    Case("no workload", RESOURCES, SHOP, Status.UNKNOWN, "No container was found", server=cluster()),
    Case("denied", RESOURCES, SHOP, Status.UNKNOWN, "403", server=DENIED),
    Case("both", PROBES, SHOP, Status.PASSED, "has its probes", server=cluster(deployment())),
    Case("no readiness", PROBES, SHOP, Status.FAILED, "no probe for readiness",
         server=cluster(deployment(template=template(readinessProbe=None)))),
    Case("only liveness wanted", PROBES, {**SHOP, "probes": ["liveness"]}, Status.PASSED, "has its probes",
         server=cluster(deployment(template=template(readinessProbe=None)))),
    Case("denied", PROBES, SHOP, Status.UNKNOWN, "403", server=DENIED),
    Case("in time and hooked", SHUTDOWN, SHOP, Status.PASSED, "is 30 s", server=cluster(shutdown())),
    Case("a second short", SHUTDOWN, SHOP, Status.FAILED, "is 29 s, wanted at least 30 s", server=cluster(shutdown(29))),
    Case("no hook", SHUTDOWN, SHOP, Status.FAILED, "no preStop hook in app", server=cluster(shutdown(lifecycle={}))),
    Case("no hook wanted", SHUTDOWN, {**SHOP, "pre_stop": False}, Status.PASSED, "30 s", server=cluster(HOOKLESS)),
    Case("denied", SHUTDOWN, SHOP, Status.UNKNOWN, "403", server=DENIED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
