"""A server whose paths answer what the test says: JSON, a page, or what a function makes of the query."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.tasks.servers import answering_with
from tests.tasks.servers.web import Page
from tests.tasks.world import Place

Paths = Mapping[str, "Page | str | list[Any] | dict[str, Any] | Callable[[dict[str, str]], Any]"]
REFUSED = Page(401, "nobody knows you")
BROKEN = Page(503, "not now")


@contextmanager
def api_server(paths: Paths, key: str = "") -> Iterator[str]:
    """Serve the paths, to those alone who bring ``key`` as their Authorization; yields the base address."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send(_page(paths, self.path) if self.headers.get("Authorization", "") == key or not key else REFUSED)

        def _send(self, page: Page) -> None:
            body = page.body.encode()
            self.send_response(page.status)
            for name, value in {**page.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            pass

    with answering_with(Answering) as address:
        yield address


def serving(paths: Paths, key: str = "") -> Callable[[], AbstractContextManager[Place]]:
    """A case's server; its base address is the check's ``url``."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with api_server(paths, key) as url:
            yield Place({"url": url})

    return listen


def _page(paths: Paths, asked: str) -> Page:
    split = urlsplit(asked)
    answer = paths.get(split.path, Page(404, "no such page"))
    if callable(answer):
        answer = answer(dict(parse_qsl(split.query)))
    return answer if isinstance(answer, Page) else Page(200, answer if isinstance(answer, str) else json.dumps(answer))
