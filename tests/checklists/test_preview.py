"""What a release would do, and what would stop it later."""

import pytest

from checklists.plan import Plan
from checklists.preview import missing, preview, summary
from tasks.approvals import Person, Registry
from tests.checklists.standing_cases import block, gate, item, plan

PEOPLE = Registry(
    {
        "rita": Person("rita", "Rita", frozenset({"deployer", "owner"}), "rita@example.com"),
        "ana": Person("ana", "Ana", frozenset({"deployer"})),
        "max": Person("max", "Max", frozenset({"manager"})),
    }
)


def test_every_item_says_how_it_is_decided() -> None:
    made = plan(
        item("a", check=True),
        item("b", act=True),
        item("c", act=True, check=True, ask="deployer"),
        item("d", ask="owner", depth=1),
        item("e", skip="Not\nasked for."),
        item("p", children=("a",)),
        item("f\n- g"),
        later=(block("first-hour", item("calm", check=True)),),
    )
    lines = preview(made, PEOPLE).splitlines()

    assert lines[0] == "# Lamps 1.2.0 → production"
    assert "## Deployment (deploy)" in lines
    assert "## First-hour (later, 1 time(s))" in lines
    assert [each for each in lines if each.strip().startswith("- ")] == [
        "- B — **does** `trial.switch`",
        "- C — **does** `trial.switch`, checks `trial.lit`, asks **deployer**",
        "  - D — asks **owner**",
        "- E — ⏭️ Not asked for.",
        "- P — met when its children are",
        "- A — checks `trial.lit`",
        "- F - g — met when its children are",
        "- Calm — checks `trial.lit`",
    ]


def test_decisions_and_what_calls_for_a_rollback_are_told() -> None:
    made = plan(item("a", check=True, trouble=True), rollback={"triggers": gate(item("b", trouble=True, line=7))})
    phase = made.phases[0].model_copy(update={"gates": (made.phases[0].gates[0].model_copy(update={"decision": True}),)})
    lines = preview(made.model_copy(update={"phases": (phase,)}), PEOPLE).split("\n\n")

    assert lines[1:] == [
        "2 lines: 1 decided by checks and actions, 1 by people, 0 do not apply; 0 actions change something.",
        "## Deployment (deploy)",
        "- Not so: A — checks `trial.lit`",
        "_1 of these are decided with go or no go._",
        "## What calls for a rollback",
        "- Not so: B — for people to notice",
    ]


def test_the_summary_counts_lines_by_how_they_are_decided() -> None:
    made = plan(
        item("a", check=True), item("b", act=True), item("c", ask="deployer"), item("d", skip="No."), item("e", kind="step")
    )

    assert summary(made) == (
        "4 lines: 2 decided by checks and actions, 1 by people, 1 do not apply; 1 actions change something."
    )


POLICY = plan().policy
NOBODY = "Nobody but the requester has the role owner, which 'A' needs; add somebody to the registry."


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (plan(item("a", ask="deployer")), []),
        (plan(item("a", ask="owner")), [NOBODY]),
        (plan(item("a", ask="owner"), requested_by="ana"), []),
        (plan(item("a", ask="owner"), requested_by=" RITA "), [NOBODY]),
        (plan(item("a", ask="owner"), requested_by="Rita@example.com"), [NOBODY]),
        (plan(item("a", ask="owner", skip="No.")), []),
        (plan(item("a", ask="stranger")), [NOBODY.replace("owner", "stranger")]),
        (
            plan(policy=POLICY.model_copy(update={"waive_by": "owner"})),
            [NOBODY.replace("'A' needs", "may waive a failed check")],
        ),
        (
            plan(rollback={}).model_copy(update={"rollback": plan().rollback.model_copy(update={"decide_by": "owner"})}),
            [NOBODY.replace("'A' needs", "decides on a rollback")],
        ),
        (plan(rollback={"follow_up": gate(item("a", ask="owner"))}), [NOBODY]),
        (plan(later=(block("day", item("a", ask="owner")),)), [NOBODY]),
        (
            plan(later=(block("day", item("a")).model_copy(update={"decide_by": "owner"}),)),
            [NOBODY.replace("'A' needs", "decides when 'Day' fails")],
        ),
    ],
    ids=[
        "another has it",
        "only the requester",
        "not the requester",
        "capitals",
        "address",
        "not asked for",
        "nobody at all",
        "for waivers",
        "for a rollback",
        "after a rollback",
        "in a later check",
        "when a later check fails",
    ],
)
def test_roles_that_nobody_could_sign_with_are_told_before(made: Plan, expected: list[str]) -> None:
    assert missing(made, PEOPLE) == expected
    assert all(f"⚠️ {problem}" in preview(made, PEOPLE) for problem in expected)
