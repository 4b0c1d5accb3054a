from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.web import Page, http_server
from tests.tasks.world import Case, Place

OPEN, CLOSED = "net.ports_open", "net.ports_closed"
HOSTS = {"hosts": ["127.0.0.1"]}
NOWHERE = {"hosts": ["nowhere.invalid"]}
NOBODY = free_port()


def listening(argument: str, *, also: int = 0) -> Callable[[], AbstractContextManager[Place]]:
    @contextmanager
    def listen() -> Iterator[Place]:
        with http_server(Page()) as url:
            port = int(url.rpartition(":")[2].partition("/")[0])
            found = [port, also] if also else [port]
            yield Place({argument: found if argument == "port_numbers" else port})

    return listen


def both_open() -> Callable[[], AbstractContextManager[Place]]:
    @contextmanager
    def listen() -> Iterator[Place]:
        with listening("answers_on")() as place:
            yield Place({**place.arguments, "port_numbers": [place.arguments["answers_on"]]})

    return listen


CASES = [
    Case("listening", OPEN, HOSTS, Status.PASSED, "is open, wanted open", server=listening("port_numbers")),
    Case("one refuses", OPEN, HOSTS, Status.FAILED, "is refused", server=listening("port_numbers", also=NOBODY)),
    Case("no name", OPEN, NOWHERE | {"port_numbers": [443]}, Status.UNKNOWN, "no way to nowhere.invalid"),
    Case("no port", OPEN, HOSTS | {"port_numbers": [70000]}, Status.UNKNOWN, "is no TCP port"),
    Case("nothing asked", OPEN, HOSTS | {"port_numbers": []}, Status.UNKNOWN, "No port was found"),
    Case("closed", CLOSED, HOSTS | {"port_numbers": [NOBODY]}, Status.PASSED, "wanted closed", server=listening("answers_on")),
    Case("down", CLOSED, HOSTS | {"answers_on": NOBODY}, Status.UNKNOWN, "does not answer", server=listening("port_numbers")),
    Case("open", CLOSED, HOSTS, Status.FAILED, "is open, wanted closed", server=both_open()),
    Case("no name", CLOSED, NOWHERE | {"port_numbers": [22]}, Status.UNKNOWN, "no way to nowhere.invalid"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
