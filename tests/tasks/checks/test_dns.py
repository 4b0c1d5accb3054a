from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.names import resolving
from tests.tasks.world import Case

RESOLVES = "dns.record_resolves"
NAME = {"name": "api.example.com"}
ALIAS = {**NAME, "type": "CNAME"}
ZONE = resolving(
    {
        ("api.example.com", "A"): ["192.0.2.1", "192.0.2.2"],
        ("api.example.com", "CNAME"): ["d-1.Example.net."],
        ("api.example.com", "TXT"): ['"v=1"'],
    }
)
CASES = [
    Case("resolves", RESOLVES, NAME, Status.PASSED, "is 192.0.2.1, 192.0.2.2", server=ZONE),
    Case("to the wished address", RESOLVES, {**NAME, "value": "192.0.2.2"}, Status.PASSED, "has 192.0.2.2", server=ZONE),
    Case("to another", RESOLVES, {**NAME, "value": "192.0.2.3"}, Status.FAILED, "lacks 192.0.2.3", server=ZONE),
    Case("alias in capitals", RESOLVES, {**ALIAS, "value": "D-1.example.net."}, Status.PASSED, "has d-1", server=ZONE),
    Case("text", RESOLVES, {**NAME, "type": "TXT", "value": "v=1"}, Status.PASSED, "has v=1", server=ZONE),
    Case("no such name", RESOLVES, {"name": "web.example.com"}, Status.FAILED, "does not exist", server=ZONE),
    Case("no such record", RESOLVES, {**NAME, "type": "MX"}, Status.FAILED, "has no MX record", server=ZONE),
    Case("no kind of record", RESOLVES, {**NAME, "type": "NONSENSE"}, Status.UNKNOWN, "no kind of DNS record", server=ZONE),
    Case("server fails", RESOLVES, NAME, Status.UNKNOWN, "No name server answered", server=resolving(rcode="SERVFAIL")),
    Case("server refuses", RESOLVES, NAME, Status.UNKNOWN, "No name server answered", server=resolving(rcode="REFUSED")),
    Case("name too long", RESOLVES, {"name": "a" * 70}, Status.UNKNOWN, "could not be asked", server=ZONE),
    Case("setting is no address", RESOLVES, NAME, Status.UNKNOWN, "set it to address:port", settings={"nameserver": "here"}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
