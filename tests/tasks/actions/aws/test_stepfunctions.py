import json
from typing import Any

import pytest

from tasks.actions.aws import stepfunctions
from tasks.core.errors import Absent, ActionError
from tests.tasks.actions.aws.accounts import Functions, Machines, Rules
from tests.tasks.actions.aws.clouds import writer

STARTERS: dict[str, Any] = {"rules": ["nightly", "paused"], "functions": ["start", "resume"]}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def world() -> tuple[Rules, Functions]:
    return Rules({"nightly": "ENABLED", "paused": "DISABLED"}), Functions({}, reserved={"resume": 5})


def ask(companion: Any, rules: Rules, functions: Functions, /, **more: Any) -> Any:
    return companion(writer(events=rules, **{"lambda": functions}), **{**STARTERS, **more})


def test_nothing_is_started_any_more_and_then_as_before() -> None:
    rules, functions = world()
    noted = json.loads(json.dumps(ask(stepfunctions.before, rules, functions)))
    ask(stepfunctions.stop_new_executions, rules, functions)
    stopped = (dict(rules.states), dict(functions.reserved))
    for _ in range(2):
        ask(stepfunctions.undo, rules, functions, before=noted)

    assert stopped == ({"nightly": "DISABLED", "paused": "DISABLED"}, {"start": 0, "resume": 0})
    assert (rules.states, functions.reserved) == ({"nightly": "ENABLED", "paused": "DISABLED"}, {"resume": 5})


@pytest.mark.parametrize(
    ("rule", "reserved", "expected"),
    [("ENABLED", {}, "not done"), ("DISABLED", {"start": 0}, "not done"), ("DISABLED", {"start": 0, "resume": 0}, "done")],
    ids=["before anything", "in the middle", "after the last"],
)
def test_an_interruption_is_settled(rule: str, reserved: dict[str, int], expected: str) -> None:
    rules, functions = Rules({"nightly": rule, "paused": "DISABLED"}), Functions({}, reserved=reserved)

    assert ask(stepfunctions.settled, rules, functions, before={}) == expected


def test_stopping_nothing_is_refused() -> None:
    with pytest.raises(ActionError, match="neither a rule nor a function"):
        ask(stepfunctions.stop_new_executions, *world(), rules=[], functions=[])


def test_what_runs_is_waited_for() -> None:
    aws = writer(stepfunctions=Machines([2, 2, 1, 0]))

    assert stepfunctions.let_complete(aws, machine="workflow").summary.startswith("No execution of workflow is running; 2 ran")
    assert "changed nothing" in stepfunctions.nothing_to_undo(aws, before={}, machine="workflow")


def test_waiting_has_an_end() -> None:
    with pytest.raises(ActionError, match="had not finished the executions of workflow"):
        stepfunctions.let_complete(writer(stepfunctions=Machines([1])), machine="workflow", timeout_minutes=0)


@pytest.mark.parametrize(("running", "expected"), [(1, "not done"), (0, "done")], ids=["something runs", "nothing runs"])
def test_an_interrupted_waiting_is_settled(running: int, expected: str) -> None:
    aws = writer(stepfunctions=Machines([running]))

    assert stepfunctions.completed(aws, before={}, machine="workflow") == expected


def test_no_such_machine() -> None:
    with pytest.raises(Absent, match="no state machine named 'other'"):
        stepfunctions.let_complete(writer(stepfunctions=Machines([0])), machine="other")
