"""The platform as it is deployed: the project's own code, with the settings, the version and the pods that the cluster has.

    python -m deployments.sandbox.gennet.platform --port 4800 --world .sandbox

The request's host says which environment is asked. Pods do not run in the stand-in cluster, so one process answers for all of
them; a service without a ready pod does not answer. It also writes the services' log lines, and is the team's issue tracker.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from .deployed import Deployed, look
from .logbook import Logbook
from .naming import HOSTS, SERVICES

# The project's own modules, by name: they are no part of this package.
gateway = import_module("gennet.gateway")
services = import_module("gennet.services")

WORLD = web.AppKey("world", Path)
CLIENT = web.AppKey("client", ClientSession)
LOGBOOK = web.AppKey("logbook", Logbook)
Answer = tuple[int, dict[str, Any]]
_WRITE_EVERY_SECONDS = 5.0


async def answer(request: web.Request) -> web.Response:
    """One request, whoever it is for."""
    host = request.host.partition(":")[0]
    if host == "127.0.0.1":
        return web.json_response({"ready": True})
    if host == "api.github.com":
        return web.json_response(issues(request.app[WORLD], request.query.get("labels", "")))
    suffix = next((name for name, known in HOSTS.items() if known == host), None)
    if suffix is None:
        return web.json_response({"error": "unknown_host"}, status=421)
    deployed = await look(request.app[CLIENT], request.app[WORLD], suffix)
    status, content = respond(deployed, request.path, request.headers.get("Authorization", ""))
    if status >= 500:
        request.app[LOGBOOK].complain(suffix, content["message"])
    return web.json_response(content, status=status)


def respond(deployed: Deployed, path: str, authorization: str) -> Answer:
    """What comes back through the ingress."""
    if not deployed.ingress:
        return 404, {"error": "not_found", "message": "No ingress leads here."}
    version = deployed.running.get(SERVICES[0])
    if version is None:
        return 503, {"error": "unavailable", "message": "No pod of gateway is ready."}

    def ask(address: str, asked: str) -> Answer:
        name = address.removeprefix("http://").partition(":")[0]
        if name not in deployed.services:
            return 502, {"error": "bad_gateway", "message": f"There is no service {name}."}
        if name not in deployed.running:
            return 503, {"error": "unavailable", "message": f"No pod of {name} is ready."}
        found: Answer = services.answer(name, asked, deployed.settings)
        return found

    told: Answer = gateway.answer(path, authorization, deployed.settings, version, ask, int(time.time()))
    return told


def issues(world: Path, labels: str) -> list[dict[str, Any]]:
    """The open issues with all of the labels, as GitHub tells them."""
    place = world / "gennet" / "issues.json"
    known: list[dict[str, Any]] = json.loads(place.read_text()) if place.is_file() else []
    wanted = set(filter(None, labels.split(",")))
    return [each for each in known if wanted <= {label["name"] for label in each["labels"]}]


async def write_logs(app: web.Application) -> None:
    """Let every service that runs say so, for as long as this does."""
    while True:
        for suffix in HOSTS:
            deployed = await look(app[CLIENT], app[WORLD], suffix)
            for service in deployed.running:
                app[LOGBOOK].say(suffix, service, f"INFO {service} {deployed.running[service]} is serving")
        await asyncio.to_thread(app[LOGBOOK].write)
        await asyncio.sleep(_WRITE_EVERY_SECONDS)


def application(world: Path) -> web.Application:
    """Assemble the server."""

    async def run(app: web.Application) -> AsyncIterator[None]:
        async with ClientSession() as client:
            app[CLIENT] = client
            app[LOGBOOK] = Logbook(world)
            writing = asyncio.create_task(write_logs(app))
            yield
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing

    app = web.Application()
    app[WORLD] = world
    app.router.add_route("*", "/{path:.*}", answer)
    app.cleanup_ctx.append(run)
    return app


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="GenNet as it is deployed.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--world", type=Path, required=True)
    arguments = parser.parse_args()
    web.run_app(application(arguments.world), host="127.0.0.1", port=arguments.port, print=None, access_log=None)


if __name__ == "__main__":
    main()
