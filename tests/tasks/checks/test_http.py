from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.web import Page, answering
from tests.tasks.world import Case

ANSWERS = "http.answers"
CASES = [
    Case("healthy", ANSWERS, {"contains": "well"}, Status.PASSED, "is 200", server=answering(Page())),
    Case("wished to be forbidden", ANSWERS, {"status": 403}, Status.PASSED, "is 403", server=answering(Page(403))),
    Case("broken", ANSWERS, {}, Status.FAILED, "is 503, wanted 200", server=answering(Page(503))),
    Case(
        "moved", ANSWERS, {}, Status.FAILED, "is 302, wanted 200", server=answering(Page(302, headers={"Location": "/login"}))
    ),
    Case("says something else", ANSWERS, {"contains": "ok"}, Status.FAILED, "lacks ok", server=answering(Page())),
    Case(
        "slow", ANSWERS, {"within_seconds": 0.05}, Status.FAILED, "wanted at most 0.05 s", server=answering(Page(seconds=0.1))
    ),
    Case("nobody there", ANSWERS, {"url": f"http://127.0.0.1:{free_port()}/"}, Status.UNKNOWN, "was not reached"),
    Case("no URL", ANSWERS, {"url": "health"}, Status.UNKNOWN, "is no URL to ask"),
    Case("no web address", ANSWERS, {"url": "file:///etc/passwd"}, Status.UNKNOWN, "is no URL to ask"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
