from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sites import Asked, at, guarded
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

ACCEPTED, LEFT = "api.key_accepted", "api.limit_left"
KEY = {"key": "file:.env#API_KEY"}
ENV = {".env": "API_KEY=key-of-the-test\n"}
OURS = guarded(Page(), "key-of-the-test")
DOWN = f"http://127.0.0.1:{free_port()}/"


def limits(limit: str, left: str) -> Any:
    told = {"X-RateLimit-Limit-Requests": limit, "X-RateLimit-Remaining-Requests": left}
    return at(guarded(Page(headers=told), "key-of-the-test"), url="{site}/models")


def everybody(_asked: Asked) -> Page:
    return Page()


CASES = [
    Case("accepted", ACCEPTED, KEY, Status.PASSED, "is 200", files=ENV, server=at(OURS, url="{site}/models")),
    Case(
        "in a header of its own",
        ACCEPTED,
        KEY | {"header": "X-API-Key"},
        Status.PASSED,
        "is 200",
        files=ENV,
        server=at(lambda asked: Page(200 if asked.headers.get("x-api-key") == "key-of-the-test" else 403), url="{site}/"),
    ),
    Case(
        "refused",
        ACCEPTED,
        KEY,
        Status.FAILED,
        "is 401, wanted 200",
        files={".env": "API_KEY=old\n"},
        server=at(OURS, url="{site}/"),
    ),
    Case(
        "everybody is accepted", ACCEPTED, KEY, Status.FAILED, "Without a key", files=ENV, server=at(everybody, url="{site}/")
    ),
    Case(
        "everybody may",
        ACCEPTED,
        KEY | {"refused_without": False},
        Status.PASSED,
        "is 200",
        files=ENV,
        server=at(everybody, url="{site}/"),
    ),
    Case(
        "broken",
        ACCEPTED,
        KEY,
        Status.UNKNOWN,
        "says nothing of the key",
        files=ENV,
        server=at(lambda _: Page(502), url="{site}/"),
    ),
    Case("no key", ACCEPTED, KEY | {"url": DOWN}, Status.FAILED, "is not there"),
    Case("a key in the checklist", ACCEPTED, {"url": DOWN, "key": "sk-123"}, Status.UNKNOWN, "named by a reference"),
    Case("nobody there", ACCEPTED, KEY | {"url": DOWN}, Status.UNKNOWN, "was not reached", files=ENV),
    Case("enough left", LEFT, KEY, Status.PASSED, "is 20 %", files=ENV, server=limits("500", "100")),
    Case("too little left", LEFT, KEY, Status.FAILED, "is 19.8 %, wanted at least 20", files=ENV, server=limits("500", "99")),
    Case("not told", LEFT, {}, Status.UNKNOWN, "answers 401 and does not tell its limit", server=limits("500", "100")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
