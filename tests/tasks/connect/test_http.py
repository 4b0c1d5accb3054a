import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tasks.connect.http import Http
from tasks.core.errors import Malformed, Unreachable
from tasks.core.sample import Sample, Trail
from tests.tasks.servers import running
from tests.tasks.servers.web import Page, http_server


def test_nothing_but_reading_passes_the_door() -> None:
    assert {name for name in vars(Http) if not name.startswith("_")} == {"open", "get", "head", "options"}


def test_a_question_is_asked_once_a_sample() -> None:
    asked: list[str] = []
    sample = Sample()
    with http_server(Page(seconds=0.05), asked) as url, ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: Http(Trail(sample)).get(url).text, range(20)))

    assert (asked, answers) == (["GET /health"], ["all is well"] * 20)


def test_the_answer_is_told_whole() -> None:
    with http_server(Page(202, '{"ok": true}', headers={"X-Version": "1.2.0"})) as url:
        response = Http(Trail(Sample())).get(url)

    assert (response.status, response.headers["x-version"], response.json["ok"]) == (202, "1.2.0", True)


def test_head_has_no_body() -> None:
    asked: list[str] = []
    with http_server(Page(), asked) as url:
        response = Http(Trail(Sample())).head(url)

    assert (response.status, response.text, asked) == (200, "", ["HEAD /health"])


def test_a_cookie_is_neither_sent_back_nor_shown() -> None:
    asked: list[str] = []
    trail = Trail(Sample())
    with http_server(Page(headers={"Set-Cookie": "session=not-for-eyes"}), asked) as url:
        Http(trail).get(url)
        Http(Trail(Sample())).get(url)

    assert asked == ["GET /health", "GET /health"]
    assert "not-for-eyes" not in json.dumps(trail.readings[0].as_evidence())


def test_what_is_no_json_is_malformed() -> None:
    with http_server(Page()) as url, pytest.raises(Malformed, match="no JSON"):
        Http(Trail(Sample())).get(url).json  # noqa: B018  the property raises


def test_no_more_than_a_megabyte_is_read() -> None:
    with http_server(Page(body="x" * 1_200_000)) as url:
        response = Http(Trail(Sample())).get(url)

    assert len(response.text) == 1_000_000


def test_a_late_answer_is_unreachable() -> None:
    with http_server(Page(seconds=0.3)) as url, pytest.raises(Unreachable, match=r"no answer after 0\.1 s"):
        Http(Trail(Sample())).get(url, timeout_seconds=0.1)


@pytest.mark.parametrize(
    ("first", "error", "says"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", Unreachable, "no answer after"),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", Unreachable, "no answer after"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", Malformed, "not HTTP"),
    ],
    ids=["drips its body", "drips its headers", "speaks another language"],
)
def test_a_strange_server_holds_nobody_up(first: bytes, error: type[Exception], says: str) -> None:
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            client, _ = server.accept()
            with client:
                client.sendall(first)
                while not ended.wait(0.05):
                    try:
                        client.sendall(b"x")
                    except OSError:
                        return

        with running(drip, ended.set), pytest.raises(error, match=says):
            Http(Trail(Sample())).get(f"http://127.0.0.1:{server.getsockname()[1]}/", timeout_seconds=0.3)


def test_a_header_of_a_question_is_sent_and_only_its_name_is_kept() -> None:
    asked: list[str] = []
    trail = Trail(Sample())
    with http_server(Page(), asked) as url:
        for cookie in ("key=first-secret", "key=second-secret", "key=first-secret"):
            Http(trail).get(url, headers={"Cookie": cookie})

    kept = json.dumps([reading.as_evidence() for reading in trail.readings])
    assert asked == ["GET /health key=first-secret", "GET /health key=second-secret"]
    assert "Cookie" in kept
    assert "-secret" not in kept
