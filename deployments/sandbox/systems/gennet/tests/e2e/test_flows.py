"""What users do, from the token to the answer, over real HTTP."""

import json
import threading
import time
import unittest
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from gennet.access import token
from gennet.gateway import Answer, answer
from gennet.services import answer as served

KEY = "a-signing-key-for-tests"
URLS = {f"{name.upper()}_URL": f"http://{name}:8000" for name in ("auth", "networks", "inference")}
SETTINGS = {"ENVIRONMENT": "test", "DATABASE_POOL_SIZE": "5", "SIGNING_KEY": KEY, **URLS}


def ask(address: str, path: str) -> Answer:
    return served(address.removeprefix("http://").partition(":")[0], path, SETTINGS)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, told = answer(self.path, self.headers.get("Authorization", ""), SETTINGS, "1", ask, int(time.time()))
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


class Flows(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=cls.server.serve_forever, args=(0.01,), daemon=True).start()

    @classmethod
    def tearDownClass(cls) -> None:
        cls.server.shutdown()
        cls.server.server_close()

    def get(self, path: str, header: str = "") -> Answer:
        url = f"http://127.0.0.1:{self.server.server_port}/api/v1{path}"
        request = urllib.request.Request(url, headers={"Authorization": header} if header else {})
        try:
            with urllib.request.urlopen(request, timeout=5) as found:
                return found.status, json.load(found)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def test_a_user_lists_networks_and_jobs(self) -> None:
        header = f"Bearer {token('ana', int(time.time()) + 60, KEY)}"
        found = [self.get(path, header) for path in ("/networks", "/inference/jobs")]
        self.assertEqual([status for status, _ in found], [200, 200])
        self.assertEqual(found[0][1]["networks"], ["yeast-cycle"])

    def test_a_stranger_is_told_to_bring_a_token(self) -> None:
        self.assertEqual(self.get("/networks")[0], 401)

    def test_anybody_may_ask_whether_it_is_well(self) -> None:
        self.assertEqual(self.get("/health"), (200, {"status": "ok", "environment": "test"}))
