import json
from pathlib import Path

import pytest

from tasks.connect.api import Api
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Malformed, Throttled, Unreachable
from tasks.core.sample import Sample, Trail
from tests.tasks.servers import free_port
from tests.tasks.servers.web import Page, http_server
from tests.tasks.world import FakeClients


def door(trail: Trail | None = None) -> Api:
    here = Path()
    return Api.open(Session(Settings(here, here, here, here, ""), FakeClients({})), trail or Trail(Sample()))


def test_parameters_are_sent_and_the_key_is_proof_that_nobody_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATES_TEST_KEY", "key-of-the-test")
    asked: list[str] = []
    trail = Trail(Sample())
    with http_server(Page(body='{"data": [1]}'), asked) as url:
        service = door(trail).at(f"{url}/", "env:GATES_TEST_KEY")
        answers = [service.json("/query", query="up{a='b'}", match=["x", "y"]) for _ in range(2)]

    assert answers == [{"data": [1]}] * 2
    assert asked == ["GET /health/query?query=up%7Ba%3D%27b%27%7D&match=x&match=y"]
    assert service.headers == {"Authorization": "Bearer key-of-the-test"}
    assert "key-of-the-test" not in json.dumps([reading.as_evidence() for reading in trail.readings])


@pytest.mark.parametrize(
    ("page", "error", "says"),
    [
        (Page(401), Denied, "answered 401: all is well"),
        (Page(403), Denied, "answered 403"),
        (Page(404), Absent, "answered 404"),
        (Page(429), Throttled, "answered 429"),
        (Page(503, ""), Unreachable, "answered 503: nothing more"),
        (Page(400), EvidenceError, "answered 400"),
        (Page(302, headers={"Location": "/login"}), Malformed, "sends elsewhere"),
        (Page(), Malformed, "is not JSON"),
        (Page(body="x" * 1_200_000), EvidenceError, "longer than a megabyte"),
    ],
    ids=["nobody known", "forbidden", "not there", "throttled", "broken", "bad question", "moved", "no JSON", "too long"],
)
def test_a_status_of_failure_is_an_error_of_ours(page: Page, error: type[GatesError], says: str) -> None:
    with http_server(page) as url, pytest.raises(error, match=says) as told:
        door().at(url).json("/query")

    assert type(told.value) is error


def test_nobody_there_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="was not reached"):
        door().at(f"http://127.0.0.1:{free_port()}").json("/query")
