"""The pages of the service."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app import cache, generator, store
from app.cache import CacheError
from app.partners import PartnerError
from app.self_tests import SELF_TESTS, SelfTestError
from app.settings import Settings

BROKEN = (CacheError, PartnerError, SelfTestError)
SECONDS_OF_WORK = 0.02
FULL_WORKERS = 4


@dataclass(frozen=True)
class Answer:
    """Status and JSON body."""

    status: int
    body: Any

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        return json.dumps(self.body).encode()


def respond(path: str, settings: Settings) -> Answer:
    """The answer to GET."""
    page = PAGES.get(path)
    if page is not None:
        return page(settings)
    for prefix, served in (("/self-test/", self_test), ("/content/", content)):
        if path.startswith(prefix):
            return served(path.removeprefix(prefix), settings)
    return Answer(404, {"error": f"There is no page {path}."})


def health(settings: Settings) -> Answer:
    """The process lives. Requests wait for a worker, and the longer the fewer of them there are."""
    time.sleep(SECONDS_OF_WORK * (FULL_WORKERS / settings.workers) ** 3)
    return Answer(200, {"status": "ok", "version": settings.version})


def ready(settings: Settings) -> Answer:
    """Everything that requests need is there."""
    found = {"database": "ok" if store.reachable(settings.database_url) else "unreachable", "cache": _cache(settings)}
    well = all(state == "ok" for state in found.values())
    return Answer(200 if well else 503, {"ready": well, **found})


def version(settings: Settings) -> Answer:
    """What runs where."""
    return Answer(200, {"version": settings.version, "environment": settings.environment})


def docs(_settings: Settings) -> Answer:
    """What there is to ask for, in OpenAPI's form."""
    paths = [*PAGES, "/content/{topic}", "/self-test/{name}"]
    described = {path: {"get": {"responses": {"200": {"description": "It is well."}}}} for path in paths}
    return Answer(200, {"openapi": "3.1.0", "info": {"title": "Content generator", "version": "1"}, "paths": described})


def content(topic: str, settings: Settings) -> Answer:
    """A text about a topic."""
    try:
        return Answer(200, {"topic": topic, "text": generator.text_about(topic, settings)})
    except BROKEN as error:
        return Answer(502, {"error": str(error)})


def self_test(name: str, settings: Settings) -> Answer:
    """One task, tried."""
    if name not in SELF_TESTS:
        return Answer(404, {"error": f"There is no self-test {name}."})
    try:
        return Answer(200, {"status": "ok", "seen": SELF_TESTS[name](settings)})
    except BROKEN as error:
        return Answer(503, {"status": "failed", "seen": str(error)})


def _cache(settings: Settings) -> str:
    try:
        return "ok" if cache.ask(settings.redis_url, "PING") == "PONG" else "unreachable"
    except CacheError:
        return "unreachable"


PAGES: dict[str, Callable[[Settings], Answer]] = {
    "/health": health,
    "/ready": ready,
    "/version": version,
    "/docs": docs,
}
