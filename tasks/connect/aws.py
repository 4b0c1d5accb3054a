"""Doors to AWS: a read door for checks, a write door for actions.

``aws.dynamodb.describe_table(TableName="Sessions")`` follows pages, happens once a sample, and answers boto3's own
dictionary without its metadata. ``aws.lambda_`` and ``aws.cognito_idp`` are ``lambda`` and ``cognito-idp``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tasks.connect.aws_clients import Clients, call
from tasks.connect.aws_reads import guarded, is_read
from tasks.connect.session import Session
from tasks.core.answers import Answer
from tasks.core.errors import Absent, ReadOnly
from tasks.core.sample import Trail

_REGIONAL = "cloudformation"  # a service without a global endpoint, whose client cannot be made without a region


class Aws:
    """Read door: ``aws.<service>.<operation>(**parameters)``; anything that is not a read raises ``ReadOnly``."""

    def __init__(self, clients: Clients, trail: Trail, region: str = "") -> None:
        self._clients = clients
        self._trail = trail
        self._region = region

    @classmethod
    def open(cls, session: Session, trail: Trail) -> Aws:
        """The read door on the session's clients."""
        return cls(session.clients, trail)

    def __getattr__(self, service: str) -> ReadService:
        if service.startswith("__"):
            raise AttributeError(service)
        return ReadService(self._clients, self._trail, _service_name(service), self._region)

    def in_region(self, region: str) -> Aws:
        """The same door on another region; the empty name stays where this door is."""
        return Aws(self._clients, self._trail, region or self._region)

    @property
    def region(self) -> str:
        """The region that reads go to; raises ``Denied`` when none is configured."""
        if self._region:
            return self._region
        region: str = self._trail.read("aws", "region", lambda: str(self._clients.client(_REGIONAL).meta.region_name))
        return region

    @property
    def now(self) -> datetime:
        """The moment this sample of the world began, so that all its checks look at the same stretch of time."""
        return self._trail.sample.started


class ReadService:
    """The reads of one AWS service."""

    def __init__(self, clients: Clients, trail: Trail, service: str, region: str = "") -> None:
        self._clients = clients
        self._trail = trail
        self._service = service
        self._region = region

    def __getattr__(self, operation: str) -> ReadOperation:
        if operation.startswith("__"):
            raise AttributeError(operation)
        if not is_read(self._service, operation):
            raise ReadOnly(f"A check may not call {self._service} {operation}: only reads pass this door.")
        return ReadOperation(self._clients, self._trail, self._service, operation, self._region)


class ReadOperation:
    """One read: called, it answers or raises; ``or_none`` answers None where the thing does not exist."""

    def __init__(self, clients: Clients, trail: Trail, service: str, operation: str, region: str = "") -> None:
        self._clients = clients
        self._trail = trail
        self._service = service
        self._operation = operation
        self._region = region

    def __call__(self, **parameters: Any) -> Answer:
        """The whole answer, all pages of it. Raises ``EvidenceError`` or ``Absent``."""
        place = f" in {self._region}" if self._region else ""
        question = f"{self._service}.{self._operation}{place} {json.dumps(parameters, sort_keys=True, default=str)}"
        answer: Answer = self._trail.read("aws", question, lambda: self._ask(parameters))
        return answer

    def or_none(self, **parameters: Any) -> Answer | None:
        """The answer, or None where AWS says that there is no such thing."""
        try:
            return self(**parameters)
        except Absent:
            return None

    def _ask(self, parameters: dict[str, Any]) -> Answer:
        client = self._clients.client(self._service, self._region or None)
        return guarded(self._service, self._operation, call(client, self._service, self._operation, parameters))


class AwsWriter:
    """Write door, for actions: every operation passes and nothing is remembered; errors are translated alike."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    @classmethod
    def open(cls, session: Session, trail: Trail) -> AwsWriter:  # noqa: ARG003  what is written is no reading
        """The write door on the session's clients."""
        return cls(session.clients)

    def __getattr__(self, service: str) -> WriteService:
        if service.startswith("__"):
            raise AttributeError(service)
        return WriteService(self._clients, _service_name(service))


class WriteService:
    """All operations of one AWS service."""

    def __init__(self, clients: Clients, service: str) -> None:
        self._clients = clients
        self._service = service

    def __getattr__(self, operation: str) -> Callable[..., Answer]:
        if operation.startswith("__"):
            raise AttributeError(operation)

        def ask(**parameters: Any) -> Answer:
            return call(self._clients.client(self._service), self._service, operation, parameters)

        return ask


def _service_name(attribute: str) -> str:
    return attribute.rstrip("_").replace("_", "-")
