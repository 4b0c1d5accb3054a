"""The GenNet project as checked out: its scripts, its reports, its Terraform, and putting a version into an environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from deployments.sandbox.damage import replace
from deployments.sandbox.world import World, WorldError

from .naming import ENVIRONMENTS, NAME, NAMESPACES

_TERRAFORM = Path("infrastructure") / "terraform"
_DRILLS = {
    "recovery-drill": ("data was restored", "the other region answered"),
    "rollback-drill": ("the services went back", "the infrastructure went back"),
    "autoscaling": ("pods were added under load", "pods were taken away after it"),
}


def run(world: World, *command: str, **variables: str) -> str:
    """Run a command in the checkout, in the environment of a release; what it printed. WorldError when it fails."""
    environ = {**os.environ, **world.environ(), **variables}
    done = subprocess.run(command, cwd=world.project(NAME), env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise WorldError(f"`{' '.join(command)}` failed in {NAME}: {(done.stderr or done.stdout).strip()[-400:]}")
    return done.stdout


def prepare(world: World, suffix: str) -> None:
    """The namespace of an environment, with settings, secrets, policies and certificate."""
    run(world, "./scripts/prepare_cluster.sh", suffix, NAMESPACE=NAMESPACES[suffix])


def seed(world: World, suffix: str, version: str) -> None:
    """Deploy a version as an earlier release did: what Terraform makes, then the services."""
    previous = world.project(NAME) / "previous" / _TERRAFORM
    _terraform(world, previous, suffix)
    variables = {"VERSION": version, "NAMESPACE": NAMESPACES[suffix]}
    run(world, "./scripts/deploy.sh", ENVIRONMENTS[suffix], suffix, **variables)


def keep_previous(world: World) -> None:
    """The configuration of the release before, as its checkout had it: without the module that is new."""
    here = world.project(NAME)
    previous = here / "previous" / _TERRAFORM
    shutil.copytree(here / _TERRAFORM, previous)
    text = (previous / "main.tf").read_text()
    (previous / "main.tf").write_text(text.partition("# New in this version.")[0].rstrip() + "\n")
    outputs = (previous / "outputs.tf").read_text()
    (previous / "outputs.tf").write_text(outputs.partition('output "exports"')[0].rstrip() + "\n")
    shutil.rmtree(previous / "modules" / "exports")
    replace(previous / "prod.tfvars", "inference_workers = 8", "inference_workers = 4")


def _terraform(world: World, folder: Path, suffix: str) -> None:
    """Initialise and apply a configuration."""
    where = f"-chdir={folder.relative_to(world.project(NAME))}"
    run(world, "terraform", where, "init", "-input=false", f"-backend-config={suffix}.s3.tfbackend")
    files = ("-var-file=terraform.tfvars", f"-var-file={suffix}.tfvars")
    run(world, "terraform", where, "apply", "-input=false", "-auto-approve", *files)


def migrations(world: World) -> list[str]:
    """The versions of the database's tables that the checkout has."""
    return sorted(path.name.partition("_")[0] for path in (world.project(NAME) / "migrations").glob("*.sql"))


def report(world: World, name: str) -> Path:
    """Where a report of the pipeline is."""
    return world.project(NAME) / "reports" / name


def write_reports(world: World, now: datetime | None = None) -> None:
    """What pipeline, scanners and drills have left, as of yesterday."""
    end = ((now or datetime.now(UTC)) - timedelta(hours=20)).replace(microsecond=0)
    report(world, ".").mkdir(exist_ok=True)
    for name, steps in _DRILLS.items():
        cases = "".join(f'<testcase name="{step}"/>' for step in steps)
        report(world, f"{name}.xml").write_text(f'<testsuite name="{name}" timestamp="{end.isoformat()}">{cases}</testsuite>\n')
    load = {"requests": 120_000, "failures": 84, "p95_ms": 212.0, "users": 200, "finished": end.isoformat()}
    figures = {
        "load.json": load,
        "performance.json": {**load, "requests": 5000, "failures": 0, "users": 20},
        "baseline.json": {**load, "p95_ms": 205.0},
        "restore.json": {"finished": end.isoformat(), "status": "succeeded", "rows_expected": 4812, "rows_restored": 4812},
        "dependencies.json": {"dependencies": [{"name": "aiohttp", "version": "3.14.5", "vulns": []}], "fixes": []},
        "static-analysis.sarif": _analysis(end),
        "circuit-breakers.json": _experiment(end),
    }
    for name, content in figures.items():
        report(world, name).write_text(json.dumps(content, indent=2) + "\n")
    report(world, "feedback.csv").write_text("date,from,text\n2026-11-20,support,Exports would be welcome\n")


def _analysis(end: datetime) -> dict[str, Any]:
    done = {"executionSuccessful": True, "endTimeUtc": end.isoformat()}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "semgrep"}}, "invocations": [done], "results": []}]}


def _experiment(end: datetime) -> dict[str, Any]:
    return {
        "experiment": {"title": "Inference is down under load"},
        "status": "completed",
        "deviated": False,
        "end": end.isoformat(),
        "steady_states": {"before": {"steady_state_met": True}, "after": {"steady_state_met": True}},
    }
