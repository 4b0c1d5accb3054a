"""A release reaches https addresses that only the world knows, and no others."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deployments import processes
from deployments.sandbox.edge_part import Edge, certify
from deployments.sandbox.parts import distinct
from deployments.sandbox.world import World
from tasks import evaluation
from tasks.connect import http
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict

pytestmark = pytest.mark.sandbox
HOST, ABSENT, OUTSIDE = "api.shop.test", "down.shop.test", "api.other.test"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"host": self.headers["Host"], "path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing to say."""


@pytest.fixture(scope="module")
def world(sandbox_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    found = World(tmp_path_factory.mktemp("edge"), sandbox_python)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found.save(ports={"shop": server.server_port})
        started = Edge({HOST: "shop", ABSENT: "nobody"}).start(found)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in started.environ.items():
                patch.setenv(name, value)
            http._made.cache_clear()  # which learnt its way out before there was this one
            yield found
        http._made.cache_clear()
        for pid, word in started.pids.values():
            processes.stop(pid, word)
        server.shutdown()


def judged(check: str, **arguments: object) -> Verdict:
    return evaluation.judge(catalogue()[check], arguments, Session(Settings.from_environment()), Sample()).verdict


@pytest.mark.parametrize(
    ("host", "status", "says"),
    [
        pytest.param(HOST, Status.PASSED, f"https://{HOST}/health", id="a host of the world"),
        pytest.param(ABSENT, Status.UNKNOWN, "502 Nobody answers", id="a host whose part does not run"),
        pytest.param(OUTSIDE, Status.UNKNOWN, "502 Nobody answers", id="a host of the internet"),
    ],
)
def test_requests_go_to_whoever_answers_for_the_host(world: World, host: str, status: Status, says: str) -> None:
    verdict = judged("http.answers", url=f"https://{host}/health", contains=f'"host": "{host}", "path": "/health"')

    assert world.state()["ports"]["shop"]
    assert (verdict.status, says in verdict.summary) == (status, True), verdict.summary


@pytest.mark.parametrize(
    ("days", "status", "says"),
    [
        pytest.param(90, Status.PASSED, "wanted at least 14", id="good for long"),
        pytest.param(3, Status.FAILED, "wanted at least 14", id="good for three days"),
        pytest.param(-1, Status.FAILED, "certificate has expired", id="run out"),
    ],
)
def test_a_new_certificate_is_shown_at_once(world: World, days: float, status: Status, says: str) -> None:
    certify(world, HOST, days)
    verdict = judged("tls.certificate_valid", host=HOST)

    assert (verdict.status, says in verdict.summary) == (status, True), verdict.summary


def test_several_systems_share_one_edge() -> None:
    assert distinct((Edge({HOST: "shop"}), Edge({OUTSIDE: "other"}))) == [Edge({HOST: "shop", OUTSIDE: "other"})]
