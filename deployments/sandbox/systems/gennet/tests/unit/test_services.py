"""Services answer what is theirs, and say what they lack."""

import unittest

from gennet.services import answer, pool_size

SETTINGS = {"ENVIRONMENT": "test", "DATABASE_POOL_SIZE": "10"}


class Services(unittest.TestCase):
    def test_a_service_with_its_settings_is_healthy(self) -> None:
        self.assertEqual(answer("auth", "/api/v1/auth/health", SETTINGS), (200, {"status": "ok", "service": "auth"}))

    def test_a_service_answers_for_itself_only(self) -> None:
        self.assertEqual(answer("auth", "/api/v1/networks", SETTINGS)[0], 404)

    def test_an_unknown_path_is_not_found(self) -> None:
        self.assertEqual(answer("auth", "/api/v1/nothing", SETTINGS)[0], 404)

    def test_what_is_missing_is_named(self) -> None:
        status, told = answer("auth", "/api/v1/auth/health", {"ENVIRONMENT": "test"})
        self.assertEqual((status, told["message"]), (503, "auth lacks DATABASE_POOL_SIZE."))

    def test_a_pool_without_connections_is_not_ready(self) -> None:
        self.assertEqual(answer("networks", "/api/v1/networks", {**SETTINGS, "DATABASE_POOL_SIZE": "0"})[0], 503)

    def test_the_size_of_the_pool_is_a_number(self) -> None:
        self.assertEqual([pool_size({"DATABASE_POOL_SIZE": text}) for text in ("10", "many", "")], [10, 0, 0])
