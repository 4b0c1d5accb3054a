"""An HTTP server that answers one page to everything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from tests.tasks.servers import answering_with
from tests.tasks.world import Place


@dataclass(frozen=True)
class Page:
    """What the HTTP server answers to everything."""

    status: int = 200
    body: str = "all is well"
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def http_server(page: Page, asked: list[str] | None = None) -> Iterator[str]:
    """Serve the page; yields the URL. ``asked`` gathers what came: method, path, cookie or body."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        log: ClassVar[list[str]] = asked if asked is not None else []

        def do_GET(self) -> None:
            self.log.append(f"{self.command} {self.path} {self.headers.get('Cookie', '')}".strip())
            self._answer()

        do_HEAD = do_GET  # noqa: N815  http.server's own naming

        def do_POST(self) -> None:
            self.log.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer()

        def _answer(self) -> None:
            time.sleep(page.seconds)
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body.encode())))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(page.body.encode())

        def log_message(self, *_arguments: object) -> None:
            pass

    with answering_with(Answering) as address:
        yield f"{address}/health"


def answering(page: Page) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server that answers with the page; its ``url`` is added to the check's arguments."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with http_server(page) as url:
            yield Place({"url": url})

    return listen
