from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sites import Asked, at, guarded
from tests.tasks.servers.web import Page, answering
from tests.tasks.world import Case, Place

ANSWERS = "http.answers"
ALL, AUTH, CORS, HEADERS, HTTPS, VERSION, VALUES = (
    f"http.{name}"
    for name in (
        "all_answer",
        "auth_enforced",
        "cors_policy",
        "security_headers",
        "redirects_to_https",
        "version_is",
        "values_are",
    )
)
APP, DOWN = "https://app.example.com", f"http://127.0.0.1:{free_port()}/"
SAFE = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'self'",
    "Referrer-Policy": "no-referrer",
}
ALLOWED = {"allowed": [APP]}
KEY = {".env": "API_KEY=key-of-the-test\n"}
KEYED = {"key": "file:.env#API_KEY"}


def lets_in(origin: str) -> Callable[[], AbstractContextManager[Place]]:
    """``*`` for everybody by the star, ``who asks`` for everybody by their name, otherwise that one alone."""

    def preflight(asked: Asked) -> Page:
        answer = asked.headers["origin"] if origin == "who asks" else origin
        return Page(204, "", headers={"Access-Control-Allow-Origin": answer} if answer else {})

    return at(preflight, url="{site}/orders")


def two(second: int) -> Callable[[], AbstractContextManager[Place]]:
    return at(lambda asked: Page(200 if asked.path == "/a" else second), urls=["{site}/a", "{site}/b"])


def moved(status: int, place: str) -> Callable[[], AbstractContextManager[Place]]:
    return at(lambda _asked: Page(status, headers={"Location": place}), url="{site}/x")


def says(body: str, status: int = 200) -> Callable[[], AbstractContextManager[Place]]:
    return at(lambda _asked: Page(status, body), url="{site}/version")


def keyed(body: str) -> Callable[[], AbstractContextManager[Place]]:
    return at(guarded(Page(body=body), "Bearer key-of-the-test"), url="{site}/version")


CASES = [
    Case("all well", ALL, {}, Status.PASSED, "2 in all", server=two(200)),
    Case("one broken", ALL, {}, Status.FAILED, "is 503, wanted 200", server=two(503)),
    Case("nobody there", ALL, {"urls": [DOWN]}, Status.UNKNOWN, "was not reached"),
    Case("no address", ALL, {"urls": []}, Status.UNKNOWN, "No address was found"),
    Case("refused", AUTH, {}, Status.PASSED, "answers 401", server=at(lambda _: Page(401), urls=["{site}/a"])),
    Case("one open", AUTH, {"statuses": [403]}, Status.FAILED, "answers 200", server=two(403)),
    Case("not found is no refusal", AUTH, {}, Status.FAILED, "answers 404", server=at(lambda _: Page(404), urls=["{site}/a"])),
    Case("broken is no refusal", AUTH, {}, Status.UNKNOWN, "answers 500", server=at(lambda _: Page(500), urls=["{site}/a"])),
    Case("lets in the right one", CORS, ALLOWED, Status.PASSED, f"lets in {APP}", server=lets_in(APP)),
    Case("lets in nobody", CORS, ALLOWED, Status.FAILED, "lets in nobody", server=lets_in("")),
    Case("lets in everybody", CORS, ALLOWED, Status.FAILED, "who is to be refused", server=lets_in("*")),
    Case("repeats who asks", CORS, ALLOWED, Status.FAILED, "who is to be refused", server=lets_in("who asks")),
    Case("for developers", CORS, ALLOWED | {"refused": []}, Status.PASSED, "lets in *", server=lets_in("*")),
    Case("broken", CORS, {}, Status.UNKNOWN, "(500)", server=at(lambda _: Page(500), url="{site}/")),
    Case("nobody there", CORS, {"url": DOWN}, Status.UNKNOWN, "was not reached"),
    Case("nothing asked", CORS, {"url": DOWN, "refused": []}, Status.UNKNOWN, "Nothing was judged"),
    Case("protected", HEADERS, {}, Status.PASSED, "5 in all", server=answering(Page(headers=SAFE))),
    Case(
        "one missing",
        HEADERS,
        {},
        Status.FAILED,
        "referrer-policy of http",
        server=answering(Page(headers=dict(list(SAFE.items())[:4]))),
    ),
    Case(
        "too short",
        HEADERS,
        {"headers": {"Strict-Transport-Security": "max-age=63072000"}},
        Status.FAILED,
        "'max-age=31536000', wanted a text with 'max-age=63072000'",
        server=answering(Page(headers=SAFE)),
    ),
    Case("nobody there", HEADERS, {"url": DOWN}, Status.UNKNOWN, "was not reached"),
    Case("sent on", HTTPS, {}, Status.PASSED, "sends to https://127.0.0.1/x", server=moved(308, "https://127.0.0.1/x")),
    Case("sent elsewhere", HTTPS, {}, Status.FAILED, "sends to https://other", server=moved(302, "https://other/x")),
    Case("answered", HTTPS, {}, Status.FAILED, "answers 200 and sends to nowhere", server=answering(Page())),
    Case("not plain", HTTPS, {"url": "https://127.0.0.1/"}, Status.UNKNOWN, "no address in plain HTTP"),
    Case("right version", VERSION, {"version": "1.4.0"}, Status.PASSED, "'1.4.0'", server=says('{"version": "1.4.0"}')),
    Case(
        "old version",
        VERSION,
        {"version": "1.4.0"},
        Status.FAILED,
        "'1.3.0', wanted '1.4.0'",
        server=says('{"version": "1.3.0"}'),
    ),
    Case("deeper", VERSION, {"version": "1", "field": "a.b"}, Status.PASSED, "'a.b'", server=says('{"a": {"b": "1"}}')),
    Case("broken", VERSION, {"version": "1"}, Status.FAILED, "answers 503", server=says("", 503)),
    Case("no JSON", VERSION, {"version": "1"}, Status.UNKNOWN, "no JSON", server=says("{")),
    Case(
        "as wished",
        VALUES,
        KEYED | {"values": {"ok": "true", "n": "3"}},
        Status.PASSED,
        "2 in all",
        files=KEY,
        server=keyed('{"ok": true, "n": 3}'),
    ),
    Case(
        "otherwise",
        VALUES,
        KEYED | {"values": {"ok": "true"}},
        Status.FAILED,
        "'false', wanted 'true'",
        files=KEY,
        server=keyed('{"ok": false}'),
    ),
    Case("missing", VALUES, KEYED | {"values": {"ok": "true"}}, Status.FAILED, "absent", files=KEY, server=keyed("{}")),
    Case("not let in", VALUES, {"values": {"ok": "true"}}, Status.UNKNOWN, "answered 401", server=keyed("{}")),
    Case("no key there", VALUES, KEYED | {"values": {"ok": "true"}}, Status.FAILED, "is not there", server=keyed("{}")),
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
