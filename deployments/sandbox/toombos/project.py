"""The toombos project as checked out: its settings files, its reports, and deploying it as an earlier release would have."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from deployments.sandbox.world import World, WorldError

from .naming import DOMAINS, NAME, NAMESPACES, PREVIOUS, SUFFIXES, VERSION

ADDRESSES = {
    "CRM_BASE_URL": "https://crm.halcytone.com",
    "PLATFORM_BASE_URL": "https://platform.halcytone.com",
    "OPENAI_BASE_URL": "https://api.openai.com/v1",
    "GOOGLE_DOCS_BASE_URL": "https://docs.googleapis.com",
    "NOTION_BASE_URL": "https://api.notion.com/v1",
}


def write_settings(world: World, suffix: str, **changed: str) -> None:
    """Write an environment's settings file, filled in; ``changed`` are values of this world, or wrong ones."""
    values = {
        "ENVIRONMENT": suffix,
        "PUBLIC_URL": f"https://{DOMAINS[suffix]}",
        "LOG_LEVEL": "INFO",
        "DEBUG": "false",
        "DRY_RUN": "false",
        "USE_MOCK_SERVICES": "false",
        **ADDRESSES,
        **changed,
    }
    lines = [f"{name}={value}\n" for name, value in values.items()]
    (world.project(NAME) / f".env.{suffix}").write_text("".join(lines))


def change_setting(world: World, suffix: str, name: str, value: str) -> None:
    """Change one value of a settings file."""
    path = world.project(NAME) / f".env.{suffix}"
    lines = path.read_text().splitlines()
    path.write_text("".join(f"{name}={value}\n" if line.startswith(f"{name}=") else f"{line}\n" for line in lines))


def setting(world: World, suffix: str, name: str) -> str:
    """One value of a settings file."""
    lines = (world.project(NAME) / f".env.{suffix}").read_text().splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))


def write_reports(world: World) -> None:
    """What the team did in staging last night: load, failover, and a restored backup for each environment."""
    now = datetime.now(UTC)
    write_report(world, "load-test-staging", load_result())
    for name in ("database", "cache", "pod"):
        write_report(world, f"failover-{name}", failover(name, now))
    for suffix in SUFFIXES:
        restored = {
            "finished": _told(now - timedelta(days=2)),
            "status": "succeeded",
            "rows_expected": 500,
            "rows_restored": 500,
        }
        write_report(world, f"restore-{suffix}", restored)


def load_result(p95_ms: float = 210) -> dict[str, Any]:
    """A load test of an hour."""
    finished = datetime.now(UTC) - timedelta(hours=9)
    return {"finished": _told(finished), "requests": 36000, "failures": 4, "p95_ms": p95_ms, "users": 40}


def failover(name: str, now: datetime) -> dict[str, Any]:
    """A journal as Chaos Toolkit writes it."""
    return {
        "chaoslib-version": "1.44.0",
        "status": "completed",
        "deviated": False,
        "steady_states": {"before": {"steady_state_met": True}, "after": {"steady_state_met": True}},
        "experiment": {"title": f"The service survives the loss of a {name}"},
        "start": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M:%S.%f}",
        "end": f"{now - timedelta(days=1) + timedelta(minutes=6):%Y-%m-%dT%H:%M:%S.%f}",
        "duration": 360.0,
    }


def write_report(world: World, name: str, content: Any) -> None:
    """Write a report of the project."""
    path = report_path(world, name)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def report_path(world: World, name: str) -> Path:
    """Where a report of the project is."""
    return world.project(NAME) / "reports" / f"{name}.json"


def run(world: World, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command in the checkout, in the environment of a release."""
    return subprocess.run(
        command,
        cwd=world.project(NAME),
        env={**os.environ, **world.environ(), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def seed(world: World, suffix: str, version: str) -> None:
    """Deploy a version as an earlier release would have; staging is ahead by one, as it is before a release."""
    deploy(world, suffix, VERSION if suffix == "staging" and version == PREVIOUS else version)


def deploy(world: World, suffix: str, version: str) -> None:
    """Deploy to the cluster by the team's own script. WorldError when it fails."""
    finished = run(world, "sh", "deployment/scripts/deploy-kubernetes.sh", suffix, NAMESPACES[suffix], VERSION=version)
    if finished.returncode != 0:
        said = (finished.stderr or finished.stdout).strip()
        raise WorldError(f"Version {version} could not be put into {suffix}: {said[-400:]}")


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def deploy_composed(world: World, suffix: str, version: str) -> None:
    """Deploy to the machine by the team's own script. WorldError when it fails."""
    finished = run(world, "sh", "deployment/scripts/deploy-docker-compose.sh", suffix, VERSION=version)
    if finished.returncode != 0:
        said = (finished.stderr or finished.stdout).strip()
        raise WorldError(f"Version {version} could not be composed in {suffix}: {said[-400:]}")
