"""One process for the whole fleet of the content generator, and for the services of others that it lives by.

    python -m deployments.sandbox.toombos.server --port 4800 --world .sandbox

The request's host says who is asked: an environment's domain leads to the version deployed there, any other host to a partner.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from .fleet import Fleet
from .naming import DOMAINS
from .partners import Asked, said

_PATIENCE = ClientTimeout(total=20)
FLEET = web.AppKey("fleet", Fleet)
WORLD = web.AppKey("world", Path)


async def answer(request: web.Request) -> web.StreamResponse:
    """One request, whoever it is for."""
    host = request.host.partition(":")[0]
    if host == "127.0.0.1":
        return web.json_response({"ready": True, "serves": request.app[FLEET].ports})
    for suffix, domain in DOMAINS.items():
        if host == domain:
            return await of_the_fleet(request, suffix)
    asked = Asked(host, request.raw_path, _token(request), await request.read())
    found = await asyncio.to_thread(said, request.app[WORLD], asked)
    return web.Response(
        status=found.status, text=json.dumps(found.body), headers=found.headers, content_type="application/json"
    )


async def of_the_fleet(request: web.Request, suffix: str) -> web.StreamResponse:
    """What the deployed version answers; 503 while nothing is ready, as load balancers say."""
    fleet = request.app[FLEET]
    port = fleet.ports.get(suffix)
    if port is None:
        return web.Response(status=503, text="No target is healthy.")
    try:
        async with fleet.client.get(f"http://127.0.0.1:{port}{request.raw_path}", timeout=_PATIENCE) as found:
            return web.Response(status=found.status, body=await found.read(), content_type="application/json")
    except (ClientError, TimeoutError):
        return web.Response(status=502, text="The target does not answer.")


def application(world: Path) -> web.Application:
    """Assemble the server."""

    async def run(app: web.Application) -> Any:
        async with ClientSession() as client:
            app[FLEET] = fleet = Fleet(world, client)
            looking = asyncio.create_task(fleet.look())
            yield
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking

    app = web.Application()
    app[WORLD] = world
    app.router.add_route("*", "/{path:.*}", answer)
    app.cleanup_ctx.append(run)
    return app


def _token(request: web.Request) -> str:
    return request.headers.get("Authorization", "").partition(" ")[2].removeprefix("token=")


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="The content generator's fleet, and its partners.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--world", type=Path, required=True)
    arguments = parser.parse_args()
    web.run_app(application(arguments.world), host="127.0.0.1", port=arguments.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
