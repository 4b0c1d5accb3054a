"""The service as a client reaches it."""

from __future__ import annotations

import json
import threading
import unittest
import urllib.request
from http.server import ThreadingHTTPServer

from app.__main__ import handler

from tests.stand_ins import surroundings


class OverHttp(unittest.TestCase):
    def test_a_client_gets_a_text(self) -> None:
        with surroundings() as settings, ThreadingHTTPServer(("127.0.0.1", 0), handler(settings)) as server:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/content/rain", timeout=5) as answer:
                found = json.loads(answer.read())
            server.shutdown()
        self.assertIn("rain", found["text"])
