"""The kalendlytic checklist asks each release what applies to it, in an order in which it can be done."""

import re
from collections import Counter
from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import Loaded, load
from checklists.places import Place, places
from checklists.plan import Plan
from checklists.request import Request

PATH = Path(__file__).parents[2] / "checklists" / "kalendlytic.yaml"
DOCUMENT = Path(__file__).parent / "sources" / "kalendlytic.md"
ENVIRONMENTS = ("development", "staging", "production")
DEVELOPMENT = [*range(53, 58), 231, 232]
STAGING = [*range(60, 66), 235, 236]
PRODUCTION = [17, *range(68, 83), 128, 134, 147, 152, *range(239, 243)]
BACKED_UP = [126, 129, 198]  # not in development, which keeps no backup (line 56)
_HEADING = re.compile(r"^#{2,3} (.*)$")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(PATH)


@pytest.fixture(scope="module")
def every(loaded: Loaded) -> list[Place]:
    return places(loaded.checklist)


def planned(loaded: Loaded, environment: str, **answers: object) -> Plan:
    return bind(loaded, Request(environment, "1.2.0", "rita", answers=answers))


def skipped(plan: Plan) -> list[int]:
    return sorted(item.line or 0 for item in plan.lines() if item.skip)


def test_every_line_stands_under_the_heading_that_it_has_in_the_document(every: list[Place]) -> None:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    headings = {number: match[1] for number, line in enumerate(lines, start=1) if (match := _HEADING.match(line))}
    above = {
        place.item.line: headings[max(number for number in headings if number < place.item.line)]
        for place in every
        if place.item.line
    }

    assert above == {place.item.line: place.section.title for place in every if place.item.line}


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

    assert Counter(kind(place) for place in every if place.item.line) == {"automated": 119, "reviewed": 17, "manual": 13}


@pytest.mark.parametrize(
    ("environment", "answers", "left_out"),
    [
        pytest.param("development", {}, [23, *STAGING, *PRODUCTION, *BACKED_UP, 116], id="development"),
        pytest.param("staging", {}, [23, *DEVELOPMENT, *PRODUCTION, 116], id="staging"),
        pytest.param("production", {}, [23, *DEVELOPMENT, *STAGING, 116], id="production"),
        pytest.param("production", {"first_bootstrap": True}, [*DEVELOPMENT, *STAGING, 116], id="the first deployment"),
        pytest.param("production", {"uses_vpc": False}, [23, *DEVELOPMENT, *STAGING, 72, 99, 100, 116], id="without a VPC"),
        pytest.param(
            "production", {"replication": False}, [23, *DEVELOPMENT, *STAGING, 82, 116, 128], id="without replication"
        ),
        pytest.param(
            "production", {"slack": False, "pagerduty": True}, [23, *DEVELOPMENT, *STAGING, 79, 115], id="told by PagerDuty"
        ),
    ],
)
def test_lines_that_do_not_apply_are_skipped(
    loaded: Loaded, environment: str, answers: dict[str, object], left_out: list[int]
) -> None:
    assert skipped(planned(loaded, environment, **answers)) == sorted(left_out)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_before_the_deployment_has_to_be_taken_back(loaded: Loaded, environment: str) -> None:
    plan = planned(loaded, environment, first_bootstrap=True)
    actions = [item.action for item in plan.main() if item.action and not item.skip]
    before = actions[: [call.id for call in actions].index("aws.cloudformation.deploy_by_script")]

    assert [(call.arguments["command"][0], call.arguments["leaves_nothing"]) for call in before] == [
        ("./scripts/bootstrap.sh", True),
        ("./scripts/manage-secrets.sh", True),
        ("./scripts/deploy.sh", True),
    ]


def test_the_plan_of_the_deployment_is_reviewed_before_it_is_carried_out(loaded: Loaded) -> None:
    (phase,) = [phase for phase in planned(loaded, "production").phases if phase.kind == "deploy"]
    reviewed, deployed = ([item.line for item in (*gate.actions, *gate.items)] for gate in phase.gates)

    assert 37 in reviewed
    assert 38 in deployed


@pytest.mark.parametrize(
    ("environment", "stack", "on_failure"),
    [
        pytest.param("development", "Kalendlytic-dev", "ask", id="development asks"),
        pytest.param("staging", "Kalendlytic-staging", "roll back", id="staging rehearses the rollback"),
        pytest.param("production", "Kalendlytic-prod", "roll back", id="production rolls back at once"),
    ],
)
def test_an_environment_has_its_own_stack_and_its_own_strictness(
    loaded: Loaded, environment: str, stack: str, on_failure: str
) -> None:
    plan = planned(loaded, environment)
    (deploy,) = [item.action for item in plan.main() if item.action and "deploy_by_script" in item.action.id]

    assert (deploy.arguments["stack"], plan.policy.on_failure) == (stack, on_failure)


def test_the_rollback_has_the_lines_of_its_process_and_watches_when_to_begin(loaded: Loaded) -> None:
    parts = planned(loaded, "production").rollback

    assert [item.line for item in parts.diagnosis.actions] == [221]
    assert [item.line for item in parts.steps.actions] == [222, 224]
    assert [item.line for item in parts.verification.items] == [223]
    assert [item.line for item in parts.follow_up.items] == [225, 226]
    assert [item.line for section in loaded.checklist.rollback.triggers for item in section.items] == [215, 216, 217, 218]


def test_the_days_after_are_those_of_the_headings(loaded: Loaded) -> None:
    day = 86_400
    blocks = {block.id: (block.times, block.on_failure) for block in planned(loaded, "production").post_deployment}

    assert blocks == {
        "immediate": ((day,), "offer rollback"),
        "short-term": ((7 * day,), "notify"),
        "long-term": ((30 * day,), "notify"),
    }
