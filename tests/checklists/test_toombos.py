"""The toombos checklist says what the team's document says, and asks each release only for what applies to it."""

from collections import Counter
from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import Loaded, load
from checklists.places import Place, places
from checklists.plan import Plan, PlanItem
from checklists.request import Request

PATH = Path(__file__).parents[2] / "checklists" / "toombos.yaml"
OPTION_A = [18, 180, *range(184, 190)]
OPTION_B = [17, 155, 193, *range(197, 205)]
SCALING = [275, 291, 292]


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(PATH)


@pytest.fixture(scope="module")
def every(loaded: Loaded) -> list[Place]:
    return places(loaded.checklist)


def planned(loaded: Loaded, environment: str = "production", **answers: object) -> Plan:
    return bind(loaded, Request(environment, "1.2.0", "rita", answers=answers))


def skipped(plan: Plan) -> list[int]:
    return sorted(item.line or 0 for item in plan.lines() if item.skip)


def at(plan: Plan, line: int) -> PlanItem:
    (found,) = [item for item in plan.lines() if item.line == line]
    return found


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

    assert Counter(kind(place) for place in every if place.item.line) == {"automated": 195, "reviewed": 17, "manual": 19}


@pytest.mark.parametrize(
    ("answers", "left_out"),
    [
        pytest.param({}, [*OPTION_A, 28, 30, 174], id="Kubernetes, nothing special"),
        pytest.param(
            {"platform": "Docker Compose"}, [*OPTION_B, *SCALING, 28, 30, 174], id="Docker Compose has no cluster to look at"
        ),
        pytest.param(
            {"connection_pooler": True, "read_replicas": True, "maintenance_page": True},
            OPTION_A,
            id="whatever may be needed is",
        ),
        pytest.param({"notion": False}, [*OPTION_A, 28, 30, 57, 100, 109, 174], id="without Notion"),
        pytest.param({"migrations": False}, [*OPTION_A, 28, 30, 172, 174], id="without migrations"),
        pytest.param({"first_release": True}, [*OPTION_A, 28, 30, 31, 37, 174], id="nothing runs before the first release"),
    ],
)
def test_lines_that_do_not_apply_are_skipped(loaded: Loaded, answers: dict[str, object], left_out: list[int]) -> None:
    assert skipped(planned(loaded, **answers)) == sorted(left_out)


def test_staging_is_not_compared_with_itself(loaded: Loaded) -> None:
    assert set(skipped(planned(loaded, "staging"))) - set(skipped(planned(loaded))) == set(range(137, 143))


@pytest.mark.parametrize(
    ("platform", "action", "words"),
    [
        pytest.param(
            "Kubernetes", "kubernetes.script.deploy", ["deployment/scripts/deploy-kubernetes.sh", "production", "halcytone"],
            id="option B",
        ),
        pytest.param(
            "Docker Compose",
            "compose.deploy_by_script",
            ["deployment/scripts/deploy-docker-compose.sh", "production"],
            id="option A",
        ),
    ],
)  # fmt: skip
def test_the_team_s_own_script_deploys(loaded: Loaded, platform: str, action: str, words: list[str]) -> None:
    phase = next(phase for phase in planned(loaded, platform=platform).phases if phase.title == "Deployment Execution")
    (deploy,) = [item.action for gate in phase.gates for item in gate.all() if item.action and not item.skip]

    assert (deploy.id, deploy.arguments["command"]) == (action, ["sh", *words])


def test_nothing_before_the_team_is_told_has_to_be_taken_back(loaded: Loaded) -> None:
    actions = [item.action for item in planned(loaded).main() if item.action and not item.skip]
    before = actions[: [call.id for call in actions].index("notify.post")]

    assert [(call.id, call.arguments["leaves_nothing"]) for call in before] == [("command.run", True)] * 3


@pytest.mark.parametrize(
    ("line", "argument", "answer", "wanted"),
    [
        pytest.param(60, "shortest", {}, 32, id="32 characters"),
        pytest.param(201, "minimum", {}, 3, id="three pods"),
        pytest.param(201, "minimum", {"pods": 5}, 5, id="as many pods as are asked for"),
        pytest.param(227, "limit", {}, 500, id="500 ms"),
        pytest.param(228, "limit", {}, 0.1, id="0.1 %"),
        pytest.param(229, "limit", {}, 70, id="70 % of the processor"),
        pytest.param(230, "limit", {}, 80, id="80 % of the memory"),
    ],
)
def test_thresholds_are_the_document_s_unless_others_are_given(
    loaded: Loaded, line: int, argument: str, answer: dict[str, object], wanted: float
) -> None:
    (call,) = at(planned(loaded, **answer), line).checks

    assert call.arguments[argument] == wanted


def test_what_follows_the_release_is_scheduled_for_its_time(loaded: Loaded) -> None:
    blocks = {block.id: block for block in planned(loaded).post_deployment}
    hours = {name: [seconds // 3600 for seconds in block.times] for name, block in blocks.items()}
    lines = {name: [item.line for item in block.gate.all() if item.line] for name, block in blocks.items()}

    assert hours == {"first-day": [24], "second-day": [36], "go-live": [48]}
    assert (min(lines["first-day"]), max(lines["first-day"])) == (270, 280)
    assert (min(lines["second-day"]), max(lines["second-day"])) == (284, 309)
    assert (min(lines["go-live"]), max(lines["go-live"])) == (317, 334)


def test_the_final_sign_off_is_signed_by_those_whom_it_names(loaded: Loaded) -> None:
    plan = planned(loaded)
    asked = [ask.by for line in (332, 333, 334) if (ask := at(plan, line).ask)]

    assert asked == ["deployment_manager", "technical_lead", "product_owner"]


def test_a_rollback_may_be_called_for_by_each_trigger_of_the_document(loaded: Loaded) -> None:
    triggers = loaded.checklist.rollback.triggers if loaded.checklist.rollback else ()

    assert [item.title for section in triggers for item in section.items] == [
        "Critical bug affecting core functionality",
        "Performance degradation >50%",
        "Data integrity issues",
        "Security vulnerability discovered",
    ]
    assert [bool(item.check) for section in triggers for item in section.items] == [False, True, False, False]


def test_secrets_are_named_by_where_they_are_kept(every: list[Place]) -> None:
    named = [
        str(value)
        for place in every
        for _, _, name, arguments in place.calls()
        for key, value in arguments.items()
        if key == "dsn" or (key in ("key", "url") and not name.startswith("file.") and "://" not in str(value))
    ]

    assert named
    assert [value for value in named if not value.startswith(("file:.env.", "aws-secret:toombos/"))] == []
