"""Failing over changes one name, and only to a region that is well."""

import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "failover.sh"


class Failover(unittest.TestCase):
    def setUp(self) -> None:
        self.place = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.place / "active").write_text("us-east-1\n")

    def over(self, region: str, health: str) -> int:
        (self.place / f"health-{region}").write_text(f"{health}\n")
        command = ["sh", str(SCRIPT), region, str(self.place)]
        return subprocess.run(command, capture_output=True, check=False).returncode

    def test_traffic_goes_to_the_other_region(self) -> None:
        self.assertEqual(self.over("us-west-2", "ok"), 0)
        self.assertEqual((self.place / "active").read_text(), "us-west-2\n")
        self.assertEqual((self.place / "before").read_text(), "us-east-1\n")

    def test_a_region_that_is_ill_gets_no_traffic(self) -> None:
        self.assertNotEqual(self.over("us-west-2", "failing"), 0)
        self.assertEqual((self.place / "active").read_text(), "us-east-1\n")
