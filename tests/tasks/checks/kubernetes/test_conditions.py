from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

HOLD = "kubernetes.conditions.hold"
STORE = {"resource": "external-secrets.io/v1/clustersecretstores", "names": ["aws"]}


def store(ready: str) -> dict[str, object]:
    held = conditions(Ready=ready) if ready else []
    return thing("external-secrets.io/v1", "ClusterSecretStore", "aws", "", spec={}, status={"conditions": held})


CASES = [
    Case("holds", HOLD, STORE, Status.PASSED, "is True", server=cluster(store("True"))),
    Case(
        "does not hold", HOLD, STORE, Status.FAILED, "is False, wanted True: Expired", server=cluster(store("False: Expired"))
    ),
    Case("not told", HOLD, STORE, Status.UNKNOWN, "does not tell", server=cluster(store(""))),
    Case("another is wanted", HOLD, {**STORE, "type": "Frozen"}, Status.UNKNOWN, "Frozen", server=cluster(store("True"))),
    Case("not there", HOLD, STORE, Status.FAILED, "no aws", server=cluster()),
    Case("no such kind", HOLD, {**STORE, "resource": "example.com/v1/things"}, Status.FAILED, "404", server=cluster()),
    Case("names no resource", HOLD, {**STORE, "resource": "pods"}, Status.UNKNOWN, "names no resource", server=cluster()),
    Case(
        "secrets are not listed",
        HOLD,
        {**STORE, "resource": "v1/secrets"},
        Status.UNKNOWN,
        "may not list secrets",
        server=cluster(),
    ),
    Case("denied", HOLD, STORE, Status.UNKNOWN, "403", server=refusing("clustersecretstores.external-secrets.io")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
