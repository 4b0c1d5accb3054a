"""The session management checklist says what the team's document says, line for line."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import Loaded, load
from checklists.places import Place, places, sections
from checklists.plan import Plan, PlanItem
from checklists.request import Request

DOCUMENT = Path(__file__).parent / "sources" / "session-management.md"
ENVIRONMENTS = ("development", "staging", "production")
_BOX = re.compile(r"^\s*- \[[ x]\] (.*)$")
_HEADING = re.compile(r"^#{2,3} (.*)$")


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(Path(__file__).parents[2] / "checklists" / "session-management.yaml")


@pytest.fixture(scope="module")
def plans(loaded: Loaded) -> dict[str, Plan]:
    return {environment: planned(loaded, environment) for environment in ENVIRONMENTS}


@pytest.fixture(scope="module")
def every(loaded: Loaded) -> list[Place]:
    return places(loaded.checklist)


def planned(loaded: Loaded, environment: str, **answers: object) -> Plan:
    return bind(loaded, Request(environment, "1.2.0", "rita", answers=answers))


def found(pattern: re.Pattern[str]) -> list[tuple[int, str]]:
    """The lines of the document that the pattern matches: number and words."""
    numbered = enumerate(DOCUMENT.read_text(encoding="utf-8").splitlines(), start=1)
    return [(number, match[1]) for number, line in numbered if (match := pattern.match(line))]


def by_line(every: list[Place]) -> list[Place]:
    return sorted((place for place in every if place.item.item), key=lambda place: place.item.line or 0)


def lines_of(items: list[PlanItem], wanted: Callable[[PlanItem], object]) -> list[int]:
    return [item.line or 0 for item in items if wanted(item)]


def test_every_box_of_the_document_is_an_item_word_for_word(every: list[Place]) -> None:
    boxes = found(_BOX)

    assert len(boxes) == 116
    assert boxes == [(place.item.line, place.item.item) for place in by_line(every)]


def test_every_line_stands_under_the_heading_that_it_has_in_the_document(every: list[Place]) -> None:
    headings = found(_HEADING)
    above = [next(title for number, title in reversed(headings) if number < line) for line, _ in found(_BOX)]

    assert above == [place.section.title for place in by_line(every)]


def test_only_the_later_checks_have_a_heading_of_their_own(loaded: Loaded) -> None:
    headings = {title for _, title in found(_HEADING)}

    added = {section.title for _, _, section in sections(loaded.checklist)} - headings
    assert added == {"24 hours after deployment"}


def test_phases_and_sign_off_follow_the_order_of_the_document(every: list[Place]) -> None:
    for part in ("phases", "sign_off", "rollback"):
        numbers = [place.item.line for place in every if place.group[0] == part and place.item.line]

        assert numbers == sorted(numbers)


def test_a_step_has_no_line_and_a_line_is_never_a_step(every: list[Place]) -> None:
    assert [place.item.step for place in every if place.item.step and place.item.line] == []
    assert [place.item.item for place in every if place.item.item and not place.item.line] == []


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

    assert Counter(kind(place) for place in by_line(every)) == {"automated": 98, "reviewed": 10, "manual": 8}


@pytest.mark.parametrize(
    ("environment", "skipped"),
    [
        pytest.param(
            "development",
            [*range(136, 141), *range(187, 194), *range(196, 206)],
            id="development leaves out production's configuration and the other sign-offs",
        ),
        pytest.param(
            "staging",
            [*range(136, 141), *range(179, 185), *range(196, 206)],
            id="staging leaves out production's configuration and the other sign-offs",
        ),
        pytest.param(
            "production",
            [137, 138, *range(179, 185), *range(187, 194)],
            id="production leaves out the custom domain and the other sign-offs",
        ),
    ],
)
def test_lines_that_do_not_apply_are_skipped(plans: dict[str, Plan], environment: str, skipped: list[int]) -> None:
    assert lines_of(plans[environment].lines(), lambda item: item.skip) == skipped


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param(137, "Not asked for: custom_domain is ''.", id="custom domain"),
        pytest.param(138, "Not asked for: custom_domain is ''.", id="DNS records"),
        pytest.param(179, "Applies to development only; this release goes to production.", id="development's sign-off"),
        pytest.param(187, "Applies to staging only; this release goes to production.", id="staging's sign-off"),
    ],
)
def test_production_says_why_a_line_does_not_apply(plans: dict[str, Plan], line: int, reason: str) -> None:
    (item,) = [item for item in plans["production"].lines() if item.line == line]

    assert item.skip == reason


@pytest.mark.parametrize(
    ("answers", "line", "applies"),
    [
        pytest.param({}, 133, True, id="connection refresh is tested by default"),
        pytest.param({"connection_refresh": False}, 133, False, id="connection refresh does not apply"),
        pytest.param({"custom_domain": "sessions.example.com"}, 137, True, id="custom domain is looked at"),
        pytest.param({"custom_domain": "sessions.example.com"}, 138, True, id="its DNS records are looked at"),
    ],
)
def test_if_applicable_is_answered_at_trigger_time(
    loaded: Loaded,
    answers: dict[str, object],
    line: int,
    applies: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    (item,) = [item for item in planned(loaded, "production", **answers).lines() if item.line == line]

    assert applies == (not item.skip)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_rollback_has_its_own_lines_and_no_phase_has_them(plans: dict[str, Plan], environment: str) -> None:
    plan = plans[environment]
    parts = plan.rollback

    assert [item.line for item in parts.diagnosis.items] == [154, 155, 156, 157]
    assert [item.line for item in parts.verification.items] == [170]
    assert [item.line for item in parts.follow_up.items] == [171, 172, 173, 174]
    assert lines_of(list(plan.main()), lambda item: item.line and 154 <= item.line <= 174) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_before_the_deployment_has_to_be_taken_back(plans: dict[str, Plan], environment: str) -> None:
    actions = [item.action for item in plans[environment].main() if item.action and not item.skip]
    before = actions[: [call.id for call in actions].index("aws.cloudformation.deploy_by_script")]

    assert [(call.id, call.arguments["leaves_nothing"]) for call in before] == [("command.run", True)] * 2


@pytest.mark.parametrize(
    ("environment", "suffix", "on_failure"),
    [
        pytest.param("development", "dev", "ask", id="development asks"),
        pytest.param("staging", "staging", "roll back", id="staging rehearses the rollback"),
        pytest.param("production", "prod", "roll back", id="production rolls back at once"),
    ],
)
def test_an_environment_has_its_own_stack_and_its_own_strictness(
    plans: dict[str, Plan], environment: str, suffix: str, on_failure: str
) -> None:
    plan = plans[environment]
    (deploy,) = [item.action for item in plan.main() if item.action and "deploy_by_script" in item.action.id]

    assert deploy.arguments["stack"] == f"SessionManagement-{suffix}"
    assert deploy.arguments["command"] == ["make", "deploy", f"ENV={suffix}", "VERSION=1.2.0"]
    assert (plan.policy.on_failure, plan.policy.recheck_every, plan.policy.recheck_for) == (on_failure, 5, 15)


def test_the_websocket_lines_are_steps_of_one_dialogue(plans: dict[str, Plan]) -> None:
    calls = [
        (item.line, call) for item in plans["production"].main() for call in item.checks if call.id == "websocket.step_succeeds"
    ]
    steps = {line: call.arguments["step"] for line, call in calls if line}
    dialogues = [call.arguments["dialogue"] for _, call in calls]

    assert steps == {126: "connect", 129: "speak", 130: "join", 131: "heartbeat", 132: "disconnect", 133: "refresh"}
    assert all(each == dialogues[0] for each in dialogues)
    assert {step["name"] for step in dialogues[0]} == {*steps.values(), "strangers"}


def test_what_a_later_check_needs_is_captured_in_an_earlier_gate(plans: dict[str, Plan]) -> None:
    """All checks of a gate run at the same time: none of them can use what another of them learns."""
    known: set[str] = set()
    for phase in plans["production"].phases:
        for gate in phase.gates:
            needed = {
                name
                for item in gate.all()
                for call in (*item.checks, *((item.action,) if item.action else ()))
                for late in call.late.values()
                for name in re.findall(r"captured\.(\w+)", str(late.template))
            }

            assert needed <= known
            known |= {name for item in gate.all() for name in item.capture}


def test_the_first_day_ends_with_a_look_back(plans: dict[str, Plan]) -> None:
    (block,) = plans["production"].post_deployment

    assert (block.id, block.times, block.on_failure, block.decide_by) == (
        "first-day", (86_400,), "offer rollback", "release_manager",
    )  # fmt: skip
    assert all(item.kind == "step" and item.checks for item in block.gate.items)
