from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

RENEWED = "kubernetes.certificates.renewed"
WEB = {"certificates": ["web"], "namespace": "shop"}


def certificate(days: float, ready: str = "True", **changes: object) -> dict[str, object]:
    end = (datetime.now(UTC) + timedelta(days=days, hours=1)).isoformat()
    held = conditions(Ready=ready) if ready else []
    status = {"conditions": held, "notAfter": end, "renewalTime": end} | changes
    return thing(
        "cert-manager.io/v1", "Certificate", "web", spec={}, status={key: each for key, each in status.items() if each}
    )


CASES = [
    Case("good for long", RENEWED, WEB, Status.PASSED, "is 60 days", server=cluster(certificate(60))),
    Case("just long enough", RENEWED, WEB, Status.PASSED, "is 14 days", server=cluster(certificate(14))),
    Case("ends soon", RENEWED, WEB, Status.FAILED, "wanted at least 14 days", server=cluster(certificate(13))),
    Case("not issued", RENEWED, WEB, Status.FAILED, "not ready: Issuing", server=cluster(certificate(60, "False: Issuing"))),
    Case("not looked at", RENEWED, WEB, Status.UNKNOWN, "yet", server=cluster(certificate(60, ""))),
    Case(
        "no renewal", RENEWED, WEB, Status.UNKNOWN, "when it will be renewed", server=cluster(certificate(60, renewalTime=None))
    ),
    Case("no time", RENEWED, WEB, Status.UNKNOWN, "is no time", server=cluster(certificate(60, notAfter="soon"))),
    Case("not there", RENEWED, WEB, Status.FAILED, "no web", server=cluster()),
    Case("denied", RENEWED, WEB, Status.UNKNOWN, "403", server=refusing("certificates.cert-manager.io")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
