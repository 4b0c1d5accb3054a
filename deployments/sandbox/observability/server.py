"""One process that answers for Prometheus, Alertmanager, Grafana, Jaeger, Loki and Elasticsearch, from a state that it is told.

Which of them is asked is told by the first part of the path (``/grafana/api/health``), or by the first label of the host
(grafana.example.com). ``/__stand-in/state`` shows the state, takes changes by PUT (objects are merged, null removes), and is
emptied by DELETE.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from . import alertmanager, elasticsearch, grafana, jaeger, loki, prometheus
from .reply import NOT_FOUND, Reply

_OWN = "/__stand-in/state"
_ALONE: dict[str, Callable[[Mapping[str, Any], str, Mapping[str, str]], Reply]] = {
    "prometheus": prometheus.answer,
    "alertmanager": alertmanager.answer,
    "jaeger": jaeger.answer,
}
_OF_THE_WHOLE: dict[str, Callable[[Mapping[str, Any], str, Mapping[str, str], Mapping[str, Any]], Reply]] = {
    "grafana": grafana.answer,
    "loki": loki.answer,
    "elasticsearch": elasticsearch.answer,
}
_OPEN = ("/api/health",)
_LARGEST = 16 * 2**20


class StandIn:
    """The state, and what it makes the systems answer."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}

    async def own(self, request: web.Request) -> web.Response:
        """Show or change the state."""
        if request.method == "PUT":
            merge(self.state, await request.json())
        elif request.method == "DELETE":
            self.state = {}
        return web.json_response(self.state)

    async def page(self, request: web.Request) -> web.Response:
        """A page of one of the systems."""
        first, _, rest = request.path.removeprefix("/").partition("/")
        label = request.host.partition(".")[0]
        system, path = (first, f"/{rest}") if first in (*_ALONE, *_OF_THE_WHOLE) else (label, request.path)
        await asyncio.sleep(float(self.state.get("late", {}).get(system, 0)))
        reply = self._refusal(system, path, request.headers.get("Authorization", ""))
        if reply is None:
            reply = await asyncio.to_thread(self._answered, system, path, dict(request.query))
        text = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
        kind = "text/plain" if isinstance(reply.body, str) else "application/json"
        return web.Response(text=text, status=reply.status, content_type=kind)

    def _refusal(self, system: str, path: str, proof: str) -> Reply | None:
        if system in self.state.get("down", ()):
            return Reply("service unavailable", 503)
        if system in self.state.get("denied", ()):
            return Reply({"message": "forbidden"}, 403)
        key = self.state.get("keys", {}).get(system)
        if key and proof.partition(" ")[2] != key and path not in _OPEN and system not in self.state.get("open", ()):
            return Reply({"message": "unauthorized"}, 401)
        return None

    def _answered(self, system: str, path: str, query: Mapping[str, str]) -> Reply:
        own = self.state.get(system, {})
        if system in _ALONE:
            return _ALONE[system](own, path, query)
        if system in _OF_THE_WHOLE:
            return _OF_THE_WHOLE[system](own, path, query, self.state)
        return NOT_FOUND


def merge(into: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Objects are merged, null removes, everything else replaces."""
    for name, value in changes.items():
        if value is None:
            into.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(into.get(name), dict):
            merge(into[name], value)
        else:
            into[name] = json.loads(json.dumps(value))


def application() -> web.Application:
    """The web application, with an empty state."""
    stand_in, app = StandIn(), web.Application(client_max_size=_LARGEST)
    app.router.add_route("*", _OWN, stand_in.own)
    app.router.add_get("/{path:.*}", stand_in.page)
    return app


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, required=True)
    web.run_app(application(), host="127.0.0.1", port=options.parse_args().port, print=None)
