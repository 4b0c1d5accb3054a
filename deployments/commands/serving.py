"""``gates up``, ``gates down``, ``gates deploy``: the server, the worker, and what they know."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from deployments.home import Home
from deployments.server import require_server

Folder = Annotated[
    Path | None, typer.Option("--home", help="Folder of database, results and records; default: GATES_HOME or .gates.")
]


def up(
    port: Annotated[int, typer.Option(help="Port of the server; 0 takes a free one.")] = 0,
    home: Folder = None,
    background: Annotated[bool, typer.Option(help="Return when everything runs; stop it with `gates down`.")] = False,
) -> None:
    """Run a Prefect server and a worker on this machine, for this machine only."""
    from deployments import up as running
    from deployments.terminal import Line, complain, say

    place = _home(home)
    started = not running.is_up(place)
    stop_on_signals()
    found = running.start(place, port, said=say)
    say(Line(f"Deployment Gates is up: {found['ui']}", "bold green"), *_where_to_click())
    if background:
        say(f"Stop it with: gates down{f' --home {home}' if home else ''}")
        return
    if not started:
        return
    say("Stop it with Ctrl-C.")
    try:
        ended = running.wait_for_end(place)
        complain(f"The {ended} has ended; see {running.log_of(place, ended)}.")
    except KeyboardInterrupt:
        say("Stopping …")
    finally:
        running.stop(place)


def down(home: Folder = None) -> None:
    """Stop what `gates up` started. Records, results and the database stay; waiting releases go on at the next `gates up`."""
    from deployments import up as running
    from deployments.terminal import say

    stopped = running.stop(_home(home))
    say(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing ran.")


def deploy() -> None:
    """Register all flows with a Prefect server: work pool, deployments, and the rollback of cancelled releases."""
    require_server()
    from deployments import register
    from deployments.terminal import say, table

    ui = os.environ.get("PREFECT_UI_URL", "").rstrip("/")
    rows = [(each.name, each.entrypoint, f"{ui}/deployments/deployment/{each.id}") for each in register.register()]
    table(("Deployment", "Flow", "Page"), rows)
    say(f"{len(rows)} deployments. Start a worker where it reaches your systems: prefect worker start --pool {register.POOL}")


def stop_on_signals() -> None:
    """SIGTERM is the same as Ctrl-C: nothing stays behind. A shell's background jobs are started deaf to Ctrl-C."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.default_int_handler)


def _home(given: Path | None) -> Home:
    if given:
        os.environ["GATES_HOME"] = str(given.absolute())
    return Home.of_environment()


def _where_to_click() -> list[str]:
    return [
        "  Release:  Deployments → release/production → Run",
        "  Approve:  Runs → the suspended release → menu (⋮) → Resume",
        "  Or here:  gates release … --watch, gates inbox, gates sign",
    ]
