"""Container images as the team's CI makes them: the application as it was when its version was built."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from deployments.sandbox.world import World

from .naming import DEPLOYMENT, NAME, images

_LEFT_OUT = shutil.ignore_patterns("__pycache__")


def build(world: World, version: str) -> None:
    """Build and push an image of the checkout as it stands, scan it, and note that it came through."""
    target = images(world.directory) / version
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(world.project(NAME) / "app", target / "app", ignore=_LEFT_OUT)
    manifest = {"schemaVersion": 2, "config": {"digest": _digest(target)}, "layers": []}
    world.client("ecr").put_image(repositoryName=DEPLOYMENT, imageTag=version, imageManifest=json.dumps(manifest))
    report = {
        "SchemaVersion": 2,
        "CreatedAt": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "ArtifactName": f"{DEPLOYMENT}:{version}",
        "Results": [{"Target": "python", "Class": "lang-pkgs", "Vulnerabilities": []}],
    }
    path = world.project(NAME) / "reports" / f"image-scan-{version}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


def _digest(target: Path) -> str:
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return "sha256:" + hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
