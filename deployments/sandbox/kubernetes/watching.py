"""Watches: what changes, told as it changes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from aiohttp import web

from . import selectors
from .cluster import Cluster
from .faults import said
from .store import Happening
from .tables import partial, table
from .verbs import Request, shown

_LONGEST_WATCH = 300.0
_HEARTBEAT = 5.0


async def watch(cluster: Cluster, asked: Request, request: web.Request) -> web.StreamResponse:
    """Stream the changes that the query selects until the client goes or its time is up."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    seconds = float(asked.query.get("timeoutSeconds") or _LONGEST_WATCH)
    queue: asyncio.Queue[Happening] = asyncio.Queue()
    cluster.store.watchers.add(queue)
    try:
        async with asyncio.timeout(seconds):
            async for event in _events(cluster, asked, queue, request.headers.get("Accept", "")):
                await response.write(json.dumps(event).encode() + b"\n")
    except (TimeoutError, ConnectionResetError):
        pass
    finally:
        cluster.store.watchers.discard(queue)
    return response


async def _events(
    cluster: Cluster, asked: Request, queue: asyncio.Queue[Happening], accept: str
) -> AsyncIterator[dict[str, Any]]:
    where = asked.where
    chosen = selectors.test(asked.query.get("labelSelector", ""), _fields(asked))
    since = asked.query.get("resourceVersion", "")
    if since in ("", "0"):
        things = [each for each in cluster.store.all(where.kind.id, where.namespace) if chosen(each)]
        backlog = [Happening(0, "ADDED", where.kind.id, each) for each in things]
    elif cluster.store.past and int(since) < cluster.store.past[0].version - 1:
        yield {"type": "ERROR", "object": said(410, "too old resource version")}
        return
    else:
        backlog = [each for each in cluster.store.past if each.version > int(since)]
    told = backlog[-1].version if backlog else 0
    for each in backlog:
        if _concerns(each, asked) and chosen(each.thing):
            yield _event(each, asked, accept)
    while True:
        each = await queue.get()
        if each.version > told and _concerns(each, asked) and chosen(each.thing):
            yield _event(each, asked, accept)


def _fields(asked: Request) -> str:
    name = f"metadata.name={asked.where.name}" if asked.where.name else ""
    return ",".join(filter(None, (asked.query.get("fieldSelector", ""), name)))


def _concerns(happening: Happening, asked: Request) -> bool:
    namespace = happening.thing["metadata"].get("namespace", "")
    return happening.kind == asked.where.kind.id and asked.where.namespace in ("", namespace)


def _event(happening: Happening, asked: Request, accept: str) -> dict[str, Any]:
    thing = shown(happening.thing, asked.where)
    if "as=Table" in accept:
        thing = table(asked.where.kind, [thing], thing["metadata"]["resourceVersion"])
    elif "as=PartialObjectMetadata" in accept:
        thing = partial(thing)
    return {"type": happening.type, "object": thing}
