"""What is wrong in a well-shaped checklist: parts that contradict, names that lead nowhere, arguments that do not fit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from checklists import references, templates
from checklists.arguments import known, misnamed, mistyped
from checklists.lines import Location
from checklists.model import Approval, Checklist
from checklists.parameters import default, unfit
from checklists.parts import misplaced
from checklists.places import RESERVED, TRIGGERS, Place, places, sections
from checklists.references import Mistake
from checklists.suggestions import meant, shown


def mistakes(checklist: Checklist) -> Iterator[Mistake]:
    """Every mistake that can be seen before an environment and answers are known."""
    every = places(checklist)
    yield from _of_the_whole(checklist)
    yield from _of_parameters(checklist)
    yield from _of_roles(checklist, every)
    yield from _of_environments(checklist, every)
    yield from _of_ids(every)
    yield from _of_blocks(checklist)
    for place in every:
        yield from _of_an_item(place)
        yield from _of_calls(place)
    yield from misplaced(checklist, every)
    yield from references.mistakes(checklist, every)


def _of_the_whole(checklist: Checklist) -> Iterator[Mistake]:
    workspace = PurePosixPath(checklist.workspace)
    if workspace.is_absolute() or ".." in workspace.parts:
        yield ("workspace",), f"The workspace {shown(checklist.workspace)} must be a folder below GATES_WORKSPACES."
    taken = {*RESERVED, templates.CAPTURED, "outcome", "true", "false"}
    for name in sorted(taken & checklist.parameters.keys()):
        yield ("parameters", name), f"The name '{name}' has a meaning of its own in templates; choose another."
    for where, environment in checklist.environments.items():
        for name in environment.values:
            location = ("environments", where, "values", name)
            if name in checklist.parameters:
                yield location, f"'{name}' is a parameter too; choose another name for one of them."
            if name in taken:
                yield location, f"The name '{name}' has a meaning of its own in templates; choose another."
            if templates.is_template(environment.values[name]):
                yield location, f"The value '{name}' is itself never rendered; write it without a template."


def _of_parameters(checklist: Checklist) -> Iterator[Mistake]:
    for name, parameter in checklist.parameters.items():
        location: Location = ("parameters", name)
        bad = _bad_pattern(parameter.pattern)
        if bad:
            yield (*location, "pattern"), bad
        if parameter.type == "choice" and not parameter.choices:
            yield location, f"The parameter '{name}' is a choice without `choices:`."
        if parameter.type != "choice" and parameter.choices:
            yield (*location, "choices"), f"The parameter '{name}' has choices; write `type: choice`."
        if parameter.default is None and parameter.type != "text" and not parameter.required:
            yield location, f"The parameter '{name}' needs a `default:`, or `required: true`."
        if parameter.default is not None and not bad:
            for sentence in unfit(parameter, default(parameter)):
                yield (*location, "default"), f"The default of '{name}' {sentence}"


def _of_roles(checklist: Checklist, every: list[Place]) -> Iterator[Mistake]:
    named: list[tuple[Location, str]] = [(("waive_by",), checklist.waive_by)]
    if checklist.rollback:
        named.append((("rollback", "decide_by"), checklist.rollback.decide_by))
    named += [(("post_deployment", n, "decide_by"), each.decide_by) for n, each in enumerate(checklist.post_deployment)]
    named += [((*place.location, "approve", "by"), place.item.approve.by) for place in every if place.item.approve]
    for location, role in named:
        if role and role not in checklist.roles:
            yield location, f"There is no role '{role}' under `roles:`{meant(role, checklist.roles)}"


def _of_environments(checklist: Checklist, every: list[Place]) -> Iterator[Mistake]:
    limits: list[tuple[Location, tuple[str, ...]]] = []
    limits += [((*location, "environments"), section.environments) for _, location, section in sections(checklist)]
    limits += [((*place.location, "environments"), place.item.environments) for place in every]
    for location, environments in limits:
        for number, name in enumerate(environments):
            if name not in checklist.environments:
                yield (*location, number), f"There is no environment '{name}'{meant(name, checklist.environments)}"


def _of_ids(every: list[Place]) -> Iterator[Mistake]:
    seen: dict[str, Place] = {}
    for place in every:
        first = seen.setdefault(place.id, place)
        if first is not place:
            told = f"This item has the same ID '{place.id}' as {shown(first.item.title)}"
            yield place.location, f"{told}; give one of them an `id:` of its own."


def _of_blocks(checklist: Checklist) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, block in enumerate(checklist.post_deployment):
        location: Location = ("post_deployment", number)
        if block.id in seen:
            yield (*location, "id"), f"Two post-deployment blocks have the ID '{block.id}'; rename one."
        seen.add(block.id)
        if block.on_failure == "offer rollback" and not (block.decide_by or checklist.rollback):
            yield location, f"Nobody may decide on the rollback that '{block.id}' offers; name a role in `decide_by:`."
        if (block.every is None) != (block.until is None):
            yield location, f"The block '{block.id}' needs both `every:` and `until:` to repeat, or neither."


def _of_an_item(place: Place) -> Iterator[Mistake]:
    item, location = place.item, place.location
    if bool(item.item) == bool(item.step):
        yield location, "Write either `item:` (a line of the document) or `step:` (what has no box), not both and not neither."
    decided = item.check or item.checks or item.action
    if not (decided or item.approve or item.items or place.group == TRIGGERS):
        yield (
            location,
            f"Nothing decides {shown(item.title)}; give it a check, an action, `approve:` or children under `items:`.",
        )
    if item.arguments and not (item.check or item.action):
        yield (*location, "with"), "`with:` belongs to `check:` or `action:`, and there is neither."
    if item.check and item.action:
        yield (
            location,
            "`with:` would belong to both `check:` and `action:`; write the check under `checks:` with its own `with:`.",
        )
    if item.capture and not decided:
        yield (*location, "capture"), "Only a check or an action has facts to capture, and there is neither."
    if item.approve:
        yield from _of_an_approval(place, item.approve)


def _of_an_approval(place: Place, approval: Approval) -> Iterator[Mistake]:
    location: Location = (*place.location, "approve")
    if approval.review and not (place.item.check or place.item.checks):
        yield (*location, "review"), "A review needs at least one check that collects evidence for the person."
    names: set[str] = set()
    for number, blank in enumerate(approval.fields):
        bad = _bad_pattern(blank.pattern)
        if bad:
            yield (*location, "fields", number, "pattern"), bad
        if blank.name in names:
            yield (*location, "fields", number, "name"), f"The blank '{blank.name}' is there twice; rename one."
        names.add(blank.name)


def _of_calls(place: Place) -> Iterator[Mistake]:
    for location, kind, name, arguments in place.calls():
        try:
            definition = known(name, kind)
        except ValueError as error:
            yield (*location, kind), str(error)
            continue
        for argument, sentence in misnamed(definition, arguments):
            yield (*location, "with", argument) if argument else (*location, kind), sentence
        final = {key: value for key, value in arguments.items() if not templates.is_template(value)}
        for argument, sentence in mistyped(definition, final):
            yield (*location, "with", argument), sentence


def _bad_pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        return f"`{pattern}` is not a regular expression: {error}."
    return ""
