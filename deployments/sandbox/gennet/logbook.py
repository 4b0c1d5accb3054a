"""The lines that the services log, on their way to CloudWatch as Fluent Bit would bring them there; and what secrets hold."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deployments.sandbox import account

from .naming import NAME, SERVICES

STREAM = "fluent-bit"


class Logbook:
    """Lines that wait to be written, by log group."""

    def __init__(self, world: Path) -> None:
        self._world = world
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._clients: dict[str, Any] = {}

    def say(self, suffix: str, service: str, text: str) -> None:
        """Note one line of a service."""
        line = {"timestamp": int(time.time() * 1000), "message": text}
        self._waiting.setdefault(f"/{NAME}/{suffix}/{service}", []).append(line)

    def complain(self, suffix: str, text: str) -> None:
        """Note an error, in the gateway's log: it answers for all of them."""
        self.say(suffix, SERVICES[0], f"ERROR {text}")

    def write(self) -> None:
        """Send what waits; lines of a group that is not there are lost."""
        waiting, self._waiting = self._waiting, {}
        for group, lines in waiting.items():
            try:
                self._client("logs").put_log_events(logGroupName=group, logStreamName=STREAM, logEvents=lines)
            except (ClientError, BotoCoreError):
                continue

    def tokens(self, names: list[str]) -> list[str]:
        """The tokens that these secrets hold; nothing for one that is not there."""
        found = []
        for name in names:
            try:
                text = self._client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
            except (ClientError, BotoCoreError):
                continue
            found.append(str(json.loads(text)["token"]))
        return found

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            port = json.loads((self._world / "world.json").read_text())["ports"]["emulator"]
            self._clients[service] = boto3.client(  # type: ignore[call-overload]
                service,
                endpoint_url=f"http://127.0.0.1:{port}",
                region_name=account.REGION,
                aws_access_key_id="sandbox",
                aws_secret_access_key="sandbox",  # noqa: S106 (the emulator's)
            )
        return self._clients[service]
