"""Every damage closes the line that it is about and no repair leaves it closed; a rollback takes back what an apply carried."""

from __future__ import annotations

import pytest

from deployments.sandbox import damages
from deployments.sandbox.step_functions import damages as ours
from deployments.sandbox.step_functions import project
from tasks import evaluation
from tasks.core.verdicts import Status
from tests.sandbox.step_functions.walking import Walk

pytestmark = pytest.mark.sandbox

WINDOW = "Production deployments should always"
Where = tuple[int | str, str]
BEFORE: dict[str, Where] = {
    "change-not-approved": (WINDOW, "'requested' by change board, wanted approved"),
    "wrong-timeout-value": ("The production configuration", "state_machine_timeout_seconds"),
    "staging-behind": (86, "VERSION of function workflow-staging-intake"),
    "token-weak": (225, "workflow/prod/jira-token"),
    "token-open": (228, "workflow-developers"),
    "audit-off": (20, "Trail workflow-audit"),
    "runbooks-missing": (128, "docs/runbooks.md"),
    "budgets-denied": (154, "AccessDenied"),
}
CARRIED: dict[str, Where] = {
    "wrong-timeout": (63, "workflow-prod-jira"),
    "mock-jira": (59, "mock"),
    "insights-off": (65, "workflow-prod-intake"),
    "catch-missing": (69, "AskJira"),
    "key-not-asked": (22, "POST /executions"),
    "alarm-missing": (35, "ThrottledRequests"),
    "recovery-off": (43, "workflow-executions-prod"),
}
DEPLOYED: dict[str, Where] = {"executions-failing": (107, ours.ALARM), "schedule-disabled": (72, "workflow-prod-schedule")}


def judged(walk: Walk, where: int | str) -> tuple[Status, str]:
    item = walk.line(where) if isinstance(where, int) else walk.step(where)
    verdict = walk.judge(item)
    return verdict.status, verdict.summary


def test_the_tables_name_every_damage() -> None:
    named = {*BEFORE, *CARRIED, *DEPLOYED, "locking-off", "callback-broken"}

    assert named == {damage.name for damage in ours.EVERY}


@pytest.mark.parametrize("name", [*BEFORE, *DEPLOYED])
def test_a_damage_closes_its_line_until_it_is_repaired(walk: Walk, name: str) -> None:
    where, words = (BEFORE | DEPLOYED)[name]

    damages.break_(walk.world, name)
    try:
        status, summary = judged(walk, where)
    finally:
        damages.repair(walk.world, name)

    assert status in {Status.FAILED, Status.UNKNOWN}
    assert words in summary
    assert judged(walk, where)[0] is Status.PASSED


def test_an_unlocked_state_closes_its_line(walk: Walk) -> None:
    damages.break_(walk.world, "locking-off")
    walk.perform(walk.step("The configuration's folder"))
    broken = judged(walk, 54)
    damages.repair(walk.world, "locking-off")
    walk.perform(walk.step("The configuration's folder"))

    assert broken == (Status.FAILED, "Lock table of terraform is absent, wanted 'workflow-terraform-locks'.")
    assert judged(walk, 54)[0] is Status.PASSED


def test_what_an_apply_carries_is_seen_after_it_and_taken_back_by_the_rollback(walk: Walk) -> None:
    wrong = [*CARRIED, "callback-broken"]
    for name in wrong:
        damages.break_(walk.world, name)
    try:
        for words in ("The configuration's folder", "So is the folder"):
            walk.perform(walk.step(words))
        assert judged(walk, 51)[0] is Status.PASSED
        definition, arguments = walk.action(walk.step("The reviewed plan"))
        noted = evaluation.before(definition, arguments, walk.session)
        walk.perform(walk.step("The reviewed plan"))
        seen = {name: judged(walk, CARRIED[name][0]) for name in CARRIED}
    finally:
        for name in wrong:
            damages.repair(walk.world, name)
    stopped = [walk.perform(walk.line(line)).summary for line in (198, 199)]
    told = [judged(walk, line) for line in (198, 199)]
    undone = evaluation.undo(definition, arguments, walk.session, noted)

    assert [status for status, _ in seen.values()] == [Status.FAILED] * len(CARRIED), seen
    assert [name for name, (_, summary) in seen.items() if CARRIED[name][1] not in summary] == []
    assert (len(stopped), [status for status, _ in told]) == (2, [Status.PASSED, Status.PASSED]), told
    assert undone.status is Status.PASSED, undone.summary
    assert [judged(walk, line)[0] for line in (200, 201)] == [Status.PASSED, Status.PASSED]
    assert versions(walk) == {"1.0.0"}


def versions(walk: Walk) -> set[str]:
    """What production's functions say that they are."""
    client = walk.world.client("lambda")
    found = [client.get_function_configuration(FunctionName=name) for name in project.functions("prod")]
    return {each["Environment"]["Variables"]["VERSION"] for each in found}
