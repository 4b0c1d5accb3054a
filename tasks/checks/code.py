"""The code that is about to be released: linted and formatted."""

from __future__ import annotations

from tasks.connect.commands import Commands
from tasks.core.judges import ran_well
from tasks.core.registry import check
from tasks.core.verdicts import Verdict


@check(remedy="Run the linter by hand in the system's checkout and mend what it names.")
def lint_clean(
    commands: Commands, *, command: list[str], directory: str = "", prints: str = "", timeout_seconds: int = 600
) -> Verdict:
    """The linter finds nothing.

    What a linter finds in a release is what nobody looked at.
    ``command`` is a list of words, run without a shell and without credentials in ``directory`` of the system's checkout;
    ``prints`` is a text that must be in its output. Runs the command.

    Example:
        check: code.lint_clean
        with: {command: [make, lint]}

    """
    finished = commands.run(command, directory, timeout_seconds)
    return ran_well(command, finished.exit_status, finished.output, finished.last_line, prints)


@check(remedy="Run the formatter in the system's checkout, commit, and release what was committed.")
def formatted(
    commands: Commands, *, command: list[str], directory: str = "", prints: str = "", timeout_seconds: int = 600
) -> Verdict:
    """The code is formatted: the formatter would change nothing.

    ``command`` must be the formatter's mode that looks and does not write: a check changes nothing. A list of words, run
    without a shell and without credentials in ``directory`` of the system's checkout; ``prints`` is a text that must be in
    its output. Runs the command.

    Example:
        check: code.formatted
        with: {command: [make, format-check]}

    """
    finished = commands.run(command, directory, timeout_seconds)
    return ran_well(command, finished.exit_status, finished.output, finished.last_line, prints)
