"""The way to https addresses: a loopback proxy that ends their TLS here and hands requests on to the world's parts.

    python -m deployments.sandbox.edge --port 4700 --world .sandbox/world.json --certificates .sandbox/edge --names '{…}'

``--names`` says for each host which of the world's ports, by its name in world.json, or which URL answers for it. A host that
nobody names gets 502: there is no way out. Certificates are read at each handshake: ``<host>.pem`` holds one with its key.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, DummyCookieJar, web
from yarl import URL

_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "content-encoding"}
_LONGEST_HEAD = 64 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Names:
    """Which URL answers for a host."""

    world: Path
    targets: Mapping[str, str]

    def url(self, host: str) -> str | None:
        """The URL without a path; None for a host that nobody answers for."""
        target = self.targets.get(host.partition(":")[0].lower())
        if target is None or target.startswith("http://"):
            return target
        port = json.loads(self.world.read_text())["ports"].get(target)
        return None if port is None else f"http://127.0.0.1:{port}"


def context_of(certificates: Path, host: str) -> ssl.SSLContext:
    """A server's side of TLS, with the certificate that the host has at this moment."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificates / f"{host}.pem")
    return context


def by_name(certificates: Path, first: str) -> ssl.SSLContext:
    """A context that takes on the certificate of whichever host the client asks for."""
    context = context_of(certificates, first)

    def choose(connection: ssl.SSLObject, host: str | None, _context: ssl.SSLContext) -> int | None:
        if host is None or not (certificates / f"{host}.pem").is_file():
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connection.context = context_of(certificates, host)
        return None

    context.sni_callback = choose
    return context


def application(names: Names) -> web.Application:
    """What answers behind TLS: every request goes on to the part that its host names."""

    async def forward(request: web.Request) -> web.StreamResponse:
        target = names.url(request.host)
        if target is None:
            return web.Response(status=502, text=f"Nobody answers for {request.host} in this sandbox.")
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _BY_HOP}
        body = await request.read()
        client: ClientSession = request.app[CLIENT]
        try:
            async with client.request(
                request.method, URL(target + request.raw_path, encoded=True), headers=headers, data=body, allow_redirects=False
            ) as answer:
                kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in _BY_HOP]
                response = web.Response(status=answer.status, body=await answer.read())
                response.headers.clear()
                response.headers.extend(kept)
                return response
        except ClientError as error:
            return web.Response(status=502, text=f"{request.host} does not answer: {error}")

    async def open_client(app: web.Application) -> Any:
        async with ClientSession(cookie_jar=DummyCookieJar()) as client:
            app[CLIENT] = client
            yield

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", forward)
    app.cleanup_ctx.append(open_client)
    return app


CLIENT = web.AppKey("client", ClientSession)


async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, names: Names, behind: int) -> None:
    """One client of the proxy: ``CONNECT host:443``, and from then on bytes both ways."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split()
        if head[:1] != ["CONNECT"] or names.url(head[1]) is None:
            told = b"HTTP/1.1 200 OK" if head[:2] == ["GET", "/health"] else b"HTTP/1.1 502 Nobody answers for this host here"
            writer.write(told + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", behind)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await writer.drain()
        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return
    finally:
        writer.close()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Carry bytes one way until that side ends."""
    with suppress(OSError):
        while content := await source.read(_CHUNK):
            sink.write(content)
            await sink.drain()
    sink.close()


async def serve(port: int, names: Names, certificates: Path) -> None:
    """Serve until stopped."""
    runner = web.AppRunner(application(names), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=by_name(certificates, next(iter(names.targets))))
    await site.start()
    behind = runner.addresses[0][1]
    proxy = await asyncio.start_server(
        lambda reader, writer: tunnel(reader, writer, names, behind), "127.0.0.1", port, limit=_LONGEST_HEAD
    )
    async with proxy:
        await proxy.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description="The sandbox's way to https addresses.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--certificates", type=Path, required=True)
    parser.add_argument("--names", required=True)
    arguments = parser.parse_args()
    names = Names(arguments.world, json.loads(arguments.names))
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(arguments.port, names, arguments.certificates))


if __name__ == "__main__":
    main()
