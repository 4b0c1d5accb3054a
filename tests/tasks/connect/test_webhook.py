import json

import pytest

from tasks.connect.webhook import Webhook
from tasks.core.errors import ActionError
from tasks.core.redaction import redact
from tests.tasks.servers import free_port
from tests.tasks.servers.web import Page, http_server


def test_posts_the_message_without_secrets() -> None:
    posted: list[str] = []
    redact.learn("hunter2-hunter2")
    with http_server(Page(body="ok"), posted) as address:
        Webhook(address).post("released by hunter2-hunter2", "#releases")

    assert [json.loads(each) for each in posted] == [{"text": "released by [hidden]", "channel": "#releases"}]


def test_the_address_is_a_secret() -> None:
    Webhook("https://hooks.example.com/T0/B0/opaque")

    assert redact("posted to https://hooks.example.com/T0/B0/opaque") == "posted to [hidden]"


def test_a_refused_message_is_an_error() -> None:
    with http_server(Page(403, "invalid_token")) as address, pytest.raises(ActionError, match="The webhook answered 403"):
        Webhook(address).post("hello")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("", "set GATES_SLACK_WEBHOOK"),
        (f"http://127.0.0.1:{free_port()}/hook", "was not reached"),
        ("hooks.example.com", "was not reached"),
    ],
    ids=["none configured", "nobody there", "no address"],
)
def test_nowhere_to_post(address: str, says: str) -> None:
    with pytest.raises(ActionError, match=says):
        Webhook(address).post("hello")
