"""Commands of the checklist's author that only look."""

from __future__ import annotations

from tasks.connect.commands import Commands
from tasks.core.judges import ran_well
from tasks.core.registry import check
from tasks.core.verdicts import Verdict


@check(remedy="Run the command by hand in the system's checkout and read what it prints.")
def succeeds(
    commands: Commands,
    *,
    command: list[str],
    directory: str = "",
    prints: str = "",
    variables: list[str] | None = None,
    timeout_seconds: int = 600,
) -> Verdict:
    """The command ends with exit status 0, and prints what it should.

    For what no other check knows. The command gets no credentials, so that it can look and not change.
    ``command`` is a list of words, run without a shell in ``directory`` of the system's checkout; ``prints`` is a text
    that must be in its output; ``variables`` names environment variables to hand on, none of them a credential.

    Example:
        check: command.succeeds
        with: {command: [cdk, list, --context, env=prod], directory: infrastructure, prints: SessionManagement-prod}

    """
    finished = commands.run(command, directory, timeout_seconds, variables or ())
    return ran_well(command, finished.exit_status, finished.output, finished.last_line, prints)
