"""The rollback brings back the version that ran before, with a docker that only writes down what it is asked to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCKER = '#!/bin/sh\necho "$VERSION $*" >> "$DOCKER_LOG"\n'


class Rollback(unittest.TestCase):
    def setUp(self) -> None:
        self.place = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(ROOT / "deployment", self.place / "deployment", ignore=shutil.ignore_patterns(".version-*"))
        docker = self.place / "docker"
        docker.write_text(DOCKER)
        docker.chmod(0o755)

    def run_script(self, name: str, *words: str, **variables: str) -> int:
        environ = {
            "PATH": f"{self.place}{os.pathsep}{os.environ['PATH']}",
            "DOCKER_LOG": str(self.place / "log"),
            **variables,
        }
        command = ["sh", str(self.place / "deployment" / "scripts" / name), *words]
        return subprocess.run(command, env=environ, capture_output=True, check=False).returncode

    def running(self) -> str:
        return (self.place / "deployment" / ".version-production").read_text().strip()

    def test_the_version_before_runs_again_however_often_it_is_asked_for(self) -> None:
        for version in ("1.0.0", "1.1.0"):
            self.run_script("deploy-docker-compose.sh", "production", VERSION=version)
        ended = [self.run_script("rollback-docker-compose.sh", "production", "1.1.0") for _ in range(2)]
        last = (self.place / "log").read_text().splitlines()[-1]
        self.assertEqual((ended, self.running(), last.split()[0]), ([0, 0], "1.0.0", "1.0.0"))

    def test_a_first_version_leaves_nothing(self) -> None:
        self.run_script("deploy-docker-compose.sh", "production", VERSION="1.0.0")
        self.run_script("rollback-docker-compose.sh", "production", "1.0.0")
        self.assertIn(" down", (self.place / "log").read_text().splitlines()[-1])
