"""Talks to the deployed session endpoint as a speaker or a listener does."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from deployments.sandbox.world import World
from tests.sandbox.deployed import Deployed

USER = "speaker@example.com"
PASSWORD = "Passw0rd!demo"
SECONDS = 10


@dataclass(frozen=True)
class Endpoint:
    url: str
    token: str

    def open(self, **wanted: str) -> ClientConnection:
        return connect(f"{self.url}?{urlencode(wanted)}", open_timeout=SECONDS, proxy=None)

    def speaker(self) -> ClientConnection:
        return self.open(token=self.token, role="speaker", sourceLanguage="en")

    def listener(self, session: str) -> ClientConnection:
        return self.open(token=self.token, role="listener", sessionId=session, targetLanguage="es")

    def refusal(self, **wanted: str) -> int | None:
        """Status of a refused handshake; None when it was accepted."""
        try:
            self.open(**wanted).close()
        except InvalidStatus as refused:
            return int(refused.response.status_code)
        return None


def endpoint(world: World, suffix: str) -> Endpoint:
    """Make the test user, unless there is one, and log in."""
    outputs = Deployed(world, suffix).outputs()
    pool, client = outputs["UserPoolId"], outputs["UserPoolClientId"]
    cognito = world.client("cognito-idp")
    with suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(UserPoolId=pool, Username=USER, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=USER, Password=PASSWORD, Permanent=True)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": USER, "PASSWORD": PASSWORD},
    )
    return Endpoint(outputs["WebSocketEndpoint"], answer["AuthenticationResult"]["IdToken"])


def heard(connection: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(connection.recv(timeout=SECONDS))
    return message


def say(connection: ClientConnection, **message: str) -> None:
    connection.send(json.dumps(message))
