import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.certificates import showing
from tests.tasks.servers.web import Page, http_server
from tests.tasks.world import Case, Place

VALID, ENFORCED = "tls.certificate_valid", "tls.enforced"
NEWER, NEWEST, OLD = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1
HOST = {"host": "localhost"}


@contextmanager
def plainly() -> Iterator[Place]:
    with http_server(Page()) as url:
        yield Place({"port": int(url.rpartition(":")[2].partition("/")[0])})


CASES = [
    Case("holds long enough", VALID, HOST, Status.PASSED, "wanted at least 14 days", server=showing(days=90)),
    Case("holds just long enough", VALID, {**HOST, "days": 14}, Status.PASSED, "is 14", server=showing(days=14.01)),
    Case("runs out a little too soon", VALID, {**HOST, "days": 14}, Status.FAILED, "is 13.98", server=showing(days=13.98)),
    Case("ran out", VALID, HOST, Status.FAILED, "certificate has expired", server=showing(days=-0.5)),
    Case("to another name", VALID, HOST, Status.FAILED, "Hostname mismatch", server=showing(names=["example.com"])),
    Case(
        "asked by its own name",
        VALID,
        {**HOST, "server_name": "example.com"},
        Status.PASSED,
        "example.com",
        server=showing(names=["example.com"]),
    ),
    Case(
        "from nobody known",
        VALID,
        HOST,
        Status.FAILED,
        "CN=Test authority, is not to be trusted",
        server=showing(trusted=False),
    ),
    Case("nobody there", VALID, {**HOST, "port": free_port()}, Status.UNKNOWN, "No TLS connection"),
    Case("old versions refused", ENFORCED, HOST, Status.PASSED, "refuses TLSv1.1", server=showing(oldest=NEWER)),
    Case("old versions agreed to", ENFORCED, HOST, Status.FAILED, "agrees to TLSv1.1", server=showing(oldest=OLD)),
    Case(
        "1.2 agreed to", ENFORCED, HOST | {"minimum": "1.3"}, Status.FAILED, "agrees to TLSv1.2", server=showing(oldest=NEWER)
    ),
    Case("1.2 refused", ENFORCED, HOST | {"minimum": "1.3"}, Status.PASSED, "refuses TLSv1.2", server=showing(oldest=NEWEST)),
    Case("no TLS at all", ENFORCED, HOST, Status.UNKNOWN, "refuses every TLS handshake", server=plainly),
    Case("nobody there", ENFORCED, {**HOST, "port": free_port()}, Status.UNKNOWN, "No connection"),
    Case("no port", VALID, {**HOST, "port": 70000}, Status.UNKNOWN, "No TLS connection"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
