"""The platform as it is deployed: the project's own code, with the settings, the version and the pods that the cluster has.

    python -m deployments.sandbox.gennet.platform --port 4800 --world .sandbox

The request's host says which environment is asked. Pods do not run in the stand-in cluster, so one process answers for all of
them; a service without a ready pod does not answer. It also writes the services' log lines, and is what the team watches them
with: Prometheus, Grafana, Alertmanager, Jaeger, and the tracker of issues.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web

from deployments.sandbox.observability.serving import response

from .deployed import Deployed, look
from .logbook import Logbook
from .measured import QUIET_SECONDS, Measured
from .monitoring import PRODUCTS
from .naming import HOSTS, NAME, SERVICES, SUFFIXES, ZONE

# The project's own modules, by name: they are no part of this package.
gateway = import_module("gennet.gateway")
services = import_module("gennet.services")

WORLD = web.AppKey("world", Path)
CLIENT = web.AppKey("client", ClientSession)
LOGBOOK = web.AppKey("logbook", Logbook)
MEASURED = web.AppKey("measured", Measured)
Answer = tuple[int, dict[str, Any]]
_LOOK_EVERY_SECONDS = 1.0
_WRITE_EVERY_LOOKS = 5
_WAITING_SECONDS = 0.9


async def answer(request: web.Request) -> web.Response:
    """One request, whoever it is for."""
    host, app = request.host.partition(":")[0], request.app
    if host == "127.0.0.1":
        if request.path == "/forget":
            app[MEASURED].forget()
        return web.json_response({"ready": True})
    if host == "api.github.com":
        return web.json_response(issues(app[WORLD], request.query.get("labels", "")))
    if host.endswith(f".{ZONE}") and host.partition(".")[0] in PRODUCTS:
        return await observed(request, host.partition(".")[0])
    suffix = next((name for name, known in HOSTS.items() if known == host), None)
    if suffix is None:
        return web.json_response({"error": "unknown_host"}, status=421)
    deployed = await look(app[CLIENT], app[WORLD], suffix)
    begun = time.perf_counter()
    await asyncio.sleep(waiting(deployed, request.path))
    status, content = respond(deployed, request.path, request.headers.get("Authorization", ""))
    app[MEASURED].note(suffix, time.perf_counter() - begun + QUIET_SECONDS, good=status < 500)
    if status >= 500:
        app[LOGBOOK].complain(suffix, content["message"])
    return web.json_response(content, status=status)


async def observed(request: web.Request, system: str) -> web.Response:
    """What the team's monitoring answers; Grafana only to who has its token."""
    app = request.app
    secrets = [f"{NAME}/{suffix}/grafana" for suffix in SUFFIXES]
    keys = await asyncio.to_thread(app[LOGBOOK].tokens, secrets) if system == "grafana" else None
    return response(request, PRODUCTS[system](app[MEASURED], request.query.get("query", "")), keys)


def waiting(deployed: Deployed, path: str) -> float:
    """Seconds that a request waits for a connection to the database: with a pool of one, each waits for the others."""
    kept = deployed.settings.get("DATABASE_POOL_SIZE", "")
    return _WAITING_SECONDS if kept == "1" and not path.endswith("/version") else 0.0


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


async def watch(app: web.Application) -> None:
    """Measure every service, and let it log, for as long as this runs."""
    paths = [f"/api/v1/{name}/health".replace("/gateway/", "/") for name in SERVICES]
    for turn in itertools.count():
        for suffix in HOSTS:
            deployed = await look(app[CLIENT], app[WORLD], suffix)
            app[MEASURED].deployed[suffix] = deployed
            if not deployed.running:
                app[MEASURED].looks.pop(suffix, None)
                continue
            for path in paths:
                status, content = respond(deployed, path, "")
                app[MEASURED].note(suffix, QUIET_SECONDS + waiting(deployed, path), good=status < 500)
                if status >= 500:
                    app[LOGBOOK].complain(suffix, content["message"])
            if turn % _WRITE_EVERY_LOOKS == 0:
                for service, version in deployed.running.items():
                    app[LOGBOOK].say(suffix, service, f"INFO {service} {version} is serving")
        await asyncio.to_thread(app[LOGBOOK].write)
        await asyncio.sleep(_LOOK_EVERY_SECONDS)


def application(world: Path) -> web.Application:
    """Assemble the server."""

    async def run(app: web.Application) -> AsyncIterator[None]:
        async with ClientSession() as client:
            app[CLIENT] = client
            app[LOGBOOK] = Logbook(world)
            app[MEASURED] = Measured()
            watching = asyncio.create_task(watch(app))
            yield
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

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
