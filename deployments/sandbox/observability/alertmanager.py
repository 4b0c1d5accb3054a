"""Alertmanager's API."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .reply import NOT_FOUND, Reply


@dataclass(frozen=True)
class Alertmanager:
    """One server.

    ``receivers`` are ways of telling by receiver, ``receiver`` the one of alerts that none of the ``routes`` takes, ``alerts``
    labels of the active ones, ``sent`` and ``failed`` numbers of notifications by way of telling.
    """

    receiver: str
    receivers: Mapping[str, Sequence[str]]
    routes: Sequence[Mapping[str, Any]] = ()
    alerts: Sequence[Mapping[str, str]] = ()
    sent: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    cluster: str = "ready"

    def answer(self, path: str, _query: Mapping[str, str]) -> Reply:
        """One page."""
        pages: dict[str, Callable[[], Any]] = {
            "/-/ready": lambda: "OK",
            "/metrics": self._metrics,
            "/api/v2/status": lambda: {"cluster": {"status": self.cluster}, "config": {"original": self._configuration()}},
            "/api/v2/alerts": lambda: list(map(_alert, self.alerts)),
        }
        return Reply(pages[path]()) if path in pages else NOT_FOUND

    def _configuration(self) -> str:
        receivers = [
            {"name": name, **{f"{kind}_configs": [{"send_resolved": True}] for kind in kinds}}
            for name, kinds in self.receivers.items()
        ]
        return json.dumps({"route": {"receiver": self.receiver, "routes": list(self.routes)}, "receivers": receivers})

    def _metrics(self) -> str:
        named = 'alertmanager_notifications_{}total{{integration="{}"}} {}\n'
        lines = [
            named.format(kind, name, count.get(name, 0))
            for kind, count in (("", self.sent), ("failed_", self.failed))
            for name in self.sent
        ]
        return "".join(lines)


def posted(body: bytes) -> list[dict[str, str]]:
    """The labels of the alerts that a POST to ``/api/v2/alerts`` brings."""
    return [each["labels"] for each in json.loads(body)]


def _alert(labels: Mapping[str, str]) -> dict[str, Any]:
    return {"labels": dict(labels), "annotations": {}, "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}}
