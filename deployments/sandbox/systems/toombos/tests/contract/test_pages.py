"""What others rely on: the pages and the fields of their answers."""

from __future__ import annotations

import unittest

from app.service import respond

from tests.stand_ins import surroundings

FIELDS = {
    "/health": {"status", "version"},
    "/ready": {"ready", "database", "cache"},
    "/version": {"version", "environment"},
    "/docs": {"openapi", "info", "paths"},
    "/content/rain": {"topic", "text"},
}


class Pages(unittest.TestCase):
    def test_every_page_has_its_fields(self) -> None:
        with surroundings() as settings:
            found = {path: set(respond(path, settings).body) for path in FIELDS}
        self.assertEqual(found, FIELDS)

    def test_what_is_not_there_is_404(self) -> None:
        with surroundings() as settings:
            self.assertEqual([respond(path, settings).status for path in ("/admin", "/self-test/none")], [404, 404])
