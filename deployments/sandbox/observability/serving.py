"""The pages over HTTP."""

from __future__ import annotations

from collections.abc import Collection

from aiohttp import web

from .reply import Product, answered


def response(request: web.Request, product: Product, keys: Collection[str] | None = None) -> web.Response:
    """The product's page for a request; see ``answered``."""
    reply = answered(product, request.path, request.query, request.headers.get("Authorization", ""), keys)
    if isinstance(reply.body, str):
        return web.Response(text=reply.body, status=reply.status)
    return web.json_response(reply.body, status=reply.status)
