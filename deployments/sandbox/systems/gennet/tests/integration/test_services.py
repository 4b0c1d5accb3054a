"""Gateway and services together, over the settings of each environment."""

import time
import unittest
from pathlib import Path

from gennet.access import token
from gennet.gateway import Answer, answer
from gennet.operations import OPERATIONS
from gennet.services import answer as served

ROOT = Path(__file__).parents[2]
KEY = "a-signing-key-for-tests"


def settings(suffix: str) -> dict[str, str]:
    lines = (ROOT / "config" / f"{suffix}.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


class Together(unittest.TestCase):
    def test_every_operation_is_answered_in_every_environment(self) -> None:
        for suffix in ("staging", "prod"):
            known = {**settings(suffix), "SIGNING_KEY": KEY}

            def ask(address: str, path: str, known: dict[str, str] = known) -> Answer:
                return served(address.removeprefix("http://").partition(":")[0], path, known)

            for operation in OPERATIONS:
                with self.subTest(f"{suffix} {operation.path}"):
                    header = f"Bearer {token('ana', int(time.time()) + 60, KEY)}"
                    status, _ = answer(operation.address, header, known, "1", ask, int(time.time()))
                    self.assertEqual(status, 200)
