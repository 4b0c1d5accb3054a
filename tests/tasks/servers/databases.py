"""Databases for the tests of single checks: PostgreSQL's answers behind the real door, and a Redis that speaks its protocol."""

from __future__ import annotations

import socketserver
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from tasks.connect import postgres
from tasks.core.answers import answer
from tests.tasks.servers import running
from tests.tasks.world import Place

Rows = Mapping[str, "list[dict[str, Any]] | Exception | Callable[..., list[dict[str, Any]]]"]
DSN = {"dsn": "env:GATES_TEST_DSN"}
KEY = "not-for-eyes"
WRONG = "-WRONGPASS invalid username-password pair or user is disabled."
NEEDLESS = "-ERR AUTH <password> called without any password configured for the default user."
URL = {"url": "env:GATES_TEST_REDIS"}


def database(
    rows: Rows, *, plain: bool | Exception = False, encrypted: bool = True
) -> Callable[[], AbstractContextManager[Place]]:
    """A case's database: the rows of the first key that a query contains. ``plain``: whether it takes what is not encrypted."""

    def asked(_dsn: str, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        found = next(found for part, found in rows.items() if part in query)
        if isinstance(found, Exception):
            raise found
        return [answer(row) for row in (found(*values) if callable(found) else found)]

    def refuses(_dsn: str) -> bool:
        if isinstance(plain, Exception):
            raise plain
        return not plain

    @contextmanager
    def listen() -> Iterator[Place]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres, "_asked", asked)
            patch.setattr(postgres, "_shown", asked)
            patch.setattr(postgres, "_refuses_plain", refuses)
            patch.setattr(postgres, "_encrypted", lambda _dsn: encrypted)
            patch.setenv("GATES_TEST_DSN", "postgresql://app:not-for-eyes@db/shop")
            yield Place()

    return listen


def redis_server(answers: Mapping[str, Any], key: str = KEY) -> Callable[[], AbstractContextManager[Place]]:
    """A case's Redis: a text, a number, a list, or a text for INFO by command; an answer that begins with - is an error."""

    class Serving(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            known = not key
            while command := self._command():
                if command[0].upper() == "AUTH":
                    known = command[-1] == key
                    self.wfile.write(_encoded("+OK" if known else WRONG if key else NEEDLESS))
                elif not known and command[0].upper() not in ("CLIENT", "SELECT"):
                    self.wfile.write(b"-NOAUTH Authentication required.\r\n")
                else:
                    self.wfile.write(_encoded(self._found(" ".join(command))))

        def _found(self, command: str) -> Any:
            return "+OK" if command.startswith(("CLIENT", "SELECT")) else answers.get(command, "-ERR unknown command")

        def _command(self) -> list[str]:
            count = self.rfile.readline()
            if not count:
                return []
            words = []
            for _ in range(int(count[1:])):
                length = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(length + 2)[:-2].decode())
            return words

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    @contextmanager
    def listen() -> Iterator[Place]:
        with Server(("127.0.0.1", 0), Serving) as server, pytest.MonkeyPatch.context() as patch:
            patch.setenv("GATES_TEST_REDIS", f"redis://:not-for-eyes@127.0.0.1:{server.server_address[1]}/0")
            with running(lambda: server.serve_forever(0.02), server.shutdown):
                yield Place()

    return listen


def _encoded(value: Any) -> bytes:
    if isinstance(value, list):
        return f"*{len(value)}\r\n".encode() + b"".join(map(_encoded, value))
    if isinstance(value, int):
        return f":{value}\r\n".encode()
    if value.startswith(("+", "-")):
        return f"{value}\r\n".encode()
    return f"${len(value.encode())}\r\n{value}\r\n".encode()
