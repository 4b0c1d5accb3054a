"""Whatever dies, whenever: the release goes on from its record, nothing is done twice, no decision is lost."""

from __future__ import annotations

import pytest

from deployments import answers, runs
from deployments.sandbox import auto_approvers
from tests.end_to_end.accidents import (
    MOMENT,
    Trial,
    assert_clean_end,
    bring_on,
    come_to_hold,
    kill_process,
    kill_service,
    last,
    processes_of,
    start_service,
    types,
    until,
)
from tests.stack import PATIENCE, Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]


def test_a_release_whose_process_is_killed_again_and_again_deploys_once_and_ends_as_planned(stack: Stack) -> None:
    stack.reset()
    stack.world.gateway.set_faults([{"name": "slow", "operation": "ListUserPools", "latency_ms": 3000}])
    run = stack.release(environment="staging")
    record = stack.record(stack.release_of(run))
    until(
        lambda: stack.world.gateway.calls().get("cognito-idp.ListUserPools"), "the first check of the user pool", every=MOMENT
    )
    kill_process(run)  # during a check
    stack.wait_for(run, ["Crashed"])
    record.refresh()

    assert not [entry for entry in record.of("sampled") if any("cognito" in name for name in entry.body["verdicts"])]

    stack.world.gateway.set_faults([{"name": "slow", "operation": "UpdateStack", "latency_ms": 4000}])
    runs.go_on(run)
    until(lambda: stack.world.gateway.calls().get("cloudformation.UpdateStack"), "the update of the stack", every=MOMENT)
    kill_process(run)  # during the team's script
    stack.wait_for(run, ["Crashed"])
    stack.world.gateway.set_faults([])

    assert last(record, "intended", "performed").type == "intended"

    runs.go_on(run)
    until(lambda: "held" in types(record), "the first hold", every=MOMENT)
    kill_process(run)  # while the hold is being opened
    waiting = bring_on(stack, run)
    code, blanks = auto_approvers.current_code("ana"), auto_approvers.plausible(waiting)
    answer = answers.filled(waiting, "ana", code, "approve", blanks=blanks)
    answers.send(waiting, answer)
    kill_process(run)  # before the sign-off is written down
    stack.wait_for(run, ["Crashed"])

    assert "signed" not in types(record)

    runs.go_on(run)
    first = answers.outcome(waiting, PATIENCE)
    stack.play(run)
    settled = [entry for entry in record.of("performed") if "interrupted attempt" in entry.body["summary"]]
    deployed = [entry for entry in record.of("intended") if entry.body["action"].endswith("deploy_by_script")]

    assert (first.type, first.body["person"]) == ("signed", "ana")
    assert stack.state(run).name == "Released"
    assert len(settled) == len(deployed) == 1
    assert stack.world.gateway.calls()["cloudformation.UpdateStack"] == 1
    assert_clean_end(stack, record, "Released", "session-management", "staging")


def test_the_worker_and_the_server_may_be_killed_while_a_release_runs_and_while_it_waits(stack: Stack, trial: Trial) -> None:
    trial.hold_up()
    run = stack.release("trial", environment="production")
    record = stack.record(stack.release_of(run))
    waiting = stack.hold(run)
    kill_service(stack, "worker")
    kill_service(stack, "server")  # while it waits
    start_service(stack, "server")
    code, blanks = auto_approvers.current_code("ana"), auto_approvers.plausible(waiting)
    answers.send(waiting, answers.filled(waiting, "ana", code, "approve", blanks=blanks))
    start_service(stack, "worker")
    signed = answers.outcome(waiting, PATIENCE)

    assert signed.type == "signed"

    stack.sign(run, "ben")
    until(lambda: trial.begun, "the turning of the switch")
    kill_service(stack, "worker")
    start_service(stack, "worker")
    kill_service(stack, "server")  # while it runs
    trial.let_go()
    start_service(stack, "server")
    _bring_on(stack, run)
    until(lambda: types(record)[-1] == "held", "the hold after the change")
    _bring_on(stack, run)
    stack.sign(run, "ana")

    assert stack.wait_for(run, ["Released"]).name == "Released"
    assert trial.turned == ["on"]
    assert_clean_end(stack, record, "Released", "trial", "production")


def test_an_action_that_nothing_tells_of_is_asked_about_and_not_done_twice(stack: Stack, trial: Trial) -> None:
    trial.hold_up()
    run = stack.release("trial", environment="development")
    record = stack.record(stack.release_of(run))
    until(lambda: trial.begun, "the turning of the switch")
    kill_process(run)
    trial.let_go()
    stack.wait_for(run, ["Crashed"])
    runs.go_on(run)
    waiting = come_to_hold(stack, run)

    assert (waiting.hold.kind, sorted(waiting.hold.decisions)) == (
        "unsettled action",
        ["it did not happen", "it happened", "roll back"],
    )

    stack.sign(run, "ben", "it happened", comment="The log says so.")
    stack.sign(run, "ana")
    stack.wait_for(run, ["Released"])

    assert (trial.begun, trial.turned) == (["on"], ["on"])
    assert_clean_end(stack, record, "Released", "trial", "development")


def test_of_two_processes_of_one_release_one_stops_and_nothing_doubles(stack: Stack, trial: Trial) -> None:
    trial.hold_up("slow-look")
    run = stack.release("trial", environment="development")
    record = stack.record(stack.release_of(run))
    until(lambda: trial.turned, "the turning of the switch")
    first = set(processes_of(run))
    runs.go_on(run, force=True)
    until(lambda: set(processes_of(run)) - first, "a second process of the run")
    trial.let_go("slow-look")
    until(lambda: types(record)[-1] == "held", "the hold after the change")
    until(lambda: not processes_of(run), "the end of both processes")
    _bring_on(stack, run)
    stack.sign(run, "ana")
    stack.wait_for(run, ["Released"])

    assert trial.turned == ["on"]
    assert types(record).count("intended") == types(record).count("performed") == 1
    assert_clean_end(stack, record, "Released", "trial", "development")


def _bring_on(stack: Stack, run: str) -> None:
    """Do as an operator does: a run that is neither waiting nor at its end is set going again."""
    over = lambda: stack.state(run).is_paused() or stack.state(run).is_final() or not processes_of(run)  # noqa: E731
    until(over, "the end of its process")
    if not stack.state(run).is_paused():
        runs.go_on(run, force=True)
        stack.wait_for(run, ["Suspended"])
