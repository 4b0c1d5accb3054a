"""``gates sign``: answer a hold from a terminal. What is not given is asked for; the code is never shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from deployments.commands.releasing import Release, parsed
from deployments.server import require_server
from tasks.core.errors import ApprovalError

if TYPE_CHECKING:
    from deployments.waiting import Waiting
    from tasks.approvals import Person

Person_ = Annotated[str, typer.Option("--as", help="Your ID in the registry of approvers.")]
Blank = Annotated[
    list[str] | None, typer.Option("--blank", "-b", help="A blank, as name=text, or 2.name=text for the second item.")
]
Item = Annotated[
    list[str] | None, typer.Option("--item", "-i", help="Number, ID or title of an item; all of your role without.")
]


def sign(  # noqa: PLR0917  its parameters are options by name
    release: Release,
    person: Person_ = "",
    code: Annotated[str, typer.Option(help="Your one-time code; asked for when it is not given.")] = "",
    decision: Annotated[str, typer.Option("--decision", "-d", help="approve, reject, go, no go, re-check, waive, …")] = "",
    item: Item = None,
    blank: Blank = None,
    comment: Annotated[str, typer.Option("--comment", "-c", help="For the record; a waiver needs one.")] = "",
    until: Annotated[str, typer.Option(help="End of a waiver, as YYYY-MM-DD; one day without.")] = "",
) -> None:
    """Sign or decide what waits. Exit status 0 when it counted, 1 when it did not."""
    from deployments.terminal import complain, say
    from deployments.waiting import waiting_for

    require_server()
    hold = waiting_for(release)
    who = _registered(hold, person or _asked("Who are you (ID)?", "--as"))
    chosen = decision or _decision(hold)
    blanks = _filled_in(hold, who, chosen, parsed(blank or []), item or [])
    from deployments import answers

    answer = answers.filled(
        hold, who.id, code or _asked("One-time code", "--code", hidden=True), chosen,
        items=item or [], blanks=blanks, comment=comment, until=until,
    )  # fmt: skip
    answers.send(hold, answer)
    entry = answers.outcome(hold)
    if entry.type == "refused":
        complain(f"It does not count: {entry.body['reason']}")
        raise typer.Exit(1)
    say(f"{who.name}: {chosen} counts, for {', '.join(hold.journey.titled(list(entry.body['items']))) or hold.hold.title}.")


def _registered(hold: Waiting, name: str) -> Person:
    from tasks.approvals import Registry

    return Registry.load(hold.journey.settings.approvers).who(name)


def _decision(hold: Waiting) -> str:
    ways = list(hold.hold.decisions)
    return _asked(f"{hold.hold.title}: {', '.join(ways)}?", "--decision")


def _filled_in(hold: Waiting, who: Person, decision: str, given: dict[str, str], items: list[str]) -> dict[str, str]:
    """The blanks given, and those asked for: of the items that this person is about to sign."""
    from checklists.standing import SIGNING
    from deployments.answers import index_of

    if decision not in SIGNING:
        return given

    chosen = [hold.hold.items[index_of(hold, name)] for name in items] or list(hold.hold.items)
    for number, item in enumerate(hold.hold.items, start=1):
        for blank in item.ask.blanks if item.ask and item in chosen and item.ask.by in who.roles else ():
            known = blank.name in given or f"{number}.{blank.name}" in given
            if blank.required and not known:
                option = f"--blank {number}.{blank.name}=…"
                given[f"{number}.{blank.name}"] = _asked(f"{item.title}: {blank.title}", option)
    return given


def _asked(question: str, option: str, *, hidden: bool = False) -> str:
    if not sys.stdin.isatty():
        raise ApprovalError(f"{question.rstrip('?')} is missing; give it with {option}.")
    return str(typer.prompt(question, hide_input=hidden)).strip()
