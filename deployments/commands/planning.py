"""``gates check`` and ``gates plan``: what a checklist says, before anything runs. Neither needs a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.releasing import Answer, Checklist, Environment, RequestedBy, Ticket, Version, frozen


def check(path: Annotated[Path, typer.Argument(help="A checklist file, or a folder of them.")]) -> None:
    """Find every mistake in a checklist file."""
    from checklists.loader import load
    from checklists.places import places
    from deployments.terminal import complain, say
    from tasks.core.errors import DefinitionError

    wrong = False
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise DefinitionError("there is no checklist in this folder; they end in .yaml", str(path))
    for each in files:
        try:
            boxes = [place for place in places(load(each).checklist) if place.item.item]
            say(f"{each}: no mistake, {len(boxes)} lines with a box.")
        except DefinitionError as error:
            wrong = True
            complain(str(error))
    if wrong:
        raise typer.Exit(2)


def plan(  # noqa: PLR0917  its parameters are options by name
    checklist: Checklist,
    version: Version = "0.0.0",
    requested_by: RequestedBy = "nobody",
    environment: Environment = "production",
    ticket: Ticket = "",
    answer: Answer = None,
    json: Annotated[bool, typer.Option("--json", help="The frozen plan as JSON.")] = False,
) -> None:
    """Show what a release would do, who would be asked, and what is missing."""
    from checklists.preview import preview
    from deployments.terminal import console
    from tasks.approvals import Registry
    from tasks.connect.settings import Settings

    found = frozen(checklist, environment, version, requested_by, ticket, answer or [])
    if json:
        sys.stdout.write(found.model_dump_json(indent=2) + "\n")
        return
    people = Settings.from_environment().approvers
    text = preview(found, Registry.load(people) if people.exists() else Registry({}))
    if sys.stdout.isatty():
        from rich.markdown import Markdown

        console().print(Markdown(text))
    else:
        sys.stdout.write(text + "\n")
