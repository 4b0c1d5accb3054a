"""One process for the fleet of the content generator, for what watches it, and for the services of others that it lives by.

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

from deployments.sandbox.observability import alertmanager
from deployments.sandbox.observability.serving import response

from .fleet import Fleet
from .measured import Measured
from .monitoring import PRODUCTS
from .naming import DOMAINS
from .partners import Asked, said
from .surroundings import secret
from .watching import watch

OBSERVED = tuple(f"{name}.halcytone.com" for name in PRODUCTS)
KEYS = {"grafana": "grafana-token", "elasticsearch": "logs-key"}
_PATIENCE = ClientTimeout(total=20)
FLEET = web.AppKey("fleet", Fleet)
WORLD = web.AppKey("world", Path)
MEASURED = web.AppKey("measured", Measured)


async def answer(request: web.Request) -> web.StreamResponse:
    """One request, whoever it is for."""
    host = request.host.partition(":")[0]
    if host == "127.0.0.1":
        return own_page(request)
    if host in OBSERVED:
        return await observed(request, host.partition(".")[0])
    for suffix, domain in DOMAINS.items():
        if host == domain:
            return await of_the_fleet(request, suffix)
    asked = Asked(host, request.raw_path, _token(request), await request.read())
    found = await asyncio.to_thread(said, request.app[WORLD], asked)
    return web.Response(
        status=found.status, text=json.dumps(found.body), headers=found.headers, content_type="application/json"
    )


def own_page(request: web.Request) -> web.Response:
    """The world's own questions: does it run, and begin anew."""
    if request.path == "/forget":
        request.app[MEASURED].forget()
    return web.json_response({"ready": True, "serves": request.app[FLEET].ports})


async def observed(request: web.Request, system: str) -> web.Response:
    """What the team's monitoring answers to who has its key."""
    measured = request.app[MEASURED]
    if (system, request.method, request.path) == ("alertmanager", "POST", "/api/v2/alerts"):
        measured.alerts += alertmanager.posted(await request.read())
        return web.json_response({})
    known = [f"toombos/{suffix}/{KEYS[system]}" for suffix in DOMAINS] if system in KEYS else None
    keys = known and [await asyncio.to_thread(secret, request.app[WORLD], name) for name in known]
    return response(request, PRODUCTS[system](measured, request.query.get("query", "")), keys)


async def of_the_fleet(request: web.Request, suffix: str) -> web.StreamResponse:
    """What the deployed version answers; 503 while nothing is ready, as load balancers say."""
    fleet = request.app[FLEET]
    port = fleet.ports.get(suffix)
    if port is None:
        return web.Response(status=503, text="No target is healthy.")
    try:
        async with fleet.client.get(f"http://127.0.0.1:{port}{request.raw_path}", timeout=_PATIENCE) as found:
            content = await found.read()
            note(request, suffix, found.status, content.decode())
            return web.Response(status=found.status, body=content, content_type="application/json")
    except (ClientError, TimeoutError):
        return web.Response(status=502, text="The target does not answer.")


def note(request: web.Request, suffix: str, status: int, content: str) -> None:
    """Write a request into the log; the client is who the load balancer says it is."""
    measured, seen = request.app[MEASURED], f"GET {request.path}"
    client = request.headers.get("X-Forwarded-For", "203.0.113.7")
    if status < 500:
        measured.log(suffix, "info", seen, client=client, status=status)
        return
    why = "authentication failed: " if " 401" in content else ""
    measured.log(suffix, "error", f"{seen}: {why}{content[:200]}", client=client, status=status)


def application(world: Path) -> web.Application:
    """Assemble the server."""

    async def run(app: web.Application) -> Any:
        async with ClientSession() as client:
            app[FLEET] = fleet = Fleet(world, client)
            running = [asyncio.create_task(each) for each in (fleet.look(), watch(fleet, app[MEASURED]))]
            yield
            for each in running:
                each.cancel()
                with suppress(asyncio.CancelledError):
                    await each

    app = web.Application()
    app[WORLD], app[MEASURED] = world, Measured()
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
