"""Redis, PostgreSQL and the partners, as far as the service talks to them."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from app.settings import Settings

KEY = "right-key"
ANSWERS: dict[str, Any] = {
    "/api/v1/account": {"name": "Toombos"},
    "/api/v1/mail": {"id": "m-1"},
    "/v1/chat/completions": {"choices": [{"message": {"content": "A text about the self-test and rain."}}]},
}


class Redis(socketserver.StreamRequestHandler):
    kept: dict[str, str] = {}

    def handle(self) -> None:
        while line := self.rfile.readline():
            words = []
            for _ in range(int(line[1:])):
                length = int(self.rfile.readline()[1:])
                words.append(self.rfile.read(length + 2)[:-2].decode())
            self.wfile.write(self.answer(words))

    def answer(self, words: list[str]) -> bytes:
        if words[0] == "GET":
            value = self.kept.get(words[1])
            return b"$-1\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value.encode()), value.encode())
        if words[0] == "SET":
            self.kept[words[1]] = words[2]
        return b"+PONG\r\n" if words[0] == "PING" else b"+OK\r\n"


class Postgres(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        if self.request.recv(8):
            self.request.sendall(b"S")


class Partners(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        allowed = self.headers.get("Authorization") == f"Bearer {KEY}"
        body = json.dumps(ANSWERS.get(self.path, {}) if allowed else {"error": "unauthorized"}).encode()
        self.send_response(200 if allowed else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_words: object) -> None:
        """Quiet."""


@contextmanager
def surroundings(**changed: Any) -> Iterator[Settings]:
    """Settings that lead to stand-ins of everything."""
    Redis.kept = {}
    with ExitStack() as stack:
        servers = (
            socketserver.ThreadingTCPServer(("127.0.0.1", 0), Redis),
            socketserver.ThreadingTCPServer(("127.0.0.1", 0), Postgres),
            ThreadingHTTPServer(("127.0.0.1", 0), Partners),
        )
        for server in servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            stack.callback(server.server_close)
            stack.callback(server.shutdown)
        redis, postgres, partners = (f"127.0.0.1:{server.server_address[1]}" for server in servers)
        found: dict[str, Any] = {
            "version": "1.1.0",
            "environment": "test",
            "log_level": "INFO",
            "database_url": f"postgresql://toombos@{postgres}/toombos",
            "redis_url": f"redis://{redis}/0",
            "cache_ttl_seconds": 60,
            "workers": 4,
            "schedule_minutes": 15,
            "partners": {
                "crm": f"http://{partners}",
                "platform": f"http://{partners}",
                "openai": f"http://{partners}/v1",
            },
            "keys": dict.fromkeys(("crm", "platform", "openai"), KEY),
        }
        yield Settings(**{**found, **changed})
