"""Commands of the checklist's author that change something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.connect.commands import CommandRunner, Finished
from tasks.core.errors import ActionError
from tasks.core.registry import Done, Settled, action


def settled(
    runner: CommandRunner,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  a command notes nothing
    directory: str = "",
    settled_command: list[str] | None = None,
    idempotent: bool = False,
    **_rest: Any,
) -> Settled:
    """What ``settled_command`` says: 0 is done, 1 is not done, anything else is unknown. What is idempotent may run again."""
    if idempotent:
        return "not done"
    if not settled_command:
        return "unknown"
    try:
        status = runner.run(settled_command, directory, timeout_seconds=600).exit_status
    except ActionError:
        return "unknown"
    return "done" if status == 0 else "not done" if status == 1 else "unknown"


def undo(
    runner: CommandRunner,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  a command notes nothing
    command: list[str],
    directory: str = "",
    environment: dict[str, str] | None = None,
    timeout_seconds: int = 3600,
    undo_command: list[str] | None = None,
    leaves_nothing: bool = False,
    **_rest: Any,
) -> str:
    """Run ``undo_command``. Raises ``ActionError`` when that failed, or when there is none and something is left behind."""
    shown = f"`{' '.join(command)}`"
    if leaves_nothing and not undo_command:
        return f"{shown} leaves nothing that must be undone."
    if not undo_command:
        raise ActionError(f"The checklist names no undo_command for {shown}; a person must take back what it changed.")
    finished = runner.run(undo_command, directory, environment, timeout_seconds)
    _must_be_well(undo_command, finished)
    return f"Undid {shown} by `{' '.join(undo_command)}`: {finished.last_line}"


@action(remedy="Run the command by hand in the system's checkout and read what it prints.", settled=settled, undo=undo)
def run(
    runner: CommandRunner,
    *,
    command: list[str],
    directory: str = "",
    environment: dict[str, str] | None = None,
    timeout_seconds: int = 3600,
    undo_command: list[str] | None = None,  # noqa: ARG001  for the companions, which get every argument
    settled_command: list[str] | None = None,  # noqa: ARG001
    idempotent: bool = False,  # noqa: ARG001
    leaves_nothing: bool = False,  # noqa: ARG001
) -> Done:
    """Run a command of the team's own.

    ``command`` is a list of words, run without a shell in ``directory`` of the system's checkout, with the credentials of
    the release, ``environment`` on top and the release's ID in GATES_RELEASE; after ``timeout_seconds`` it is stopped.
    ``undo_command`` takes its change back and may run twice. After an interruption ``settled_command`` tells whether it
    happened: 0 yes, 1 no; ``idempotent`` says instead that it may run again. ``leaves_nothing`` says that nothing it does
    matters to the deployed system, so that no rollback is needed for it.

    Example:
        action: command.run
        with: {command: [make, install], idempotent: true, leaves_nothing: true}

    """
    finished = runner.run(command, directory, environment, timeout_seconds)
    _must_be_well(command, finished)
    return Done(f"`{' '.join(command)}` ended with 0: {finished.last_line}")


def _must_be_well(command: list[str], finished: Finished) -> None:
    if finished.exit_status != 0:
        raise ActionError(f"`{' '.join(command)}` ended with {finished.exit_status}: {finished.last_line}")
