"""The service with everything that it talks to."""

from __future__ import annotations

import unittest

from app.self_tests import SELF_TESTS
from app.service import respond

from tests.stand_ins import surroundings


class Service(unittest.TestCase):
    def test_every_self_test_passes(self) -> None:
        with surroundings() as settings:
            found = {name: respond(f"/self-test/{name}", settings).body["status"] for name in SELF_TESTS}
        self.assertEqual(found, dict.fromkeys(SELF_TESTS, "ok"))

    def test_a_second_request_comes_from_the_cache(self) -> None:
        with surroundings() as settings:
            first = respond("/content/the self-test", settings).body
            keyless = {**vars(settings), "keys": dict.fromkeys(settings.keys, "wrong")}
            second = respond("/content/the self-test", type(settings)(**keyless)).body
        self.assertEqual(first, second)

    def test_a_refused_key_is_told(self) -> None:
        with surroundings(keys={"crm": "wrong"}) as settings:
            answer = respond("/self-test/crm", settings)
        self.assertEqual((answer.status, answer.body["status"]), (503, "failed"))

    def test_without_its_cache_it_is_not_ready(self) -> None:
        with surroundings(redis_url="redis://127.0.0.1:1/0") as settings:
            answer = respond("/ready", settings)
        self.assertEqual((answer.status, answer.body["cache"], answer.body["database"]), (503, "unreachable", "ok"))
