"""``gates status``, ``gates inbox``, ``gates lock``: how things stand, from the records."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from deployments.waiting import Waiting

Name = Annotated[str, typer.Argument(help="A release's name; without it, all of them.")]

lock = typer.Typer(help="Which release has which environment.", no_args_is_help=True)


def status(release: Name = "") -> None:
    """List the releases, or show one release's checklist as it stands."""
    from deployments.terminal import say, table

    if release:
        show(release)
        return
    from deployments.listing import rows
    from deployments.strays import strays

    every = list(rows())
    if not every:
        say("There are no releases yet.")
        return
    found = [(row.release, row.title, row.state, row.where, _moment(row.since)) for row in every]
    table(("Release", "What", "State", "Where", "Since"), found)
    say(*strays(every))


def inbox() -> None:
    """List what waits for people: for whom, since when, and where to answer."""
    from deployments.terminal import say
    from deployments.waiting import waiting

    found = list(waiting())
    if not found:
        say("Nothing waits for anybody.")
    for each in found:
        _show(each)


def show(release: str) -> None:
    """Print a release's checklist as it stands. Raises ``DefinitionError`` when there is no such release."""
    from checklists.plan import Plan
    from checklists.standing import standings
    from deployments.listing import record_of
    from deployments.terminal import say
    from deployments.ticked import checklist
    from flows.journey import open_store
    from flows.later import with_later
    from tasks.connect.settings import Settings

    record, _folder = record_of(release)
    plan = Plan.model_validate(record.entries[0].body["plan"])
    store = open_store(Settings.from_environment())
    checklist(plan, with_later(store, record.name, plan, standings(plan, record.entries)))
    ended = record.last("ended")
    if ended:
        say(f"{ended.body['state']}: {ended.body['summary']}")
    elif record.entries[-1].type == "held":
        say(f"Waiting: {record.entries[-1].body['title']}. See `gates inbox`.")


@lock.command("list")
def lock_list() -> None:
    """List the environments that a release has, and those that were given back."""
    from deployments.terminal import say, table
    from flows.journey import open_store
    from tasks.connect.settings import Settings
    from tasks.lock import EnvironmentLock
    from tasks.record import names

    store = open_store(Settings.from_environment())
    rows = []
    for name in names(store, "locks"):
        checklist, _, environment = name.partition(".")
        log = EnvironmentLock(store, checklist, environment)
        holder = log.holder()
        since = f"{holder.since:%Y-%m-%d %H:%M} UTC" if holder else ""
        rows.append((checklist, environment, holder.release if holder else "free", since, log.last_holder()))
    if not rows:
        say("No environment was ever taken.")
        return
    table(("Checklist", "Environment", "Taken by", "Since", "Last release"), rows)


@lock.command("show")
def lock_show(checklist: str, environment: str) -> None:
    """Say who has an environment; exit status 1 when somebody has."""
    from deployments.terminal import say
    from flows.journey import open_store
    from tasks.connect.settings import Settings
    from tasks.lock import EnvironmentLock

    holder = EnvironmentLock(open_store(Settings.from_environment()), checklist, environment).holder()
    if holder is None:
        say(f"{checklist} in {environment} is free.")
        return
    say(
        f"{checklist} in {environment} is taken by {holder.release} since {holder.since:%Y-%m-%d %H:%M} UTC.",
        f"It is given back when that release ends: `gates continue {holder.release}` or `gates rollback {holder.release}`.",
    )
    raise typer.Exit(1)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def _show(waiting: Waiting) -> None:
    from deployments.home import Home
    from deployments.terminal import Line, say

    plan, ui = waiting.journey.plan, Home.of_environment().running().get("ui", "")
    say(
        Line(f"{waiting.release}: {waiting.hold.title}", "bold"),
        f"  {plan.title} {plan.version} → {plan.environment}, since {waiting.since:%Y-%m-%d %H:%M} UTC",
        f"  for {', '.join(waiting.roles) or 'anybody in the registry'}; answers: {', '.join(waiting.hold.decisions)}",
    )
    for number, item in enumerate(waiting.hold.items, start=1):
        blanks = ", ".join(f"{blank.name} ({blank.title})" for blank in (item.ask.blanks if item.ask else ()))
        say(f"    {number}. {item.title}{f' [{item.ask.by}]' if item.ask else ''}{f'; to fill in: {blanks}' if blanks else ''}")
    link = f"{ui}/runs/flow-run/{waiting.run}" if ui else f"run {waiting.run}"
    say(f"  {link} (menu → Resume), or: gates sign {waiting.release} --as <you>")
