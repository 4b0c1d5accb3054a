"""A stand-in Kubernetes API on loopback, for the real kubectl and the official client.

    python -m deployments.sandbox.kubernetes.server --port 6443 [--snapshot cluster.json] [--empty]

Its own pages: ``GET /__stand-in/health``; ``GET`` and ``PUT`` of ``/__stand-in/faults`` (see faults.py),
``/__stand-in/behaviours`` (see behaviours.py) and ``/__stand-in/roles`` (see access.py); ``PUT /__stand-in/objects``,
``{"objects": […], "still": true}``, puts those objects in place of all there are, and with ``still`` stops the controllers;
``PUT /__stand-in/fresh`` lays out what a fresh cluster holds, without faults, behaviours and roles; ``GET`` and ``DELETE
/__stand-in/requests``, ``{"list pods": 3}``; ``POST /__stand-in/save`` writes the snapshot.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from . import access, behaviours, discovery, faults, landscape, pods, rollouts, surroundings, verbs, watching, workloads
from .cluster import Cluster
from .faults import Fault
from .kinds import Address, address
from .tables import partial, table

_SECONDS_BETWEEN_SAVES = 2.0
_MAX_BODY = 16 * 1024 * 1024


@dataclass
class Server:
    """The cluster behind HTTP, with its faults and its counts."""

    cluster: Cluster
    snapshot: Path | None = None
    faults: list[Fault] = field(default_factory=list)
    roles: list[dict[str, Any]] = field(default_factory=list)  # none: everything is allowed
    requests: Counter[str] = field(default_factory=Counter)
    tick: float = 0.1  # seconds between two turns of the controllers

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request to the Kubernetes API."""
        kinds = self.cluster.store.kinds()
        where = address(request.path, kinds)
        verb = verb_of(request, where)
        self.requests[f"{verb} {where.kind.id if where else 'discovery'}"] += 1
        refused = await self._refusal(verb, where, request)
        if refused is not None:
            return refused
        if request.path.endswith("/selfsubjectaccessreviews"):
            return await self._review(request)
        if where is None:
            return _described(discovery.page(request.path, kinds))
        asked = verbs.Request(where, dict(request.query), request.headers.get("Content-Type", ""), await request.read())
        try:
            if verb == "watch":
                return await watching.watch(self.cluster, asked, request)
            return self._answer(verb, asked, request)
        except verbs.RefusedError as error:
            return web.json_response(error.status, status=error.status["code"])

    def _answer(self, verb: str, asked: verbs.Request, request: web.Request) -> web.Response:
        accept = request.headers.get("Accept", "")
        where = asked.where
        if where.subresource == "log":
            return web.Response(text=verbs.log(self.cluster, asked))
        if verb in ("list", "deletecollection"):
            found, meta = verbs.select(self.cluster, asked) if verb == "list" else (verbs.delete_all(self.cluster, asked), {})
            return web.json_response(listed(where, found, meta, accept))
        if verb == "get":
            return web.json_response(as_wished(where, verbs.get(self.cluster, asked), accept))
        change = {"create": verbs.create, "update": verbs.update, "patch": verbs.patch, "delete": verbs.delete}[verb]
        return web.json_response(change(self.cluster, asked), status=201 if verb == "create" else 200)

    async def _refusal(self, verb: str, where: Address | None, request: web.Request) -> web.Response | None:
        met = [each for each in self.faults if each.meets(verb, where)]
        for each in met:
            each.spend()
            await asyncio.sleep(each.latency_ms / 1000)
        if any(each.drop for each in met) and request.transport is not None:
            request.transport.close()
        status = next((each.status for each in met if each.status), 0)
        if not status and not access.grants(self.roles, verb, where, request.path):
            status = 403
        if not status:
            return None
        headers = {"Retry-After": "1"} if status in (429, 503) else {}
        return web.json_response(faults.refusal(status, verb, where), status=status, headers=headers)

    async def _review(self, request: web.Request) -> web.Response:
        if "json" not in request.headers.get("Content-Type", ""):
            return web.json_response(faults.said(415, "the stand-in reads reviews as JSON only"), status=415)
        review = await request.json()
        wanted = review.get("spec", {}).get("resourceAttributes", {})
        group = f"/{wanted['group']}/{wanted.get('version') or 'v1'}" if wanted.get("group") else "/v1"
        root = "/apis" if wanted.get("group") else "/api"
        scope = f"/namespaces/{wanted['namespace']}" if wanted.get("namespace") else ""
        where = address(f"{root}{group}{scope}/{wanted.get('resource', '')}", self.cluster.store.kinds())
        denied = any(each.status == 403 and each.meets(wanted.get("verb", ""), where) for each in self.faults)
        allowed = not denied and (where is None or access.grants(self.roles, wanted.get("verb", ""), where, ""))
        return web.json_response({**review, "status": {"allowed": allowed}}, status=201)

    async def own_page(self, request: web.Request) -> web.Response:
        """Answer a request that is for the stand-in itself."""
        try:
            return web.json_response(self._own(request.method, request.match_info["page"], await request.text()))
        except (ValueError, TypeError, KeyError, StopIteration) as error:
            return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)

    def _own(self, method: str, page: str, text: str) -> Any:
        match method, page:
            case "GET", "health":
                return {"well": True}
            case "PUT", "faults":
                self.faults = faults.read(text)
            case "PUT", "behaviours":
                self.cluster.behaviours = behaviours.read(text)
            case "PUT", "roles":
                self.roles = json.loads(text)
            case "PUT", "objects":
                self._put(json.loads(text))
            case "PUT", "fresh":
                self._begin_anew()
            case "DELETE", "requests":
                self.requests.clear()
            case "POST", "save":
                self.save()
            case "GET", "faults" | "behaviours" | "roles" | "requests":
                pass
            case _:
                raise ValueError(f"there is no {method} {page}")
        held: dict[str, Any] = {
            "faults": faults.as_json(self.faults),
            "behaviours": behaviours.as_json(self.cluster.behaviours),
            "roles": self.roles,
        }
        return held.get(page, dict(self.requests))

    def _put(self, wanted: dict[str, Any]) -> None:
        self.cluster.store.clear()
        self.cluster.still = bool(wanted.get("still"))
        for thing in wanted["objects"]:
            self.cluster.store.put(thing)

    def _begin_anew(self) -> None:
        self.faults, self.roles = [], []
        self.cluster.behaviours = []
        self._put({"objects": []})
        landscape.lay_out(self.cluster.store)

    def save(self) -> None:
        """Write the snapshot, when there is a place for it."""
        if self.snapshot is not None:
            self.cluster.store.save(self.snapshot)

    async def live(self, _app: web.Application) -> Any:
        """Let the controllers work as long as the server runs."""
        task = asyncio.create_task(self._tick())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        self.save()

    async def _tick(self) -> None:
        saved, at = self.cluster.store.version, time.monotonic()
        while True:
            if not self.cluster.still:
                step(self.cluster)
            if self.cluster.store.version != saved and time.monotonic() - at >= _SECONDS_BETWEEN_SAVES:
                self.save()
                saved, at = self.cluster.store.version, time.monotonic()
            await asyncio.sleep(self.tick)


def step(cluster: Cluster) -> None:
    """One turn of every controller."""
    for controller in (rollouts, workloads, pods, surroundings):
        controller.step(cluster)


def _described(page: dict[str, Any] | str | None) -> web.Response:
    if page is None:
        return web.json_response(faults.said(404, "the server could not find the requested resource"), status=404)
    return web.Response(text=page) if isinstance(page, str) else web.json_response(page)


def verb_of(request: web.Request, where: Address | None) -> str:
    """The request's verb, as RBAC names it."""
    named = where is not None and bool(where.name)
    match request.method:
        case "GET" | "HEAD":
            watched = request.query.get("watch") in ("1", "true")
            return "watch" if watched else "get" if named or where is None else "list"
        case "DELETE":
            return "delete" if named else "deletecollection"
        case method:
            return {"POST": "create", "PUT": "update", "PATCH": "patch"}.get(method, method.lower())


def listed(where: Address, found: list[Any], meta: dict[str, Any], accept: str) -> dict[str, Any]:
    """A list, in the shape that the client accepts."""
    if "as=Table" in accept:
        return table(where.kind, found, meta.get("resourceVersion", "")) | {"metadata": meta}
    if "as=PartialObjectMetadataList" in accept:
        return {
            "kind": "PartialObjectMetadataList",
            "apiVersion": "meta.k8s.io/v1",
            "metadata": meta,
            "items": [*map(partial, found)],
        }
    return {
        "kind": f"{where.kind.name}List",
        "apiVersion": where.kind.api_version(where.version),
        "metadata": meta,
        "items": found,
    }


def as_wished(where: Address, found: dict[str, Any], accept: str) -> dict[str, Any]:
    """One object, in the shape that the client accepts."""
    if "as=Table" in accept:
        return table(where.kind, [found], found["metadata"].get("resourceVersion", ""))
    return partial(found) if "as=PartialObjectMetadata" in accept else found


def application(server: Server) -> web.Application:
    """The server as an aiohttp application."""
    app = web.Application(client_max_size=_MAX_BODY)
    app.router.add_route("*", "/__stand-in/{page}", server.own_page)
    app.router.add_route("*", "/{path:.*}", server.handle)
    app.cleanup_ctx.append(server.live)
    return app


def make(snapshot: Path | None = None, *, empty: bool = False) -> Server:
    """A server with the snapshot's cluster, or with a fresh one."""
    server = Server(Cluster(), snapshot)
    if snapshot is not None and snapshot.is_file():
        server.cluster.store.load(snapshot)
    elif not empty:
        landscape.lay_out(server.cluster.store)
    return server


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--snapshot", type=Path)
    parser.add_argument("--empty", action="store_true")
    options = parser.parse_args()
    server = make(options.snapshot, empty=options.empty)
    web.run_app(application(server), host="127.0.0.1", port=options.port, print=None, access_log=None, shutdown_timeout=1)


if __name__ == "__main__":
    main()
