"""What runs under Docker Compose, as the sandbox's docker has written it down."""

from __future__ import annotations

from pathlib import Path

from deployments.sandbox.compose.engine import Engine

from .naming import DEPLOYMENT, NAME


def running(world: Path, suffix: str) -> str:
    """The version of the service that an environment's machine runs in health; empty when none does."""
    containers = Engine(world / "docker" / "docker.json").seen()["projects"].get(f"{NAME}-{suffix}", {})
    found = containers.get(DEPLOYMENT, {})
    return str(found["image"]).rpartition(":")[2] if found.get("health") == "healthy" else ""
