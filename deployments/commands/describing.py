"""``gates catalogue``, ``gates coverage``, ``gates permissions``: what there is, what is decided how, what it may do."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from deployments.commands.releasing import Checklist, Environment


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
) -> None:
    """Show for every checklist and phase how its lines are decided."""
    from checklists.coverage import WAYS
    from checklists.coverage import coverage as rows_of
    from checklists.loader import load, names
    from deployments.terminal import table
    from tasks.connect.settings import Settings

    place = folder or Settings.from_environment().checklists
    rows = [row for name in names(place) for row in rows_of(load(place / f"{name}.yaml").checklist)]
    cells = [
        (row.checklist, row.part, *(str(row.counts[way]) for way in WAYS), str(row.conditional), str(row.lines)) for row in rows
    ]
    sums = [sum(row.counts[way] for row in rows) for way in WAYS]
    total = ("all", "", *map(str, sums), str(sum(row.conditional for row in rows)), str(sum(row.lines for row in rows)))
    table(("Checklist", "Part", *(way.capitalize() for way in WAYS), "Conditional", "Lines"), [*cells, total])


def permissions(
    checklist: Checklist,
    environment: Environment = "production",
    actions: Annotated[bool, typer.Option("--actions", help="What the actions need too, not only the checks.")] = False,
) -> None:
    """Print the least IAM policy and Kubernetes Role that a checklist's checks need."""
    from checklists.permissions import iam_policy, kubernetes_role, needed
    from checklists.request import Request
    from flows.freezing import freeze

    name = Path(checklist).stem if checklist.endswith(".yaml") else checklist
    wanted = needed(freeze(name, Request(environment, "0.0.0", "nobody")), actions=actions)
    documents = {"iam": iam_policy(wanted)}
    if any(each.startswith("kubernetes:") for each in wanted):
        documents["kubernetes"] = kubernetes_role(wanted, f"gates-{name}")
    sys.stdout.write(json.dumps(documents, indent=2) + "\n")
