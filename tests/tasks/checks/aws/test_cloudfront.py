from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

DEPLOYED, HTTPS, HEADERS = (f"aws.cloudfront.{name}" for name in ("deployed", "https_only", "security_headers_set"))
ONES = {"distributions": ["app.example.com"]}
ONE = {"distribution": "app.example.com"}
UNREAD = {"cloudfront.list_distributions": DENIED}
NONE: dict[str, Any] = {"cloudfront.list_distributions": {"DistributionList": {"Quantity": 0}}}
BEHAVIOUR = {"ViewerProtocolPolicy": "redirect-to-https", "ResponseHeadersPolicyId": "p1"}
CLEAR = {"PathPattern": "/old/*", "ViewerProtocolPolicy": "allow-all"}


def one(**changes: Any) -> dict[str, Any]:
    found = {
        "Id": "E1", "DomainName": "d1.cloudfront.net", "Aliases": {"Items": ["app.example.com"]}, "Enabled": True,
        "Status": "Deployed", "DefaultCacheBehavior": BEHAVIOUR,
        "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021"},
    }  # fmt: skip
    return {"cloudfront.list_distributions": {"DistributionList": {"Items": [found | changes]}}}


def policy(*headers: str) -> dict[str, Any]:
    config = {"SecurityHeadersConfig": {name: {} for name in headers}}
    whole = {"ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig": config}}
    return {"cloudfront.get_response_headers_policy": whole}


ALL = policy("StrictTransportSecurity", "ContentTypeOptions", "FrameOptions")
CASES = [
    Case("by alias", DEPLOYED, ONES, Status.PASSED, "d1.cloudfront.net", one()),
    Case("by ID", DEPLOYED, {"distributions": ["E1"]}, Status.PASSED, "Deployed", one()),
    Case("still on its way", DEPLOYED, ONES, Status.FAILED, "InProgress", one(Status="InProgress")),
    Case("switched off", DEPLOYED, ONES, Status.FAILED, "disabled", one(Enabled=False)),
    Case("empty account", DEPLOYED, ONES, Status.FAILED, "no distribution", NONE),
    Case("denied", DEPLOYED, ONES, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("over TLS", HTTPS, ONE, Status.PASSED, "over TLS only", one()),
    Case("in the clear on one path", HTTPS, ONE, Status.FAILED, "/old/*", one(CacheBehaviors={"Items": [CLEAR]})),
    Case("old TLS", HTTPS, ONE, Status.FAILED, "TLSv1.1", one(ViewerCertificate={"MinimumProtocolVersion": "TLSv1.1_2016"})),
    Case("not as new as wished", HTTPS, ONE | {"protocols": ["TLSv1.3_2025"]}, Status.FAILED, "wanted TLSv1.3", one()),
    Case("not there", HTTPS, ONE, Status.FAILED, "no distribution", NONE),
    Case("denied", HTTPS, ONE, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("headers", HEADERS, ONE, Status.PASSED, "has Strict", one() | ALL),
    Case("one is missing", HEADERS, ONE | {"headers": ["ContentSecurityPolicy"]}, Status.FAILED, "lacks", one() | ALL),
    Case("none on one path", HEADERS, ONE, Status.FAILED,
         "no header under /old/*", one(CacheBehaviors={"Items": [CLEAR]}) | ALL),
    Case("policy is denied", HEADERS, ONE, Status.UNKNOWN, "AccessDenied",
         one() | {"cloudfront.get_response_headers_policy": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
