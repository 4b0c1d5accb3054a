"""Every line of every checklist we bring is accounted for, in whichever environment and by whichever option."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checklists.binding import bind
from checklists.excerpt import of_block
from checklists.loader import Loaded, load
from checklists.plan import Gate, Plan
from checklists.report import OPEN, tally
from checklists.request import Request
from checklists.standing import standings
from tasks.core.verdicts import Status, Verdict
from tests.checklists.standing_cases import LIT, entries, signed, told

CHECKLISTS = sorted((Path(__file__).parents[2] / "checklists").glob("*.yaml"))


def ways(loaded: Loaded) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every environment with every parameter at its default, then with each choice and each switch the other way."""
    for environment in loaded.checklist.environments:
        yield environment, {}
        for name, parameter in loaded.checklist.parameters.items():
            others = parameter.choices if parameter.type == "choice" else (True, False) if parameter.type == "boolean" else ()
            yield from ((environment, {name: other}) for other in others if other != parameter.default)


CASES = [
    pytest.param(
        bind(loaded, Request(environment, "1.0.0", "rita", answers=answers)), id=f"{path.stem} {environment} {answers}"
    )
    for path in CHECKLISTS
    for loaded in [load(path)]
    for environment, answers in ways(loaded)
]


def passed(gate: Gate) -> list[tuple[str, dict[str, Any]]]:
    """Its actions performed, its checks passed, its people satisfied."""
    done = [told("performed", item.id) for item in gate.actions if item.action and not item.skip]
    asked = [item.id for item in gate.items if item.ask and not item.skip]
    seen = {item.id: LIT for item in gate.items if not item.skip and (item.checks or item.ask)}
    return [*done, _sampled(seen), *([signed(*asked)] if asked else [])]


def _sampled(verdicts: dict[str, Verdict]) -> tuple[str, dict[str, Any]]:
    return "sampled", {"place": "0-0-1", "verdicts": {name: verdict.as_json() for name, verdict in verdicts.items()}}


def released(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    """A release on which everything went well, up to its end."""
    through = [entry for phase in plan.phases for gate in phase.gates for entry in passed(gate)]
    due = [
        ("scheduled", {"name": f"{block.id}-1", "title": block.title, "at": "2031-05-05T12:00:00+00:00"})
        for block in plan.post_deployment
    ]
    return [*through, ("finished", {}), *due, ("ended", {"state": "Released", "summary": ""})]


@pytest.mark.parametrize("plan", CASES)
def test_a_release_that_goes_well_leaves_no_line_open(plan: Plan) -> None:
    found = standings(plan, entries(*released(plan)))

    assert [item.title for item in plan.lines() if tally([item], found)[OPEN]] == []


@pytest.mark.parametrize("plan", CASES)
def test_a_rollback_leaves_only_its_follow_up_to_people(plan: Plan) -> None:
    rollback = [*passed(plan.rollback.steps), *passed(plan.rollback.verification)]
    begun, ended = ("rollback begun", {"reason": "Late."}), ("rollback ended", {"complete": True})
    end = ("ended", {"state": "Rolled back", "summary": ""})
    found = standings(plan, entries(*released(plan)[:-1], begun, *rollback, ended, end))
    left = {item.id for item in plan.rollback.follow_up.items}

    assert [item.title for item in plan.lines() if tally([item], found)[OPEN] and item.id not in left] == []


@pytest.mark.parametrize("plan", CASES)
def test_a_later_block_that_goes_well_leaves_none_of_its_lines_open(plan: Plan) -> None:
    for block in plan.post_deployment:
        part = of_block(plan, block)
        found = standings(part, entries(*passed(part.phases[0].gates[0])))

        assert [item.title for item in part.lines() if tally([item], found)[OPEN]] == []


@pytest.mark.parametrize("plan", CASES)
def test_every_item_stands_once_and_after_what_is_under_it(plan: Plan) -> None:
    gates = [gate for phase in plan.phases for gate in phase.gates]
    place = {item.id: number for number, gate in enumerate(gates) for item in gate.all()}
    early = [
        item.title
        for gate in gates
        for item in gate.items
        for child in item.children
        if place[item.id] < place[child] and not item.skip
    ]

    assert [name for name, count in Counter(item.id for item in plan.items()).items() if count > 1] == []
    assert early == []


@pytest.mark.parametrize("plan", CASES)
def test_a_parent_of_lines_that_do_not_apply_does_not_apply(plan: Plan) -> None:
    found = standings(plan, entries(*released(plan)))
    skipped = {name for name, each in found.items() if each.verdict and each.verdict.status is Status.SKIPPED}
    own = [item for item in plan.main() if item.children and not (item.checks or item.ask or item.action)]

    assert [item.title for item in own if (set(item.children) <= skipped) != (item.id in skipped)] == []
