"""The API's description has every operation, with its errors."""

import unittest

from gennet.openapi import document
from gennet.operations import OPERATIONS


class OpenApi(unittest.TestCase):
    def test_every_operation_is_described(self) -> None:
        self.assertEqual(set(document()["paths"]), {each.address for each in OPERATIONS})

    def test_what_needs_a_token_says_so_and_how_it_is_refused(self) -> None:
        for each in OPERATIONS:
            with self.subTest(each.path):
                described = document()["paths"][each.address]["get"]
                self.assertEqual(each.public, "401" not in described["responses"])
                self.assertEqual(each.public, described["security"] == [])
