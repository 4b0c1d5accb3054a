"""Stand-in for the AWS CDK command line, of which the sandbox has none (it comes from npm).

Knows ``cdk --version``, ``cdk list``, ``cdk synth`` and ``cdk destroy``, each with ``--context KEY=VALUE``; runs the
"app" of cdk.json in the current directory (or in ./infrastructure) as the real one does, with the context in
CDK_CONTEXT_JSON and the place for the assembly in CDK_OUTDIR.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# This file is run as a program.
sys.path.append(str(Path(__file__).parents[2]))

from deployments.sandbox import account

VERSION = "2.1148.1 (build sandbox)"


def project() -> Path:
    """Directory of the project's cdk.json. SystemExit when there is none."""
    for directory in (Path(), Path("infrastructure")):
        if (directory / "cdk.json").is_file():
            return directory
    raise SystemExit("--app is required either in command-line, in cdk.json or in ~/.cdk.json")


def synthesise(context: dict[str, str], directory: Path, outdir: Path) -> dict[str, Any]:
    """Run the app and return the artifacts of its manifest; SystemExit with its status when it fails."""
    command = json.loads((directory / "cdk.json").read_text())["app"]
    environ = {**os.environ, "CDK_CONTEXT_JSON": json.dumps(context), "CDK_OUTDIR": str(outdir)}
    run = subprocess.run(shlex.split(command), cwd=directory, env=environ, check=False)
    if run.returncode != 0:
        raise SystemExit(f"{command}: Subprocess exited with error {run.returncode}")
    artifacts: dict[str, Any] = json.loads((outdir / "manifest.json").read_text())["artifacts"]
    return artifacts


def bootstrap(target: str) -> int:
    """Create the CDK's own stack unless it is there; return the exit status."""
    if target != f"aws://{account.ACCOUNT}/{account.REGION}":
        sys.stderr.write(f"{target or 'No environment'} cannot be bootstrapped with these credentials.\n")
        return 1
    import boto3

    account.bootstrap_once(boto3.client("cloudformation"))
    sys.stdout.write(f"Environment {target} bootstrapped.\n")
    return 0


def main() -> int:
    """Run one command; return its exit status."""
    parser = argparse.ArgumentParser(prog="cdk")
    parser.add_argument("--version", action="version", version=VERSION)
    parser.add_argument("command", choices=("list", "ls", "synth", "destroy", "bootstrap"))
    parser.add_argument("target", nargs="?", help="of bootstrap: aws://account/region")
    parser.add_argument("--context", "-c", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--force", "-f", action="store_true")
    arguments = parser.parse_args()
    if arguments.command == "bootstrap":
        return bootstrap(arguments.target or "")
    context = dict(pair.split("=", 1) for pair in arguments.context)
    directory = project()
    with tempfile.TemporaryDirectory(prefix="cdk-") as outdir:
        artifacts = synthesise(context, directory, Path(outdir).resolve())
        for name, artifact in artifacts.items():
            if arguments.command == "synth":
                sys.stdout.write((Path(outdir) / artifact["properties"]["templateFile"]).read_text())
            else:
                sys.stdout.write(f"{name}\n")
    if arguments.command == "destroy":
        return subprocess.run([sys.executable, "destroy.py", "--env", context["env"]], cwd=directory, check=False).returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
