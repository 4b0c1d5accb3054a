import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks import evaluation
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import Absent, ActionError, Denied, Throttled, Unreachable
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.servers import free_port
from tests.tasks.servers.sites import Asked, serving
from tests.tasks.servers.web import Page

ANNOUNCE, RESOLVE, CALL = (
    catalogue()[name] for name in ("statuspage.announce", "statuspage.resolve", "oncall.send_test_event")
)
PAGER: dict[str, Any] = {"routing_key": "file:.env#KEY", "name": "test-2", "summary": "A test"}


class StatusPage:
    """Incidents by ID, as Statuspage keeps them, and the events that PagerDuty was sent."""

    def __init__(self) -> None:
        self.incidents: dict[str, dict[str, Any]] = {"i0": {"id": "i0", "name": "Release 2", "status": "monitoring"}}
        self.events: list[dict[str, Any]] = []
        self.status = 200

    def __call__(self, asked: Asked) -> Page:
        if self.status != 200 or (
            asked.path != "/v2/enqueue" and asked.headers.get("authorization") != "OAuth key-of-the-test"
        ):
            return Page(self.status if self.status != 200 else 401, "no")
        if asked.path == "/v2/enqueue":
            self.events.append(json.loads(asked.body))
            return Page(202, '{"status": "success"}')
        match asked.method:
            case "POST":
                incident = json.loads(asked.body)["incident"] | {"id": f"i{len(self.incidents)}"}
                self.incidents[incident["id"]] = incident
                return Page(201, json.dumps(incident))
            case "PATCH":
                self.incidents[asked.path.rpartition("/")[2]] |= json.loads(asked.body)["incident"]
                return Page(body="{}")
            case _:
                return Page(body=json.dumps([each for each in self.incidents.values() if each["status"] != "resolved"]))

    def resolved(self) -> list[str]:
        return [name for name, each in self.incidents.items() if each["status"] == "resolved"]


@pytest.fixture
def site() -> StatusPage:
    return StatusPage()


@pytest.fixture
def release(site: StatusPage) -> Iterator[dict[str, Any]]:
    with serving(site) as address:
        yield {"page": "p1", "name": "Release 2", "message": "At work.", "key": "file:.env#KEY", "base_url": address}


@pytest.fixture
def session(tmp_path: Path) -> Session:
    (tmp_path / ".env").write_text("KEY=key-of-the-test\n")
    return Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, ""))


def test_what_was_announced_is_resolved_when_undone(site: StatusPage, release: dict[str, Any], session: Session) -> None:
    noted = evaluation.before(ANNOUNCE, release, session)
    done = evaluation.perform(ANNOUNCE, release, session)
    verdicts = [evaluation.undo(ANNOUNCE, release, session, noted) for _ in range(2)]

    assert (done.facts, site.resolved()) == ({"incident": "i1"}, ["i1"])
    assert [verdict.status for verdict in verdicts] == [Status.PASSED] * 2


def test_an_interrupted_announcement_is_settled(release: dict[str, Any], session: Session) -> None:
    noted = evaluation.before(ANNOUNCE, release, session)
    early = evaluation.settle(ANNOUNCE, release, session, noted)
    evaluation.perform(ANNOUNCE, release, session)

    assert (early, evaluation.settle(ANNOUNCE, release, session, noted)) == ("not done", "done")


def test_an_announcement_ends(site: StatusPage, release: dict[str, Any], session: Session) -> None:
    early = evaluation.settle(RESOLVE, release, session, {})
    evaluation.perform(RESOLVE, release, session)

    assert (early, site.resolved(), evaluation.settle(RESOLVE, release, session, {})) == ("not done", ["i0"], "done")
    assert "was not open" in evaluation.perform(RESOLVE, release, session).summary


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Denied), (404, Absent), (429, Throttled), (503, Unreachable), (422, ActionError)],
    ids=["not let in", "no such page", "too often", "broken", "refused"],
)
def test_what_is_not_accepted_failed(
    status: int, error: type[Exception], site: StatusPage, release: dict[str, Any], session: Session
) -> None:
    site.status = status

    with pytest.raises(error, match=f"answered {status}"):
        evaluation.perform(ANNOUNCE, release, session)


def test_nobody_there(release: dict[str, Any], session: Session) -> None:
    with pytest.raises(Unreachable, match="was not answered"):
        evaluation.perform(ANNOUNCE, release | {"base_url": f"http://127.0.0.1:{free_port()}"}, session)


def test_somebody_is_called_and_called_off(site: StatusPage, release: dict[str, Any], session: Session) -> None:
    arguments = PAGER | {"base_url": release["base_url"]}
    done = evaluation.perform(CALL, arguments, session)
    evaluation.undo(CALL, arguments, session, {})

    assert [(each["event_action"], each["dedup_key"]) for each in site.events] == [
        ("trigger", "test-2"),
        ("resolve", "test-2"),
        ("resolve", "test-2"),
    ]
    assert "key-of-the-test" not in str(done)
    assert evaluation.settle(CALL, arguments, session, {}) == "not done"
