"""The SDK's clients, and one call of one of them: pages followed, errors translated. The only importer of boto3."""

from __future__ import annotations

import threading
from typing import Any

from tasks.connect.aws_errors import translated
from tasks.core.answers import Answer, answer


class Clients:
    """One SDK session, one client a service; shared by all threads of a release."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[tuple[str, str | None], Any] = {}

    def client(self, service: str, region: str | None = None) -> Any:
        """The client for ``service``, made at first use: making one is slow and not safe between threads."""
        with self._lock:
            if (service, region) not in self._clients:
                self._clients[service, region] = translated(service, "connect", lambda: self._make(service, region))
            return self._clients[service, region]

    def _make(self, service: str, region: str | None) -> Any:
        import boto3
        from botocore.config import Config

        if self._session is None:
            self._session = boto3.Session()
        patience = Config(
            connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 4}, max_pool_connections=32
        )
        return self._session.client(service, region_name=region, config=patience)


def call(client: Any, service: str, operation: str, parameters: dict[str, Any]) -> Answer:
    """Call, follow pages, drop the metadata. Raises our errors only."""

    def ask() -> dict[str, Any]:
        method = getattr(client, operation)
        if client.can_paginate(operation):
            return dict(client.get_paginator(operation).paginate(**parameters).build_full_result())
        return {name: value for name, value in method(**parameters).items() if name != "ResponseMetadata"}

    return Answer(answer(translated(service, operation, ask)))
