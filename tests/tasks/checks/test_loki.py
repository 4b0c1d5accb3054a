from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tasks.connect.loki import Loki
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.sample import Sample, Trail
from tasks.core.verdicts import Status
from tests.tasks.servers.api import BROKEN, REFUSED, api_server, serving
from tests.tasks.world import Case, FakeClients, Place

READY, FLOWING, ERRORS, SECRETS, LEVEL, RETENTION, REPORT = (
    f"loki.{name}" for name in ("ready", "flowing", "no_errors", "no_secrets", "level_at_least", "retention_at_least", "report")
)
API = {"selector": '{app="api"}'}
CONFIGURATION = "compactor: {retention_enabled: true}\nlimits_config: {retention_period: 744h}\n"
WELL = ["level=info msg=started", "level=info msg=served"]


def lines(*found: str, errors: tuple[str, ...] = ()) -> Callable[[dict[str, str]], dict[str, Any]]:
    """Answers the lines; to who looks for words, ``errors``."""

    def said(asked: dict[str, str]) -> dict[str, Any]:
        some = errors if "|~" in asked["query"] else found
        values = [[f"17000000000000000{at:02d}", line] for at, line in enumerate(some)][-int(asked["limit"]) :]
        return {"status": "success", "data": {"resultType": "streams", "result": [{"stream": {}, "values": values}]}}

    return said


def counts(**found: int) -> dict[str, Any]:
    result = [{"metric": {"ip": name}, "value": [1.0, str(value)]} for name, value in found.items()]
    return {"status": "success", "data": {"resultType": "vector", "result": result}}


def world(**changed: Any) -> Callable[[], AbstractContextManager[Place]]:
    healthy = {"ready": "ready\n", "config": CONFIGURATION, "query_range": lines(*WELL), "query": counts(a=1, b=3)}
    places = {"ready": "/ready", "config": "/config"}
    return serving({places.get(name, f"/loki/api/v1/{name}"): answer for name, answer in (healthy | changed).items()})


KEPT_FOR_EVER = "compactor: {}\nlimits_config: {retention_period: 744h}\n"
SHORT = "compactor: {retention_enabled: true}\nlimits_config: {retention_period: 24h}\n"
BY_IP = {"queries": {"Failed sign-ins": "sum by (ip) (…)"}}
UNREAD, EMPTY = world(query_range=REFUSED), world(query_range=lines())
CASES = [
    Case("ready", READY, {}, Status.PASSED, "is ready", server=world()),
    Case("waits for its ring", READY, {}, Status.FAILED, "Ingester not ready",
         server=world(ready="Ingester not ready: waiting")),
    Case("down", READY, {}, Status.UNKNOWN, "answered 503", server=world(ready=BROKEN)),
    Case("flows", FLOWING, API, Status.PASSED, "has lines", server=world()),
    Case("stopped", FLOWING, API, Status.FAILED, "has no line", server=EMPTY),
    Case("refused", FLOWING, API, Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("no error", ERRORS, API, Status.PASSED, "has no line of error, critical, fatal", server=world()),
    Case("an error", ERRORS, API, Status.FAILED,
         "1 lines of error, critical, fatal: level=error api_key=[hidden]",
         server=world(query_range=lines(*WELL, errors=("level=error api_key=abcdef123456",)))),
    Case("no word named", ERRORS, API | {"patterns": []}, Status.UNKNOWN, "does not say", server=world()),
    Case("silent", ERRORS, API, Status.UNKNOWN, "no line at all", server=EMPTY),
    Case("silent, and that is well", ERRORS, API | {"allow_empty": True}, Status.PASSED, "no line at all", server=EMPTY),
    Case("refused", ERRORS, API, Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("no secret", SECRETS, API, Status.PASSED, "None of the newest 2 lines", server=world()),
    Case("a secret", SECRETS, API, Status.FAILED, "1 by 'password'",
         server=world(query_range=lines(*WELL, "password=hunter2x"))),
    Case("silent", SECRETS, API, Status.UNKNOWN, "no line to look through", server=EMPTY),
    Case("refused", SECRETS, API, Status.UNKNOWN, "answered 401", server=UNREAD),
    Case("high enough", LEVEL, API, Status.PASSED, "no line below info: 2 info", server=world()),
    Case("debugging was left on", LEVEL, API, Status.FAILED,
         "2 info, 1 debug", server=world(query_range=lines("level=debug a=b", *WELL))),
    Case("no line tells", LEVEL, API, Status.UNKNOWN, "tells its level", server=world(query_range=lines("GET / 200"))),
    Case("no such level", LEVEL, API | {"level": "loud"}, Status.UNKNOWN, "'loud' is no level", server=world()),
    Case("long enough", RETENTION, {"days": 31}, Status.PASSED, "is 31", server=world()),
    Case("too short", RETENTION, {"days": 7}, Status.FAILED, "is 1 days, wanted at least 7", server=world(config=SHORT)),
    Case("kept for ever", RETENTION, {"days": 7}, Status.FAILED, "deletes nothing ever", server=world(config=KEPT_FOR_EVER)),
    Case("says nothing", RETENTION, {"days": 7}, Status.UNKNOWN, "no field 'compactor'", server=world(config="a: 1")),
    Case("told", REPORT, BY_IP, Status.PASSED, "Failed sign-ins: {ip=b} 3, {ip=a} 1", server=world()),
    Case("nothing to tell", REPORT, BY_IP, Status.UNKNOWN, "no value", server=world(query=counts())),
    Case("nothing, and that is well", REPORT, BY_IP | {"allow_empty": True}, Status.PASSED, "no value",
         server=world(query=counts())),
    Case("not there", REPORT, BY_IP, Status.FAILED, "answered 404", server=serving({})),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary


def test_no_raw_line_is_kept_as_evidence(tmp_path: Path) -> None:
    trail = Trail(Sample())
    session = Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, ""), FakeClients({}))
    with api_server({"/loki/api/v1/query_range": lines("password=hunter2x and more")}) as url:
        server = Loki.open(session, trail).at(url)
        server.looked('{app="api"}', 60, 10)
        server.quoted('{app="api"}', 60, 10)

    assert "hunter2x" not in str([reading.as_evidence() for reading in trail.readings])


def test_two_servers_are_two_questions(tmp_path: Path) -> None:
    session = Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, ""), FakeClients({}))
    door = Loki.open(session, Trail(Sample()))
    with (
        api_server({"/loki/api/v1/query_range": lines("one")}) as one,
        api_server({"/loki/api/v1/query_range": lines("two")}) as two,
    ):
        found = [door.at(url).quoted('{app="api"}', 60, 10) for url in (one, two, one)]

    assert found == [["one"], ["two"], ["one"]]
