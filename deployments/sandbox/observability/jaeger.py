"""Jaeger's API over the state."""

from __future__ import annotations

import time
from collections.abc import Mapping

from .reply import NOT_FOUND, Reply, State


def answer(state: State, path: str, query: Mapping[str, str]) -> Reply:
    """One page. ``services`` are ``{"api": {"traces": 5, "ago": 1, "sampling": 0.1}}``, ``ago`` in minutes."""
    services = state.get("services", {})
    told = services.get(query.get("service", ""), {})
    if path == "/api/services":
        error = [{"code": 500, "msg": state["error"]}] if state.get("error") else None
        return Reply({"data": None if error else sorted(services), "total": len(services), "errors": error})
    if path == "/api/traces":
        moment = time.time() - 60 * told.get("ago", 1)
        due = float(query.get("start", 0)) / 1e6 <= moment <= float(query.get("end", time.time() * 1e6)) / 1e6
        found = range(min(int(told.get("traces", 0)), int(query.get("limit", 20)))) if due else ()
        return Reply({"data": [{"traceID": f"{at:016x}", "spans": [{}, {}]} for at in found], "errors": None})
    if path == "/api/sampling":
        share = told.get("sampling")
        if share is None:
            return NOT_FOUND
        return Reply({"strategyType": "PROBABILISTIC", "probabilisticSampling": {"samplingRate": share}})
    return NOT_FOUND
