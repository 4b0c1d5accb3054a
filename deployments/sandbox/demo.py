"""The whole of it in one go: a world, a server, a worker, a production release, and everything stopped at the end."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from deployments import up
from deployments.home import DEMO, Home
from deployments.sandbox.system import System
from deployments.sandbox.world import World
from deployments.terminal import Line, say
from tasks.core.errors import GatesError

REQUESTER = "rita"


@contextmanager
def stage(world: World, system: System) -> Iterator[str]:
    """Everything up, for as long as the demo lasts; the UI's address. A world that holds the system is used as it stands."""
    home = Home(DEMO.absolute())
    stood = world.is_up() and system.name in world.state()["systems"]
    up.stop(home)
    shutil.rmtree(home.folder, ignore_errors=True)
    try:
        building = f"Building a small world with {system.name} {system.previous} deployed …"
        say(f"The sandbox stands at {world.directory}." if stood else building)
        world.up([system.name], system.previous)
        os.environ |= world.environ() | {"GATES_HOME": str(home.folder)}
        yield up.start(home, said=say)["ui"]
    finally:
        # A second Ctrl-C must not leave half of it running.
        up.stop(home)
        if not stood:
            world.down()
        say("Everything is stopped.")


def act(system: System, ui: str, *, auto: bool) -> str:
    """Release to production, with people or with their players; the name of the state it ends in."""
    from deployments import runs
    from deployments.commands.looking import show
    from deployments.commands.releasing import follow

    parameters = {
        "checklist": system.name,
        "environment": "production",
        "version": system.version,
        "requested_by": REQUESTER,
        **({"answers": dict(system.answers)} if system.answers else {}),
    }
    run = runs.start("release/production", parameters)
    say("", Line(f"The release: {runs.page(run)}", "bold"), *([] if auto else _instructions(ui)), "")
    with _players(run, auto=auto) as check:
        state = follow(run, meanwhile=check)
    say("", Line("The checklist, ticked", "bold"))
    for name in _records(run):
        show(name)
    return state


@contextmanager
def _players(run: str, *, auto: bool) -> Iterator[Callable[[], None]]:
    """The approvers at work beside us; what is yielded raises when one of them failed."""
    from deployments.sandbox.auto_approvers import play

    over = Event()
    with ThreadPoolExecutor(1) as pool:
        playing: Future[None] | None = pool.submit(play, until=over.is_set, said=_said, only=run) if auto else None

        def check() -> None:
            if playing and playing.done():
                playing.result()

        try:
            yield check
        finally:
            over.set()


def _said(text: str) -> None:
    say(Line(f"  🙋 {text}", "cyan"))


def _records(run: str) -> list[str]:
    from flows.journey import names_ending_in

    return names_ending_in(run.replace("-", "")[:12])


def _instructions(ui: str) -> list[str]:
    from tasks.approvals import Registry
    from tasks.connect.settings import Settings

    people = Registry.load(Settings.from_environment().approvers).people.values()
    able = [f"  {each.id:6} {each.name}: {', '.join(sorted(each.roles))}" for each in people if each.id != REQUESTER]
    if not able:
        raise GatesError("The sandbox has no approvers; bring it up afresh with: gates sandbox down.")
    return [
        f"The UI:      {ui}",
        "When the release waits, open its page, choose Resume in the menu (⋮) and fill in the form as one of",
        *able,
        "One-time codes, in another terminal:   .venv/bin/gates sandbox code ana",
        "From that terminal you may also sign:  .venv/bin/gates inbox;  .venv/bin/gates sign RELEASE --as ana",
        "Break something and watch:             .venv/bin/gates sandbox damages;  .venv/bin/gates sandbox break NAME",
        "Nobody about?                          .venv/bin/gates sandbox approve",
    ]
