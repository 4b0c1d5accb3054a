"""Inverted lists, decisions, triggers and options: how they are bound, and what may not stand in them."""

from pathlib import Path

import pytest

from checklists.plan import Plan
from tests.checklists.texts import HEAD, bound, mistakes

pytestmark = pytest.mark.usefixtures("rehearsal")

PLATFORMS = "  platform: {type: choice, choices: [compose, kubernetes], default: kubernetes}\n"
LATER = """\
post_deployment:
  - {id: day, title: Day, after: 24h, on_failure: notify, sections: [{title: Day, items: [CHECKED]}]}
"""
CHECKED = "{step: Calm, check: rehearsal.probe, with: {name: calm}}"
SIGNED = "{item: Ready, approve: {by: manager}}"


def text(sections: str, more: str = "", kind: str = "validate") -> str:
    """A checklist of one phase with these sections, a line each."""
    lines = "".join(f"      - {line}\n" for line in sections.strip().splitlines())
    head = HEAD.replace("environments:", f"{PLATFORMS}environments:", 1)
    shape = f"{head}phases:\n  - phase: {kind}\n    title: Phase\n    sections:\n{lines}{more}"
    return shape.replace("CHECKED", CHECKED).replace("SIGNED", SIGNED)


def titled(plan: Plan, title: str) -> list[bool]:
    return [item.trouble for item in plan.items() if item.title == title]


def test_trouble_is_what_the_nearest_around_a_line_says(tmp_path: Path) -> None:
    family = "{item: Family, items: [{item: Child, approve: {by: manager}}, {item: Good child, trouble: false, check: CHECK}]}"
    family = family.replace("check: CHECK", "check: rehearsal.probe, with: {name: good}")
    plan = bound(
        tmp_path,
        text(
            f"{{title: No-Go, trouble: true, items: [{family}]}}\n"
            "{title: Go, items: [SIGNED, {item: Ill, trouble: true, approve: {by: manager}}]}"
        ),
    )

    assert {item.title: item.trouble for item in plan.main()} == {
        "Family": True, "Child": True, "Good child": False, "Ready": False, "Ill": True,
    }  # fmt: skip
    assert [item.assertion for item in plan.main() if item.title in ("Ill", "Ready")] == ["Ready", "Not so: Ill"]


def test_sections_that_decide_side_by_side_are_one_gate_of_their_own(tmp_path: Path) -> None:
    plan = bound(
        tmp_path,
        text(
            "{title: Before, items: [CHECKED]}\n"
            "{title: Go, decision: go/no-go, items: [SIGNED]}\n"
            "{title: No-Go, decision: go/no-go, trouble: true, items: [CHECKED]}\n"
            "{title: After, items: [CHECKED]}\n"
        ),
    )

    assert [(gate.decision, [item.section for item in gate.items]) for gate in plan.phases[0].gates] == [
        (False, ["Before"]),
        (True, ["Go", "No-Go"]),
        (False, ["After"]),
    ]


TRIGGERS = (
    "rollback:\n  decide_by: manager\n  reasons: [It is late]\n  triggers:\n    - title: When\n"
    "      items: [{item: Data lost, line: 9}, CHECKED]\n"
)


def test_triggers_are_reasons_and_those_with_checks_are_watched(tmp_path: Path) -> None:
    plan = bound(tmp_path, text("{title: T, items: [SIGNED]}", TRIGGERS + LATER))

    assert plan.rollback.offered == ("It is late", "Data lost", "Calm")
    assert [(item.title, item.trouble) for item in plan.rollback.watched] == [("Calm", True)]
    assert [item.title for item in plan.lines() if item.line] == ["Data lost"]


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("compose", {"Compose": "", "Compose up": "", "Kubernetes": "NOT", "Kubernetes up": "NOT"}),
        ("kubernetes", {"Compose": "NOT", "Compose up": "NOT", "Kubernetes": "", "Kubernetes up": ""}),
    ],
)
def test_the_lines_of_the_other_option_are_not_chosen(tmp_path: Path, platform: str, expected: dict[str, str]) -> None:
    options = "\n".join(
        f"{{title: {name}, when: platform == '{name.lower()}', items: [{{item: {name}, items: "
        f"[{{item: {name} up, check: rehearsal.probe, with: {{name: x}}}}]}}]}}"
        for name in ("Compose", "Kubernetes")
    )
    plan = bound(tmp_path, text(options), platform=platform)

    assert {item.title: item.skip for item in plan.main()} == {
        title: f"Not chosen: platform is '{platform}'." if skip else "" for title, skip in expected.items()
    }


NO_DECIDER = "Nobody says go or no go; give an item of the section, or of the one beside it, `approve:`."
MISPLACED = {
    "nobody decides": (text("{title: Go, decision: go/no-go, items: [CHECKED]}"), NO_DECIDER),
    "a decision among later checks": (
        text("{title: T, items: [SIGNED]}", LATER.replace("{title: Day, items", "{title: Day, decision: go/no-go, items")),
        "Go or no go is decided in a phase, not here.",
    ),
    "an action in a decision": (
        text(
            "{title: Go, decision: go/no-go, items: [SIGNED, {step: Do, action: rehearsal.change, with: {target: x}}]}",
            kind="deploy",
        ),
        "A go/no-go section only decides; put the action into another section.",
    ),
    "an action later": (
        text(
            "{title: T, items: [SIGNED]}", LATER.replace("CHECKED", "{step: Do, action: rehearsal.change, with: {target: x}}")
        ),
        "Later checks only look, and nothing would take an action back; put 'Do' into a phase.",
    ),
    "a trigger that is signed": (
        text("{title: T, items: [SIGNED]}", TRIGGERS.replace("line: 9", "approve: {by: manager}") + LATER),
        "The rollback trigger 'Data lost' is looked at after the release or given as a reason; write checks, or nothing.",
    ),
    "a trigger that nothing looks at": (
        text("{title: T, items: [SIGNED]}", TRIGGERS),
        (
            "The rollback trigger 'Calm' is looked at by the post-deployment blocks, and there are none; "
            "add one under `post_deployment:`."
        ),
    ),
}


@pytest.mark.parametrize(("written", "sentence"), MISPLACED.values(), ids=MISPLACED)
def test_what_a_part_cannot_run_is_refused(tmp_path: Path, written: str, sentence: str) -> None:
    assert [each.message for each in mistakes(tmp_path, written)] == [sentence]


def test_a_section_beside_may_bring_the_decider(tmp_path: Path) -> None:
    whole = text(
        "{title: Go, decision: go/no-go, items: [CHECKED]}\n"
        "{title: No-Go, decision: go/no-go, items: [{item: p, items: [SIGNED]}]}"
    )

    assert mistakes(tmp_path, whole) == []
