from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

BOUND = "kubernetes.claims.bound"
DATA = {"claims": ["data"], "namespace": "shop"}


def claim(phase: str) -> dict[str, object]:
    return thing("v1", "PersistentVolumeClaim", "data", spec={}, status={"phase": phase})


CASES = [
    Case("bound", BOUND, DATA, Status.PASSED, "'Bound'", server=cluster(claim("Bound"))),
    Case("pending", BOUND, DATA, Status.FAILED, "'Pending', wanted 'Bound'", server=cluster(claim("Pending"))),
    Case("not there", BOUND, DATA, Status.FAILED, "no data", server=cluster()),
    Case("denied", BOUND, DATA, Status.UNKNOWN, "403", server=refusing("persistentvolumeclaims")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
