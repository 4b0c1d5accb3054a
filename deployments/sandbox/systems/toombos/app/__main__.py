"""Serve on PORT, 8000 unless it is said."""

from __future__ import annotations

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app import settings
from app.service import respond

HOST = os.environ.get("HOST", "")
PORT = int(os.environ.get("PORT", "8000"))


def handler(found: settings.Settings) -> type[BaseHTTPRequestHandler]:
    """Requests answered with these settings."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = respond(self.path, found)
            self.send_response(answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, *_words: object) -> None:
            """Access is logged by the load balancer."""

    return Handler


if __name__ == "__main__":
    ThreadingHTTPServer((HOST, PORT), handler(settings.from_environment(os.environ))).serve_forever()
