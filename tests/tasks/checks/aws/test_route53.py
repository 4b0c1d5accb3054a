from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

ZONE, RECORD = "aws.route53.zone_exists", "aws.route53.record_exists"
EXAMPLE = {"zone": "example.com"}
API = EXAMPLE | {"record": "api.example.com"}
UNREAD = {"route53.list_hosted_zones": DENIED}


def zones(*names: str, private: bool = False) -> dict[str, Any]:
    found = [
        {"Id": f"/hostedzone/Z{place}", "Name": name, "Config": {"PrivateZone": private}} for place, name in enumerate(names)
    ]
    return {"route53.list_hosted_zones": {"HostedZones": found}}


def records(**fields: Any) -> dict[str, Any]:
    found = {"Name": "api.example.com.", "Type": "A", "AliasTarget": {"DNSName": "d1.cloudfront.net."}} | fields
    return zones("example.com.") | {"route53.list_resource_record_sets": {"ResourceRecordSets": [found]}}


CASES = [
    Case("there", ZONE, EXAMPLE, Status.PASSED, "Z0", zones("example.com.", "example.org.")),
    Case("only a private one", ZONE, EXAMPLE, Status.FAILED, "no hosted zone", zones("example.com.", private=True)),
    Case("private as wished", ZONE, EXAMPLE | {"private": True}, Status.PASSED, "Z0", zones("example.com.", private=True)),
    Case("two of one name", ZONE, EXAMPLE, Status.UNKNOWN, "2 hosted zones", zones("example.com.", "example.com.")),
    Case("empty account", ZONE, EXAMPLE, Status.FAILED, "no hosted zone", zones()),
    Case("denied", ZONE, EXAMPLE, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("an alias", RECORD, API, Status.PASSED, "d1.cloudfront.net", records()),
    Case("to the wished place", RECORD, API | {"target": "cloudfront.net"}, Status.PASSED, "leads to", records()),
    Case("to another place", RECORD, API | {"target": "elb"}, Status.FAILED, "wanted elb", records()),
    Case("of another type", RECORD, API, Status.FAILED, "no record", records(Type="TXT")),
    Case("a name after it", RECORD, API, Status.FAILED, "no record", records(Name="b.example.com.")),
    Case("a wildcard", RECORD, EXAMPLE | {"record": "*.example.com"}, Status.PASSED, "1.2.3.4",
         records(Name="\\052.example.com.", AliasTarget=None, ResourceRecords=[{"Value": "1.2.3.4"}])),
    Case("no zone", RECORD, API, Status.FAILED, "no hosted zone", zones()),
    Case("denied", RECORD, API, Status.UNKNOWN, "AccessDenied", records() | {"route53.list_resource_record_sets": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
