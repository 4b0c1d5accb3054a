"""``gates record``: read the history of a release, and prove that nobody has changed it."""

from __future__ import annotations

import json as jsons
import sys
from typing import Annotated

import typer

record = typer.Typer(help="The history of a release.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The record's name, as `gates record list` shows it.")]


@record.command("list")
def list_() -> None:
    """List every record: releases, later checks, follow-ups, phases run alone."""
    from deployments.terminal import say, table
    from flows.journey import FOLDERS, open_store
    from tasks.connect.settings import Settings
    from tasks.record import names

    store = open_store(Settings.from_environment())
    rows = [(name, kind) for kind, folder in FOLDERS.items() for name in names(store, folder)]
    if not rows:
        say("There are no records yet.")
        return
    table(("Record", "Of"), rows)


@record.command("show")
def show(
    name: Name,
    json: Annotated[bool, typer.Option("--json", help="Every entry as one line of JSON, the plan too.")] = False,
) -> None:
    """Tell a record from its first entry to its last."""
    from deployments.listing import record_of
    from deployments.progress import story
    from deployments.terminal import say

    found, _folder = record_of(name)
    if json:
        for entry in found.entries:
            shape = {"n": entry.n, "at": entry.at.isoformat(), "type": entry.type, "by": entry.by, "body": dict(entry.body)}
            sys.stdout.write(jsons.dumps(shape, ensure_ascii=False) + "\n")
        return
    for entry in found.entries:
        who = f" by {entry.by}" if entry.type in ("signed", "waived") else ""
        say(f"{entry.n:4} {entry.at:%Y-%m-%d %H:%M:%S} {entry.type}{who}: {story(entry)}")


@record.command("verify")
def verify(
    name: Name,
    last: Annotated[str, typer.Option(help="The digest that the final notice told, or the run's page: it must be there.")] = "",
) -> None:
    """Check every entry's hash and every piece of evidence; exit status 1 when anything is wrong."""
    from deployments.listing import folder_of
    from deployments.terminal import complain, say
    from flows.journey import open_store
    from tasks.connect.settings import Settings
    from tasks.record import Record
    from tasks.record import verify as wrong_with

    store = open_store(Settings.from_environment())
    folder = folder_of(name)
    kept = last.strip().lower()
    wrong = wrong_with(store, name, folder, last=kept)
    if wrong:
        for sentence in wrong:
            complain(sentence)
        raise typer.Exit(1)
    entries = Record(store, name, folder).entries
    say(f"{name} holds: {len(entries)} entries, the last one's digest is {entries[-1].digest}.")
    if kept:
        since = len(entries) - 1 - [entry.digest for entry in entries].index(kept)
        say(f"The digest that was kept is entry {entries[-1].n - since}'s; {since} came since.")
