"""The ``gates`` command: every way to release, approve, look and repair from a terminal."""

from __future__ import annotations

import logging
import os
import sys

import typer

from deployments.commands import describing, looking, planning, recording, releasing, serving, signing
from deployments.home import Home, adopt
from deployments.terminal import complain
from tasks.core.errors import GatesError

app = typer.Typer(
    help="Run a team's deployment checklist: checks, actions, sign-offs, rollback.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(releasing.release)
app.command()(releasing.rollback)
app.command("continue")(releasing.continue_)
app.command()(looking.status)
app.command()(looking.inbox)
app.command()(signing.sign)
app.command()(planning.plan)
app.command()(planning.check)
app.command()(describing.catalogue)
app.command()(describing.coverage)
app.command()(describing.permissions)
app.add_typer(recording.record, name="record")
app.add_typer(looking.lock, name="lock")
app.command()(serving.up)
app.command()(serving.down)
app.command()(serving.deploy)


@app.command(add_help_option=False, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def sandbox(context: typer.Context) -> None:
    """Run a small world to release into and to damage."""
    # Its commands bring AWS's SDK along, which no other command should have to wait for.
    from deployments.commands.demonstrating import app as demonstrating

    raise typer.Exit(demonstrating(context.args, prog_name="gates sandbox", standalone_mode=False) or 0)


_OWN_HOME = ("up", "down", "sandbox")


def main() -> None:
    """The process edge: a mistake is one sentence on stderr and exit status 2, never a traceback."""
    sys.exit(run(sys.argv[1:]))


def run(words: list[str]) -> int:
    """Run a command line; its exit status."""
    try:
        if words[:1] and words[0] not in _OWN_HOME:
            adopt(Home.of_environment())
        return int(app(words, prog_name="gates", standalone_mode=False) or 0)
    except typer.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, typer.Abort):
        complain("Interrupted; a release that was started goes on.")
    except GatesError as error:
        complain(str(error))
    except Exception as error:
        complain(_sentence(error))
        if os.environ.get("GATES_TRACEBACK"):
            logging.getLogger("gates").exception("What the sentence above is about:")
    return 2


def _sentence(error: Exception) -> str:
    """Usage errors have their own words; those of Prefect and of the system are told with what to do."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error)
    if hasattr(error, "format_message"):
        return f"{error.format_message().rstrip('.')}. See `gates --help`."
    # Named and not imported: Prefect and httpx take seconds to load, and are there when they raise.
    if "Failed to reach API" in str(error) or any(each.__name__ == "TransportError" for each in type(error).__mro__):
        return _unreachable(error)
    return f"{type(error).__name__}: {error}. Set GATES_TRACEBACK=1 to see where."


def _unreachable(error: Exception) -> str:
    api = os.environ.get("PREFECT_API_URL", "the configured address")
    return f"The Prefect server at {api} stopped answering ({error}); the release's record stands, and nothing is lost."


if __name__ == "__main__":
    main()
