from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

ISSUED, RENEWED = "aws.acm.issued", "aws.acm.renewed_by_itself"
DOMAIN = {"domains": ["api.example.com"]}


def certificate(name: str = "api.example.com", *, days: float = 90, status: str = "ISSUED", **fields: Any) -> dict[str, Any]:
    end = datetime.now(UTC) + timedelta(days=days, hours=1)
    listed = [{"CertificateArn": "arn:aws:acm:us-east-1:1:certificate/1", "DomainName": name}]
    return {
        "acm.list_certificates": {"CertificateSummaryList": listed},
        "acm.describe_certificate": {"Certificate": {"Status": status, "NotAfter": end, "Type": "AMAZON_ISSUED"} | fields},
    }


NONE: dict[str, Any] = {"acm.list_certificates": {"CertificateSummaryList": []}}
CASES = [
    Case("good", ISSUED, DOMAIN, Status.PASSED, "in 90 days", certificate()),
    Case("a wildcard", ISSUED, DOMAIN, Status.PASSED, "in 90 days", certificate("*.example.com")),
    Case("a wildcard of another level", ISSUED, DOMAIN, Status.FAILED, "no certificate", certificate("*.com")),
    Case("just long enough", ISSUED, DOMAIN, Status.PASSED, "in 30 days", certificate(days=30)),
    Case("expires soon", ISSUED, DOMAIN, Status.FAILED, "in 29 days, wanted at least 30", certificate(days=29)),
    Case("waits for validation", ISSUED, DOMAIN, Status.FAILED, "PENDING", certificate(status="PENDING_VALIDATION")),
    Case("empty account", ISSUED, DOMAIN, Status.FAILED, "no certificate", NONE),
    Case("none named", ISSUED, {"domains": []}, Status.UNKNOWN, "nothing could be judged", NONE),
    Case("denied", ISSUED, DOMAIN, Status.UNKNOWN, "AccessDenied", certificate() | {"acm.describe_certificate": DENIED}),
    Case("renewed", RENEWED, DOMAIN, Status.PASSED, "by AWS", certificate(RenewalEligibility="ELIGIBLE")),
    Case("imported", RENEWED, DOMAIN, Status.FAILED, "IMPORTED", certificate(RenewalEligibility="INELIGIBLE", Type="IMPORTED")),
    Case("not there", RENEWED, DOMAIN, Status.FAILED, "no certificate", NONE),
    Case("denied", RENEWED, DOMAIN, Status.UNKNOWN, "AccessDenied", {"acm.list_certificates": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
