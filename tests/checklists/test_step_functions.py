"""The Step Functions checklist says what the team's document says, and asks in an order in which it can be answered."""

from pathlib import Path

import pytest

from checklists.binding import bind
from checklists.loader import Loaded, load
from checklists.plan import Plan, PlanItem
from checklists.request import Request
from checklists.source import boxes, differences

DOCUMENT = Path(__file__).parent / "sources" / "step-functions.md"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load(Path(__file__).parents[2] / "checklists" / "step-functions.yaml")


def planned(loaded: Loaded, **answers: object) -> Plan:
    return bind(loaded, Request("production", "1.1.0", "rita", answers=answers))


def by_line(plan: Plan) -> dict[int, PlanItem]:
    return {item.line: item for item in plan.items() if item.line}


def test_every_box_of_the_document_is_an_item_word_for_word(loaded: Loaded) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    assert len(boxes(text)) == 153
    assert list(differences(loaded.checklist, text)) == []


CONDITIONS = {
    "cross-region replication, of the backups and of the bucket": ("cross_region", [46, 234]),
    "object lock": ("object_lock", [233]),
    "express workflows": ("express", [71]),
    "the GDPR": ("gdpr", [146]),
    "HIPAA": ("hipaa", [147]),
    "the compliance officer": ("compliance_officer", [243]),
}


@pytest.mark.parametrize(("answer", "lines"), CONDITIONS.values(), ids=CONDITIONS)
def test_a_line_that_is_needed_only_sometimes_is_asked_about_once(loaded: Loaded, answer: str, lines: list[int]) -> None:
    asked, left_out = (by_line(planned(loaded, **{answer: given})) for given in (True, False))

    assert [bool(asked[line].skip) for line in lines] == [False] * len(lines)
    assert [bool(left_out[line].skip) for line in lines] == [True] * len(lines)


def test_the_plan_that_is_applied_is_the_one_that_was_reviewed(loaded: Loaded) -> None:
    applied = next(item for item in planned(loaded).items() if item.action and item.action.id == "terraform.apply_plan")

    assert applied.action is not None
    assert "captured.plan" in str(applied.action.late["digest"])
    assert applied.action.arguments["previous_directory"] == "previous/terraform"


def test_the_numbers_of_the_documents_production_configuration_are_the_defaults(loaded: Loaded) -> None:
    lines = by_line(planned(loaded))

    assert lines[70].checks[0].arguments["seconds"] == 7200
    assert lines[64].checks[0].arguments["executions"] == 10
    assert lines[98].checks[0].arguments["minimum_requests"] == 2 * lines[97].checks[0].arguments["minimum_requests"]


def test_whoever_signs_a_line_says_why_a_person_does(loaded: Loaded) -> None:
    asked = [item for item in planned(loaded, hipaa=True, compliance_officer=True).items() if item.ask]

    assert [item.title for item in asked if not item.ask or not item.ask.why] == []
