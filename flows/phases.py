"""The five phase flows: each runs one part of a phase, up to the next hold, as a subflow of a release or on its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.flows import Flow
from prefect.runtime import flow_run
from prefect.states import Completed

from checklists.excerpt import of_phases
from checklists.request import Request
from flows.concurrency import one_heartbeat, pool
from flows.freezing import freeze
from flows.gates import Outcome, run_gate
from flows.journey import Journey, begin, reopen
from flows.pages import show_checklist
from flows.parameters import NO_ANSWERS, Act, Answers, Asker, CheckedVersion, ChecklistName, EnvironmentName


def run_phase_part(journey: Journey, phase: int, gate: int, attempt: int) -> Outcome:
    """Run one gate of a phase as a subflow named by the phase's kind. Replayed, it returns what it returned before."""
    kind, title = journey.plan.phases[phase].kind, journey.plan.phases[phase].title
    part = _part.with_options(name=kind, flow_run_name=_run_name(title, gate, attempt))
    with one_heartbeat():
        outcome: Outcome = part(journey.id, phase, gate, attempt)
    return outcome


@flow(name="phase", persist_result=True, task_runner=pool())
def _part(release_id: str, phase: int, gate: int, attempt: int) -> Outcome:
    journey = reopen(release_id)
    return run_gate(journey, f"{phase}-{gate}-{attempt}", journey.gate(phase, gate))


def _run_name(title: str, gate: int, attempt: int) -> str:
    parts = [title.replace("{", "(").replace("}", ")")]
    return " ".join(parts + ([f"part {gate + 1}"] if gate else []) + ([f"attempt {attempt}"] if attempt > 1 else []))


def _phase_flow(kind: str) -> Flow[..., State[Any]]:
    @flow(
        name=kind,
        flow_run_name="{checklist} {environment}",
        description=f"Run the {kind} checks of a checklist against an environment. Changes nothing unless told to act.",
        task_runner=pool(),
        validate_parameters=True,
    )
    def run(
        checklist: ChecklistName,
        environment: EnvironmentName = "production",
        version: CheckedVersion = "current",
        requested_by: Asker = "on-demand",
        answers: Answers = NO_ANSWERS,
        act: Act = False,
    ) -> State[Any]:
        request = Request(
            environment=environment, version=version, requested_by=requested_by, change_ticket="", answers=dict(answers or {})
        )
        plan = freeze(checklist, request)
        journey = begin(of_phases(plan, kind), f"{kind}-{checklist}-{environment}-{flow_run.get_id()}", kind="phase")
        return _run_alone(journey, act=act)

    return run


def _run_alone(journey: Journey, *, act: bool) -> State[Any]:
    outcomes: list[Mapping[str, Any]] = []
    try:
        for number, phase in enumerate(journey.plan.phases):
            outcomes += [
                run_gate(journey, f"{number}-{index}-1", gate, patience=False, act=act)
                for index, gate in enumerate(phase.gates)
            ]
    finally:
        journey.lock.release(journey.id)
    closed = [outcome["summary"] for outcome in outcomes if outcome["status"] != "open"]
    show_checklist(journey)
    if closed:
        return Completed(name="Gate closed", message=" ".join(closed))
    return Completed(name="Gate open" if outcomes else "No such phase", message=f"{len(outcomes)} gates open.")


bootstrap = _phase_flow("bootstrap")
secrets = _phase_flow("secrets")
deploy = _phase_flow("deploy")
validate = _phase_flow("validate")
monitor = _phase_flow("monitor")
