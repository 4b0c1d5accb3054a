"""How long the service takes on a quiet machine."""

from __future__ import annotations

import time
import unittest

from app.service import respond

from tests.stand_ins import surroundings

LONGEST_SECONDS = 0.5


class Speed(unittest.TestCase):
    def test_health_and_cached_texts_are_quick(self) -> None:
        with surroundings() as settings:
            respond("/content/rain", settings)
            begun = time.perf_counter()
            for path in ("/health", "/content/rain"):
                respond(path, settings)
            taken = time.perf_counter() - begun
        self.assertLess(taken, 2 * LONGEST_SECONDS)
