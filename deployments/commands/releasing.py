"""``gates release``, ``gates rollback``, ``gates continue``: what sets runs going."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from deployments.server import require_server
from tasks.core.errors import DefinitionError

if TYPE_CHECKING:
    from checklists.plan import Plan
    from tasks.record import Record

Checklist = Annotated[str, typer.Argument(help="The checklist's name.")]
Environment = Annotated[str, typer.Option("--environment", "-e", help="One of the checklist's environments.")]
Version = Annotated[str, typer.Option("--version", "-v", help="What is released, such as 1.4.0.")]
RequestedBy = Annotated[
    str, typer.Option("--requested-by", "-r", help="Your ID in the registry; you cannot sign this release.")
]
Ticket = Annotated[str, typer.Option(help="The change ticket.")]
Answer = Annotated[list[str] | None, typer.Option("--answer", "-a", help="A parameter of the checklist, as name=value.")]
Release = Annotated[str, typer.Argument(help="The release's name, as `gates status` shows it.")]
Watch = Annotated[bool, typer.Option("--watch", "-w", help="Tell what happens until the end.")]

_GOOD = ("Released", "Dry run", "Passed")
_LOOK_EVERY = 0.5


def release(  # noqa: PLR0917  its parameters are options by name
    checklist: Checklist,
    version: Version,
    requested_by: RequestedBy,
    environment: Environment = "production",
    ticket: Ticket = "",
    answer: Answer = None,
    watch: Watch = False,
    dry_run: Annotated[bool, typer.Option(help="Show what would run on the run's page, and stop.")] = False,
) -> None:
    """Release a system. With --watch the exit status is 0 for Released and 1 for any other end."""
    plan = frozen(checklist, environment, version, requested_by, ticket, answer or [])
    require_server()
    _require_approvers()
    from deployments import runs
    from deployments.terminal import say

    parameters = {
        "checklist": checklist,
        "environment": environment,
        "version": version,
        "requested_by": requested_by,
        "change_ticket": ticket,
        "answers": {checklist: {name: plan.parameters[name] for name in parsed(answer or [])}},
        "dry_run": dry_run,
    }
    run = runs.start(f"release/{environment}", parameters)
    say(f"{plan.title} {version} → {environment}: {runs.page(run)}")
    if watch:
        raise typer.Exit(0 if follow(run) in _GOOD else 1)


def rollback(
    release: Release,
    reason: Annotated[str, typer.Option(help="Why it is taken back, in the checklist's words or your own.")] = "",
    watch: Watch = False,
) -> None:
    """Take a release back: also one whose run is gone, or that ended days ago."""
    from deployments.listing import record_of

    record, _folder = record_of(release)
    if not reason:
        raise DefinitionError(_reasons(record))
    require_server()
    from deployments import runs
    from deployments.terminal import say

    environment = record.entries[0].body["plan"]["environment"]
    run = runs.start(f"rollback/{environment}", {"release_id": release, "reason": reason})
    say(f"Rollback of {release}: {runs.page(run)}")
    if watch:
        raise typer.Exit(0 if _watched(run, record, skip=len(record.entries)) in ("Rolled back", "Nothing to do") else 1)


def _reasons(record: Record) -> str:
    from checklists.plan import PlanRollback
    from checklists.suggestions import listed, shown

    offered = PlanRollback.model_validate(record.entries[0].body["plan"]["rollback"]).offered
    told = listed((*(shown(each) for each in offered), "your own words"), "or")
    return f"Say why {record.name} is taken back with --reason: {told}."


def continue_(
    release: Release,
    force: Annotated[bool, typer.Option(help="Also when the run seems to be running: its machine may be gone.")] = False,
) -> None:
    """Set a release going again that crashed, got stuck, or should look at its hold."""
    from deployments.listing import record_of

    record, _folder = record_of(release)
    ended = record.last("ended")
    if ended and not (record.last("rollback begun") and not record.last("rollback ended")):
        raise DefinitionError(f"{release} has ended as '{ended.body['state']}'; there is nothing to go on with.")
    require_server()
    from deployments import runs
    from deployments.terminal import say

    held = record.last("held")
    run = record.entries[0].body.get("flow_run") or (held.body["flow_run"] if held else "")
    if not run:
        raise DefinitionError(f"The record of {release} names no run; start its deployment again in the UI.")
    say(runs.go_on(run, force=force), runs.page(run))


def frozen(  # noqa: PLR0917
    checklist: str, environment: str, version: str, requested_by: str, ticket: str, answers: Sequence[str]
) -> Plan:
    """The plan that a release of this would have. Raises ``DefinitionError`` with everything that is wrong."""
    from checklists.request import Request
    from flows.freezing import freeze

    return freeze(checklist, Request(environment, version, requested_by, ticket, parsed(answers)))


def _require_approvers() -> None:
    from tasks.approvals import Registry
    from tasks.connect.settings import Settings

    Registry.load(Settings.from_environment().approvers)


def parsed(answers: Sequence[str]) -> dict[str, str]:
    """``name=value`` pairs. Raises ``DefinitionError`` for anything else."""
    found: dict[str, str] = {}
    for answer in answers:
        name, equals, value = answer.partition("=")
        if not equals or not name.strip():
            raise DefinitionError(f"'{answer}' is not of the form name=value; write for instance --answer region=eu-west-1.")
        found[name.strip()] = value
    return found


def follow(run: str, *, meanwhile: Callable[[], object] = lambda: None) -> str:
    """Tell a release as it goes, until its run has ended; the name of the run's last state. ``meanwhile`` may raise."""
    from deployments import runs
    from flows.journey import names_ending_in, open_store
    from tasks.connect.settings import Settings
    from tasks.record import Record

    while not (found := names_ending_in(run.replace("-", "")[:12])):
        meanwhile()
        now = runs.state(run)
        if now.is_final():
            return _last_word(now)
        time.sleep(_LOOK_EVERY)
    return _watched(run, Record(open_store(Settings.from_environment()), found[0]), skip=0, meanwhile=meanwhile)


def _watched(run: str, record: Record, *, skip: int, meanwhile: Callable[[], object] = lambda: None) -> str:
    from checklists.plan import Plan
    from deployments import runs
    from deployments.progress import Progress
    from deployments.terminal import say

    progress = Progress(Plan.model_validate(record.entries[0].body["plan"]), runs.page)
    told = skip
    while True:
        meanwhile()
        now = runs.state(run)
        record.refresh()
        for entry in record.entries[told:]:
            say(*progress.told(record.name, entry))
        told = len(record.entries)
        if now.is_final():
            return str(now.name) if record.last("ended") else _last_word(now)
        time.sleep(_LOOK_EVERY)


def _last_word(now: Any) -> str:
    from deployments.terminal import say

    say(f"{now.name}. {now.message or ''}".strip())
    return str(now.name)
