"""The deployed handlers hold the whole conversation over a real WebSocket."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deployments.sandbox.session_management.project import seed
from deployments.sandbox.world import World
from tests.sandbox.conversation import Endpoint, endpoint, heard, say

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def deployed(standing_world: World) -> Iterator[World]:
    standing_world.reset()
    seed(standing_world, "dev", "1.0.0")
    return standing_world


@pytest.fixture(scope="module")
def sessions(deployed: World) -> Endpoint:
    return endpoint(deployed, "dev")


def rows(world: World, table: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = world.client("dynamodb").scan(TableName=table)["Items"]
    return items


def eventually(condition: Callable[[], bool], seconds: float = 5) -> bool:
    until = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return met


def test_a_session_from_first_word_to_last(deployed: World, sessions: Endpoint) -> None:
    speaker = sessions.speaker()
    created = heard(speaker)
    session = created["sessionId"]
    listener = sessions.listener(session)
    joined = heard(listener)
    say(speaker, action="heartbeat")
    acknowledged = heard(speaker)
    say(speaker, action="refreshConnection", token=sessions.token)
    refreshed = heard(speaker)
    connections = rows(deployed, "Connections-dev")
    speaker.close()
    ended = heard(listener)
    listener.close()

    assert created["type"] == "sessionCreated"
    assert joined == {"type": "sessionJoined", "sessionId": session, "targetLanguage": "es"}
    assert acknowledged["type"] == "heartbeatAck"
    assert refreshed["type"] == "connectionRefreshed"
    assert ended == {"type": "sessionEnded", "sessionId": session}
    assert {row["role"]["S"] for row in connections} == {"speaker", "listener"}
    assert all(int(row["ttl"]["N"]) > time.time() for row in connections)
    assert eventually(lambda: rows(deployed, "Connections-dev") == [])
    (row,) = [row for row in rows(deployed, "Sessions-dev") if row["sessionId"]["S"] == session]
    assert row["status"]["S"] == "ended"
    assert int(row["expiresAt"]["N"]) > time.time()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"token": ""}, 401, id="no token"),
        pytest.param({"token": "not-a-token"}, 403, id="not a token"),
        pytest.param({"role": "listener", "sessionId": "none", "targetLanguage": "es"}, 403, id="unknown session"),
        pytest.param({"role": "king"}, 403, id="unknown role"),
    ],
)
def test_who_is_refused(sessions: Endpoint, changed: dict[str, str], status: int) -> None:
    wanted = {"token": sessions.token, "role": "speaker", "sourceLanguage": "en", **changed}

    assert sessions.refusal(**{key: value for key, value in wanted.items() if value}) == status


def test_a_token_changed_after_signing_is_refused(sessions: Endpoint) -> None:
    head, body, signature = sessions.token.split(".")
    forged = f"{head}.{body}.{signature[:-8]}{signature[-8:][::-1]}"

    assert sessions.refusal(token=forged, role="speaker", sourceLanguage="en") == 403


def test_a_bad_refresh_is_answered_with_an_error(sessions: Endpoint) -> None:
    with sessions.speaker() as speaker:
        heard(speaker)
        say(speaker, action="refreshConnection", token="nonsense")
        answer = heard(speaker)

    assert answer == {"type": "error", "message": "The token is not a JWT."}
