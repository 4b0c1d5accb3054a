"""``gates sandbox code`` and ``gates sandbox approve``: the demo's people, beside the commands for the demo's world."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from deployments.sandbox.cli import DIRECTORY, PYTHON, Directory, PythonOption, app


@app.command()
def code(name: Annotated[str, typer.Argument(help="A demo approver, such as ana.")], directory: Directory = DIRECTORY) -> None:
    """Show the one-time code that a demo approver's authenticator shows now."""
    from deployments.sandbox.auto_approvers import current_code
    from deployments.terminal import say

    _use(directory)
    say(current_code(name))


@app.command()
def people(directory: Directory = DIRECTORY) -> None:
    """List the demo approvers and what they may sign."""
    from deployments.terminal import table
    from tasks.approvals import Registry

    registry = Registry.load(_use(directory))
    table(("ID", "Name", "Roles"), [(each.id, each.name, ", ".join(sorted(each.roles))) for each in registry.people.values()])


@app.command()
def approve(directory: Directory = DIRECTORY, python: PythonOption = PYTHON) -> None:  # noqa: ARG001
    """Play the demo approvers: sign whatever waits now for a signature, until nothing does."""
    from deployments.sandbox.auto_approvers import play
    from deployments.server import require_server
    from deployments.terminal import say
    from deployments.waiting import waiting

    _use(directory)
    require_server()
    play(until=lambda: not any(each.hold.kind == "sign-off" for each in waiting()), said=say)


def _use(directory: Path) -> Path:
    """Let this process use the approvers of the world in the directory."""
    path = directory / "approvers.yaml"
    os.environ["GATES_APPROVERS"] = str(path.absolute())
    return path
