from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

SYNCHRONISED = "kubernetes.external_secrets.synchronised"
SHOP = {"namespace": "shop"}
NAMED = {**SHOP, "names": ["database"]}


def external(ready: str, name: str = "database") -> dict[str, object]:
    held = conditions(Ready=ready) if ready else []
    return thing("external-secrets.io/v1", "ExternalSecret", name, spec={}, status={"conditions": held})


CASES = [
    Case("fetched", SYNCHRONISED, SHOP, Status.PASSED, "database is synchronised", server=cluster(external("True"))),
    Case(
        "not fetched",
        SYNCHRONISED,
        SHOP,
        Status.FAILED,
        "SecretSyncedError",
        server=cluster(external("False: SecretSyncedError")),
    ),
    Case("not looked at", SYNCHRONISED, SHOP, Status.UNKNOWN, "yet", server=cluster(external(""))),
    Case("the named one", SYNCHRONISED, NAMED, Status.PASSED, "", server=cluster(external("True"), external("False", "other"))),
    Case("named and absent", SYNCHRONISED, NAMED, Status.FAILED, "no database", server=cluster()),
    Case("none", SYNCHRONISED, SHOP, Status.UNKNOWN, "No external secret was found", server=cluster()),
    Case("denied", SYNCHRONISED, SHOP, Status.UNKNOWN, "403", server=refusing("externalsecrets.external-secrets.io")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
