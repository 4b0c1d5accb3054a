"""A notice is told, hides secrets, and never stops anything."""

import json
import logging
from pathlib import Path

import pytest

from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.redaction import redact
from tasks.notices import notify
from tests.tasks.servers import free_port
from tests.tasks.servers.web import Page, http_server


def session(webhook: str = "") -> Session:
    return Session(Settings(Path(), Path(), Path(), Path(), webhook))


def test_without_a_webhook_it_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    redact.learn("correct-horse-battery")
    notify(session(), "Released with correct-horse-battery.")

    assert caplog.messages == ["Notice: Released with [hidden]."]


def test_with_a_webhook_it_is_also_posted_and_the_log_warns_of_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "gates.notice")
    redact.learn("correct-horse-battery")
    posted: list[str] = []
    with http_server(Page(body="ok"), posted) as address:
        notify(session(address), "Released with correct-horse-battery.")

    assert [json.loads(each) for each in posted] == [{"text": "Released with [hidden]."}]
    assert [each.levelno for each in caplog.records if each.name == "gates.notice"] == [logging.INFO]


@pytest.mark.parametrize("page", [Page(500, "down"), Page(404, ""), None], ids=["refused", "unknown", "nobody there"])
def test_a_notice_that_cannot_be_delivered_is_a_sentence_in_the_log(
    page: Page | None, caplog: pytest.LogCaptureFixture
) -> None:
    if page is None:
        notify(session(f"http://127.0.0.1:{free_port()}/hook"), "Released.")
    else:
        with http_server(page) as address:
            notify(session(address), "Released.")

    assert [record.levelno for record in caplog.records if record.name == "gates.notice"] == [logging.WARNING, logging.ERROR]
    assert "The notice was not delivered: The webhook" in caplog.messages[-1]
    assert not [record for record in caplog.records if record.exc_info]
