"""The demo's people, and the demo itself, beside the commands for the demo's world."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from deployments.sandbox.cli import DIRECTORY, PYTHON, Directory, PythonOption
from deployments.sandbox.cli import app as app  # noqa: PLC0414  the command line with these commands added
from deployments.sandbox.world import World


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


@app.command()
def demo(
    directory: Directory = DIRECTORY,
    python: PythonOption = PYTHON,
    auto: Annotated[bool, typer.Option(help="Play the approvers too, and end by itself.")] = False,
    checklist: Annotated[str, typer.Option(help="What is released.")] = "session-management",
) -> None:
    """Show a production release on this machine, and stop everything at the end. Exit status 0 when it was released."""
    from deployments.commands.serving import stop_on_signals
    from deployments.sandbox import systems
    from deployments.sandbox.cli import one_sentence
    from deployments.sandbox.demo import act, stage
    from deployments.terminal import say

    stop_on_signals()
    with one_sentence():
        system = systems.named(checklist)
    with one_sentence(), stage(World(directory, python), system) as ui:
        state = act(system, ui, auto=auto)
        if not auto:
            say("", f"Look around at {ui}. Stop everything with Ctrl-C.")
            with suppress(KeyboardInterrupt):
                signal.pause()
    raise typer.Exit(0 if state == "Released" else 1)


def _use(directory: Path) -> Path:
    """Let this process use the approvers of the world in the directory."""
    path = directory / "approvers.yaml"
    os.environ["GATES_APPROVERS"] = str(path.absolute())
    return path
