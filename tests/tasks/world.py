"""What the tests of single checks share: a case, and a world whose AWS is healthy until the case breaks one thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from tasks.connect.aws_clients import Clients
from tasks.connect.session import Release, Session
from tasks.connect.settings import Settings
from tasks.core.registry import catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status, Verdict
from tasks.evaluation import judge

AwsAnswers = Mapping[str, "Mapping[str, Any] | Exception | Callable[..., Mapping[str, Any]]"]


@dataclass(frozen=True)
class Place:
    """Where a server of the test was found: arguments and settings that only exist once it listens."""

    arguments: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One row of a check's table: the situation in words, the check and its arguments, the world, the verdict.

    ``aws`` maps ``service.operation`` to an answer, an exception or a function of the call's parameters. ``says`` is a part
    of the sentence that the operator reads. ``files`` are written to the workspace, executable where they begin with #!.
    ``server`` listens while the check is judged.
    """

    situation: str
    check: str
    arguments: Mapping[str, Any]
    status: Status
    says: str
    aws: AwsAnswers = field(default_factory=dict)
    release: Release = field(default_factory=Release)
    settings: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    server: Callable[[], AbstractContextManager[Place]] = lambda: nullcontext(Place())

    def __str__(self) -> str:
        return f"{self.check}: {self.situation}"

    def verdict(self, folder: Path) -> Verdict:
        """Judge the check in this world; ``folder`` stands for every folder of the settings."""
        places: dict[str, Any] = dict.fromkeys(("records", "checklists", "workspaces", "approvers"), folder) | {
            "notices_webhook": ""
        }
        write(folder, self.files)
        with self.server() as place:
            settings = Settings(**places | dict(self.settings) | dict(place.settings))
            session = Session(settings, FakeClients(self.aws), self.release)
            return judge(catalogue()[self.check], {**self.arguments, **place.arguments}, session, Sample()).verdict


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files below the folder, executable where they begin with #!."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if text.startswith("#!") else 0o644)


class FakeClients(Clients):
    """Stands where boto3's clients stand: behind the real door, so paging, memo and error translation are the real ones."""

    def __init__(self, answers: AwsAnswers) -> None:
        super().__init__()
        self._answers = answers

    def _make(self, service: str, region: str | None) -> Any:
        refusal = self._answers.get(f"{service}.connect")
        if isinstance(refusal, Exception):
            raise refusal
        return FakeClient(service, self._answers, region or "us-east-1")


@dataclass(frozen=True)
class FakeClient:
    """One service's client; an operation that the world does not describe is a mistake of the test."""

    service: str
    answers: AwsAnswers
    region: str

    @property
    def meta(self) -> FakeClient:
        return self

    @property
    def region_name(self) -> str:
        return self.region

    def can_paginate(self, _operation: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., Mapping[str, Any]]:
        def ask(**parameters: Any) -> Mapping[str, Any]:
            answer = self.answers[f"{self.service}.{operation}"]
            if isinstance(answer, Exception):
                raise answer
            return answer(**parameters) if callable(answer) else answer

        return ask


def aws_error(code: str, message: str = "as the test wants", status: int = 400) -> ClientError:
    """The SDK's error for an answer of AWS with this code."""
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Operation")


DENIED = aws_error("AccessDeniedException", "not authorized to perform this operation", 403)
