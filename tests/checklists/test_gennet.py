"""The GenNet checklist says what the team's document says, in an order in which a release can answer it."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import Loaded, load
from checklists.model import Item, Phase
from checklists.places import Place, places
from checklists.plan import Plan
from checklists.request import Request

PATH = Path(__file__).parents[2] / "checklists" / "gennet.yaml"
DOCUMENT = Path(__file__).parent / "sources" / "gennet.md"
GO, NO_GO = range(290, 298), range(301, 307)
_HEADING = re.compile(r"^#{2,3} (.*)$")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(PATH)


@pytest.fixture(scope="module")
def every(loaded: Loaded) -> list[Place]:
    return [place for place in places(loaded.checklist) if place.item.line]


def planned(loaded: Loaded, environment: str = "production", **answers: object) -> Plan:
    return bind(loaded, Request(environment, "1.2.0", "rita", answers=answers))


def test_every_line_stands_under_the_heading_that_it_has_in_the_document(every: list[Place]) -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    headings = {number: match[1] for number, line in enumerate(lines, start=1) if (match := _HEADING.match(line))}
    above = {
        place.item.line: headings[max(number for number in headings if number < (place.item.line or 0))] for place in every
    }

    assert above == {place.item.line: place.section.title for place in every}


def test_a_line_below_another_is_its_child(every: list[Place]) -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    inner = {number for number, line in enumerate(lines, start=1) if line.startswith("  - [")}

    assert {place.item.line for place in every if place.parents} == inner


def test_whatever_a_person_decides_says_why(every: list[Place]) -> None:
    silent = [place.item.title for place in every if place.item.approve and not place.item.approve.why.endswith(".")]

    assert silent == []


def test_every_role_signs_something(loaded: Loaded, every: list[Place]) -> None:
    assert {place.item.approve.by for place in every if place.item.approve} == set(loaded.checklist.roles)


def test_most_lines_are_decided_by_checks_and_actions(every: list[Place]) -> None:
    """A review and a plain approval wait for a person; everything else does not."""

    def kind(place: Place) -> str:
        approve = place.item.approve
        return "automated" if approve is None else "reviewed" if approve.review else "manual"

    assert Counter(map(kind, every)) == {"automated": 156, "reviewed": 13, "manual": 8}


def test_go_or_no_go_is_decided_right_before_the_first_change(loaded: Loaded) -> None:
    titles = [phase.title for phase in loaded.checklist.phases]
    decision = loaded.checklist.phases[titles.index("Go/No-Go Decision")]
    before = [item for phase in loaded.checklist.phases[: titles.index("Deployment Steps")] for item in _all(phase)]
    changing = [item.title for item in before if item.action and not item.arguments.get("leaves_nothing")]

    assert titles.index("Deployment Steps") == titles.index("Go/No-Go Decision") + 1
    assert changing == []
    assert [item.line for item in decision.sections[0].items] == list(GO)
    assert [item.line for item in decision.sections[1].items] == list(NO_GO)
    assert [section.decision for section in decision.sections] == ["go/no-go", "go/no-go"]
    assert [bool(section.trouble) for section in decision.sections] == [False, True]


@pytest.mark.parametrize(
    ("answers", "left_out"),
    [
        pytest.param({}, set(), id="everything applies"),
        pytest.param({"penetration_test": False}, {57}, id="no penetration test required"),
        pytest.param({"read_replicas": False}, {127}, id="no read replicas"),
    ],
)
def test_a_condition_in_brackets_leaves_its_line_out(loaded: Loaded, answers: dict[str, object], left_out: set[int]) -> None:
    plan = planned(loaded, **answers)

    assert {item.line for item in plan.lines() if item.skip} == left_out


def test_production_keeps_backups_for_thirty_days(loaded: Loaded) -> None:
    kept = {
        environment: next(item for item in planned(loaded, environment).lines() if item.line == 94).checks[0].arguments["days"]
        for environment in ("staging", "production")
    }

    assert kept == {"staging": 7, "production": 30}


@pytest.mark.parametrize(
    ("certificates", "asked"),
    [
        pytest.param("ACM", "aws.acm.issued", id="ACM"),
        pytest.param("cert-manager", "kubernetes.certificates.renewed", id="cert-manager"),
    ],
)
def test_certificates_are_looked_for_where_they_are_issued(loaded: Loaded, certificates: str, asked: str) -> None:
    plan = planned(loaded, certificates=certificates)
    calls = {call.id for item in plan.items() for call in item.checks}

    assert calls & {"aws.acm.issued", "kubernetes.certificates.renewed"} == {asked}


def test_time_headings_are_blocks_that_come_when_they_say(loaded: Loaded) -> None:
    found = {block.title: (block.after, block.every, block.until) for block in loaded.checklist.post_deployment}

    assert found == {
        "Immediate (First Hour)": ("10m", "10m", "1h"),
        "First 24 Hours": ("24h", None, None),
        "First Week": ("7d", None, None),
    }


def _all(phase: Phase) -> Iterator[Item]:
    for section in phase.sections:
        yield from _below(section.items)


def _below(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _below(item.items)
