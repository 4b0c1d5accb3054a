"""``gates catalogue``, ``gates coverage``, ``gates permissions``: what there is, what is decided how, what it may do."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.commands.releasing import Checklist, Environment

if TYPE_CHECKING:
    from checklists.loader import Loaded


def catalogue(
    name: Annotated[str, typer.Argument(help="An ID, or a part of one; all of them when empty.")] = "",
    page: Annotated[bool, typer.Option("--page", help="The whole page in Markdown.")] = False,
) -> None:
    """Show the checks and actions a checklist may use."""
    from checklists.catalogue_page import catalogue_page, entry
    from checklists.suggestions import meant
    from deployments.terminal import table
    from tasks.core.errors import DefinitionError
    from tasks.core.registry import definitions

    if page:
        sys.stdout.write(catalogue_page())
        return
    every = [*definitions("check"), *definitions("action")]
    found = [each for each in every if name in each.id]
    exact = [each for each in every if each.id == name]
    if not found:
        raise DefinitionError(
            f"There is no check or action '{name}' in the catalogue{meant(name, [each.id for each in every])}"
        )
    if len(found) == 1 or exact:
        sys.stdout.write(entry((exact or found)[0]) + "\n")
        return
    table(("ID", "Kind", "What it asserts or does"), [(each.id, each.kind, each.title) for each in found])


def coverage(
    folder: Annotated[Path | None, typer.Option(help="Folder of checklist files; GATES_CHECKLISTS when not given.")] = None,
    environment: Annotated[
        str, typer.Option(help="Where lines may not apply, with every parameter at its default.")
    ] = "production",
    check: Annotated[bool, typer.Option("--check", help="Compare with the teams' documents, word for word.")] = False,
) -> None:
    """Show for every checklist and phase how its lines are decided; exit status 1 when one of a team's lines is not there."""
    from checklists.coverage import WAYS
    from checklists.coverage import coverage as rows_of
    from checklists.loader import load, names
    from deployments.terminal import table
    from tasks.connect.settings import Settings

    place = folder or Settings.from_environment().checklists
    every = [load(place / f"{name}.yaml") for name in names(place)]
    rows = [row for loaded in every for row in rows_of(loaded, environment)]
    cells = [
        (row.checklist, row.part, *(str(row.counts[way]) for way in WAYS), str(row.conditional), str(row.lines)) for row in rows
    ]
    sums = [sum(row.counts[way] for row in rows) for way in WAYS]
    total = ("all", "", *map(str, sums), str(sum(row.conditional for row in rows)), str(sum(row.lines for row in rows)))
    table(("Checklist", "Part", *(way.capitalize() for way in WAYS), "Conditional", "Lines"), [*cells, total])
    if check:
        _compare(every, place)


def _compare(every: Sequence[Loaded], folder: Path) -> None:
    """Say how each checklist differs from the team's document; exit status 1 when one does, or when it has none."""
    from checklists.source import boxes, differences, document
    from deployments.terminal import complain, say

    wrong = 0
    for checklist in (loaded.checklist for loaded in every):
        found = document(checklist, folder)
        if found is None:
            wrong += 1
            complain(f"{checklist.checklist}: its document {checklist.source or '(none named)'} is not there; see `source:`.")
            continue
        text = found.read_text(encoding="utf-8")
        told = list(differences(checklist, text))
        wrong += len(told)
        for sentence in told:
            complain(f"{checklist.checklist}: {sentence}")
        if not told:
            say(f"{checklist.checklist}: all {len(boxes(text))} lines of {found.name} are there, word for word.")
    if wrong:
        raise typer.Exit(1)


def permissions(
    checklist: Checklist,
    environment: Environment = "production",
    actions: Annotated[bool, typer.Option("--actions", help="What the actions need too, not only the checks.")] = False,
) -> None:
    """Print the least IAM policy and Kubernetes roles that a checklist's checks need."""
    from checklists.permissions import iam_policy, kubernetes_roles, needed
    from checklists.request import Request
    from flows.freezing import freeze

    name = Path(checklist).stem if checklist.endswith(".yaml") else checklist
    wanted = needed(freeze(name, Request(environment, "0.0.0", "nobody")), actions=actions)
    documents = {"iam": iam_policy(wanted)}
    if any(each.startswith("kubernetes:") for each in wanted):
        documents["kubernetes"] = kubernetes_roles(wanted, f"gates-{name}")
    sys.stdout.write(json.dumps(documents, indent=2) + "\n")
