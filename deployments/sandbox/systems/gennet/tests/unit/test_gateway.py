"""The gateway finds the service that a request is for."""

import unittest

from gennet.access import token
from gennet.gateway import Answer, answer

KEY = "a-signing-key-for-tests"
SETTINGS = {"ENVIRONMENT": "test", "SIGNING_KEY": KEY, "NETWORKS_URL": "http://networks:8000"}
GOOD = f"Bearer {token('ana', 100, KEY)}"


def ask(address: str, path: str) -> Answer:
    return 200, {"asked": address, "path": path}


def asked(path: str, authorization: str = "", settings: dict[str, str] | None = None) -> Answer:
    return answer(path, authorization, settings or SETTINGS, "1.2.3", ask, now=10)


class Gateway(unittest.TestCase):
    def test_it_answers_for_the_platform(self) -> None:
        self.assertEqual(asked("/api/v1/health"), (200, {"status": "ok", "environment": "test"}))

    def test_it_tells_its_version(self) -> None:
        self.assertEqual(asked("/api/v1/version"), (200, {"version": "1.2.3"}))

    def test_strangers_are_refused(self) -> None:
        self.assertEqual(asked("/api/v1/networks")[0], 401)

    def test_requests_go_to_their_service(self) -> None:
        told = asked("/api/v1/networks", GOOD)
        self.assertEqual(told, (200, {"asked": "http://networks:8000", "path": "/api/v1/networks"}))

    def test_a_service_that_nobody_can_find_is_a_bad_gateway(self) -> None:
        self.assertEqual(asked("/api/v1/inference/jobs", GOOD)[0], 502)

    def test_an_unknown_path_is_not_found(self) -> None:
        self.assertEqual(asked("/api/v1/unheard")[0], 404)
