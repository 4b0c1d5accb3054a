"""The page that stands in for Slack takes what an incoming webhook takes, and shows it."""

from __future__ import annotations

import httpx
import pytest
from slack_sdk.webhook import WebhookClient

from deployments.sandbox.world import World

pytestmark = pytest.mark.sandbox


def test_what_was_posted_can_be_read_back(world: World) -> None:
    before = world.gateway.notices()
    answer = WebhookClient(world.environ()["GATES_SLACK_WEBHOOK"]).send(text="Kettle 1.0.0 → production: Released.")

    assert (answer.status_code, answer.body) == (200, "ok")
    assert world.gateway.notices() == [*before, "Kettle 1.0.0 → production: Released."]


@pytest.mark.parametrize("body", ["", "[]", "{}", "not json"])
def test_what_slack_refuses_is_refused(world: World, body: str) -> None:
    answer = httpx.post(world.environ()["GATES_SLACK_WEBHOOK"], content=body)

    assert (answer.status_code, answer.text) == (400, "invalid_payload")
