"""An HTTP server whose answer depends on what is asked and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.tasks.servers import answering_with
from tests.tasks.servers.web import Page
from tests.tasks.world import Place


@dataclass(frozen=True)
class Asked:
    """One request as the site sees it; header names are small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: str = ""


Site = Callable[[Asked], Page]


@contextmanager
def serving(site: Site) -> Iterator[str]:
    """Serve the site; yields its address without a path."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # in one piece: the body would wait for the head to be acknowledged

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            headers = {name.lower(): value for name, value in self.headers.items()}
            page = site(Asked(self.command, self.path, headers, body))
            self.send_response(page.status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body.encode())))
            self.end_headers()
            self.wfile.write(page.body.encode())

        do_GET = do_OPTIONS = do_POST = do_PATCH = do_DELETE = do_PUT = _answer  # noqa: N815  http.server's own naming

        def log_message(self, *_arguments: object) -> None:
            pass

    with answering_with(Answering) as address:
        yield address


def at(site: Site, **arguments: str | list[str]) -> Callable[[], AbstractContextManager[Place]]:
    """A case's server; what is put in the place of {site} in the arguments is its address."""

    def filled(value: Any, address: str) -> Any:
        return [filled(each, address) for each in value] if isinstance(value, list) else value.replace("{site}", address)

    @contextmanager
    def listen() -> Iterator[Place]:
        with serving(site) as address:
            yield Place({name: filled(value, address) for name, value in arguments.items()})

    return listen


def guarded(page: Page, key: str, refusal: int = 401) -> Site:
    """The page for who comes with the key, in whatever header; a refusal for everybody else."""
    return lambda asked: page if any(key in value for value in asked.headers.values()) else Page(refusal, "no")
