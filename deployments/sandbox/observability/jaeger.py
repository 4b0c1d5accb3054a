"""Jaeger's API."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from .reply import NOT_FOUND, Reply


@dataclass(frozen=True)
class Jaeger:
    """One server: the age of each service's newest trace in seconds, and the share that is taken of all."""

    newest: Mapping[str, float]
    sampling: Mapping[str, float] = field(default_factory=dict)
    error: str = ""

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """One page."""
        if path == "/api/services":
            errors = [{"code": 500, "msg": self.error}] if self.error else None
            return Reply({"data": None if errors else sorted(self.newest), "total": len(self.newest), "errors": errors})
        service = query.get("service", "")
        if path == "/api/traces":
            due = service in self.newest and time.time() - self.newest[service] >= float(query.get("start", 0)) / 1e6
            found = [{"traceID": "4bf92f3577b34da6", "spans": [{"operationName": "GET"}] * 3}]
            return Reply({"data": found if due else [], "errors": None})
        if path == "/api/sampling" and service in self.sampling:
            share = {"samplingRate": self.sampling[service]}
            return Reply({"strategyType": "PROBABILISTIC", "probabilisticSampling": share})
        return NOT_FOUND
