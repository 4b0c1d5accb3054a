import json
from pathlib import Path

import pytest

from tasks import evaluation
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import ActionError
from tasks.core.registry import catalogue
from tests.tasks.servers.web import Page, http_server

POST = catalogue()["notify.post"]
MESSAGE = {"message": "session-management 1.3.0 is live."}


def session(address: str) -> Session:
    return Session(Settings(Path(), Path(), Path(), Path(), address))


def test_posts() -> None:
    posted: list[str] = []
    with http_server(Page(body="ok"), posted) as address:
        done = evaluation.perform(POST, MESSAGE, session(address))

    assert [json.loads(each) for each in posted] == [{"text": "session-management 1.3.0 is live."}]
    assert done.summary == "Posted to the notices webhook: session-management 1.3.0 is live."


def test_says_what_to_set_where_no_webhook_is_configured() -> None:
    with pytest.raises(ActionError, match="set GATES_SLACK_WEBHOOK"):
        evaluation.perform(POST, MESSAGE, session(""))


def test_nobody_knows_whether_an_interrupted_message_was_sent() -> None:
    assert evaluation.settle(POST, MESSAGE, session(""), {}) == "unknown"


def test_a_message_cannot_be_undone_and_says_why() -> None:
    verdict = evaluation.undo(POST, MESSAGE, session(""), {})

    assert "cannot be called back" in verdict.summary
