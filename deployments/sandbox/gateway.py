"""A loopback proxy in front of the emulated AWS: counts calls, and does to them what the faults say.

    python -m deployments.sandbox.gateway --port 4600 --upstream http://127.0.0.1:4566 [--route SERVICE[.OPERATION]=URL]

Its own pages: ``GET /__gateway/health``; ``GET`` and ``DELETE /__gateway/calls``, ``{"dynamodb.DescribeTable": 3}``;
``GET`` and ``PUT /__gateway/faults``, a JSON list (see faults.py); ``POST /__gateway/notices``, which answers as an incoming
webhook of Slack does, and ``GET``, the texts that came. WebSocket upgrades pass through as the service ``websocket`` with
the operations ``connect`` and ``message``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientConnectionError, ClientSession, DummyCookieJar, TCPConnector, WSMsgType, WSServerHandshakeError, web
from yarl import URL

from .faults import Fault, as_json, read, refusal, rewritten
from .naming import Call, call

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "content-encoding"}
HANDSHAKE = {"host", "connection", "upgrade"}
MAX_BODY = 64 * 1024 * 1024
CONNECT = Call("websocket", "connect", "rest-json")
MESSAGE = Call("websocket", "message", "rest-json")


@dataclass
class Gateway:
    """The proxy's state: where it leads, what it does to calls, how many it saw."""

    upstream: str
    routes: dict[str, str]
    client: ClientSession
    faults: list[Fault] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    notices: list[str] = field(default_factory=list)

    def met(self, found: Call, body: bytes) -> list[Fault]:
        """Count the call and return the faults it meets, spending them."""
        self.calls[found.name] += 1
        met = [fault for fault in self.faults if fault.meets(found, body)]
        for fault in met:
            fault.spend()
        return met

    def target(self, found: Call, request: web.Request) -> URL:
        """Where a request goes on to: by its operation, by its service, or to the emulator."""
        upstream = self.routes.get(found.name) or self.routes.get(found.service, self.upstream)
        return URL(upstream + request.raw_path, encoded=True)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request: refused, dropped, delayed, or forwarded."""
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self.websocket(request)
        body = await request.read()
        path = request.rel_url.raw_path
        found = call(request.method, path, request.rel_url.raw_query_string, request.headers, body)
        met = self.met(found, body)
        await asyncio.sleep(sum(fault.latency_ms for fault in met) / 1000)
        if any(fault.drop for fault in met):
            return dropped(request)
        if kind := next((fault.refusal for fault in met if fault.refusal), None):
            answer = refusal(kind, found)
            return web.Response(status=answer.status, headers=answer.headers, body=answer.body)
        try:
            return await self.forward(request, found, body, met)
        except ClientConnectionError:
            return dropped(request)

    async def forward(self, request: web.Request, found: Call, body: bytes, met: list[Fault]) -> web.Response:
        """Ask the upstream and hand its answer on, rewritten where a fault says so."""
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP - {"content-encoding"}
        }
        async with self.client.request(
            request.method, self.target(found, request), headers=headers, data=body, allow_redirects=False
        ) as answer:
            content = rewritten(met, await answer.read())
            # The answer to a HEAD has no body and yet a length, which is what the client asked for.
            left_out = HOP_BY_HOP - {"content-length"} if request.method == "HEAD" else HOP_BY_HOP
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in left_out]
            response = web.Response(status=answer.status, body=content)
            response.headers.clear()
            response.headers.extend(kept)
            return response

    async def websocket(self, request: web.Request) -> web.StreamResponse:
        """Join the client's WebSocket to one of the upstream, until either closes."""
        met = self.met(CONNECT, b"")
        await asyncio.sleep(sum(fault.latency_ms for fault in met) / 1000)
        if any(fault.drop or fault.refusal for fault in met):
            return web.Response(status=503)
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in HANDSHAKE and not name.lower().startswith("sec-websocket")
        }
        try:
            far = await self.client.ws_connect(self.target(CONNECT, request), headers=headers)
        except WSServerHandshakeError as refused:
            return web.Response(status=refused.status)
        near = web.WebSocketResponse()
        await near.prepare(request)
        await asyncio.wait(
            {asyncio.create_task(self.pump(near, far)), asyncio.create_task(self.pump(far, near, faulty=True))},
            return_when=asyncio.FIRST_COMPLETED,
        )
        await far.close()
        await near.close()
        return near

    async def pump(self, source: Any, sink: Any, *, faulty: bool = False) -> None:
        """Carry messages one way until that side closes; ``faulty`` for the way to the client."""
        async for message in source:
            met = self.met(MESSAGE, message.data.encode() if isinstance(message.data, str) else b"") if faulty else []
            await asyncio.sleep(sum(fault.latency_ms for fault in met) / 1000)
            if any(fault.drop for fault in met):
                continue
            if message.type is WSMsgType.TEXT:
                await sink.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await sink.send_bytes(message.data)


def dropped(request: web.Request) -> web.Response:
    """Close the connection without an answer, as a host that went away would."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=503)


def pages(gateway: Gateway) -> list[web.RouteDef]:
    """The gateway's own pages, and everything else to the proxy."""

    async def health(_request: web.Request) -> web.Response:
        return web.json_response({"ready": True})

    async def calls(_request: web.Request) -> web.Response:
        return web.json_response(dict(sorted(gateway.calls.items())))

    async def forget_calls(_request: web.Request) -> web.Response:
        gateway.calls.clear()
        return web.json_response({})

    async def faults(_request: web.Request) -> web.Response:
        return web.json_response(as_json(gateway.faults))

    async def set_faults(request: web.Request) -> web.Response:
        try:
            gateway.faults = read(await request.text())
        except (ValueError, TypeError) as error:
            return web.json_response({"message": f"Not a list of faults: {error}"}, status=400)
        return web.json_response(as_json(gateway.faults))

    async def notices(_request: web.Request) -> web.Response:
        return web.json_response(gateway.notices)

    async def notice(request: web.Request) -> web.Response:
        try:
            gateway.notices.append(str(json.loads(await request.text())["text"]))
        except (ValueError, TypeError, KeyError):
            return web.Response(status=400, text="invalid_payload")
        return web.Response(text="ok")

    return [
        web.get("/__gateway/health", health),
        web.get("/__gateway/calls", calls),
        web.delete("/__gateway/calls", forget_calls),
        web.get("/__gateway/faults", faults),
        web.put("/__gateway/faults", set_faults),
        web.get("/__gateway/notices", notices),
        web.post("/__gateway/notices", notice),
        web.route("*", "/{path:.*}", gateway.handle),
    ]


async def application(upstream: str, routes: dict[str, str]) -> web.Application:
    """Assemble the server."""
    connector = TCPConnector(limit=0)
    client = ClientSession(auto_decompress=False, connector=connector, cookie_jar=DummyCookieJar())
    app = web.Application(client_max_size=MAX_BODY)
    app.add_routes(pages(Gateway(upstream, routes, client)))

    async def close(_app: web.Application) -> None:
        await client.close()

    app.on_cleanup.append(close)
    return app


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="The sandbox's gateway to its emulated AWS.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--route", action="append", default=[], metavar="SERVICE[.OPERATION]=URL")
    arguments = parser.parse_args()
    routes = dict(route.split("=", 1) for route in arguments.route)
    web.run_app(application(arguments.upstream, routes), host="127.0.0.1", port=arguments.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
