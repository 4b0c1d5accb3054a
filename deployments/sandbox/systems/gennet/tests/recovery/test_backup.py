"""The backup script keeps what there is, and says when it could not."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "backup.sh"


class Backup(unittest.TestCase):
    def setUp(self) -> None:
        self.place = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def run_script(self, *words: str) -> int:
        return subprocess.run(["sh", str(SCRIPT), *words], capture_output=True, check=False).returncode

    def test_what_is_backed_up_can_be_put_back(self) -> None:
        source, target, back = self.place / "data", self.place / "backups", self.place / "back"
        source.mkdir()
        (source / "networks.csv").write_text("1,yeast-cycle\n")
        ended = [self.run_script("save", str(source), str(target)), self.run_script("restore", str(target), str(back))]
        self.assertEqual(ended, [0, 0])
        self.assertEqual((back / "networks.csv").read_text(), "1,yeast-cycle\n")
        self.assertEqual(json.loads((target / "backup.json").read_text())["status"], "succeeded")

    def test_nothing_to_back_up_is_a_failure(self) -> None:
        self.assertNotEqual(self.run_script("save", str(self.place / "nowhere"), str(self.place / "backups")), 0)

    def test_a_damaged_backup_is_not_put_back(self) -> None:
        target = self.place / "backups"
        target.mkdir()
        (target / "data.tar").write_text("not an archive")
        self.assertNotEqual(self.run_script("restore", str(target), str(self.place / "back")), 0)
