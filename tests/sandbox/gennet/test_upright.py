"""In an upright world every check of the checklist passes once the actions are done, and their undoing leaves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from deployments.sandbox.gennet import cluster
from tasks import evaluation
from tasks.core.registry import Definition, catalogue
from tasks.core.sample import Sample
from tasks.core.verdicts import Status
from tests.end_to_end.accidents import until
from tests.sandbox.gennet.conftest import Released

pytestmark = pytest.mark.sandbox

Performed = tuple[Definition, dict[str, Any], Mapping[str, Any]]


def parameters(released: Released) -> dict[str, str]:
    found = released.world.client("ssm").get_parameters_by_path(Path="/gennet/prod", Recursive=True)["Parameters"]
    return {each["Name"]: each["Value"] for each in found}


def images(released: Released) -> dict[str, str]:
    found = cluster.ask(released.world, "GET", "apis/apps/v1/namespaces/gennet-system/deployments")["items"]
    return {each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["image"] for each in found}


def perform(released: Released) -> list[Performed]:
    """Every action of the phases, in the order of the plan; Terraform applies the plan that is reviewed right before."""
    done: list[Performed] = []
    for item in released.plan.main():
        if item.action is None:
            continue
        definition, arguments = catalogue()[item.action.id], dict(item.action.arguments)
        if "digest" in item.action.late:
            arguments["digest"] = released.verdict("terraform.plan_reviewed", 196).facts["digest"]
        noted = evaluation.before(definition, arguments, released.session)
        evaluation.perform(definition, arguments, released.session)
        done.append((definition, arguments, noted))
    return done


def unmet(released: Released) -> list[str]:
    """What the checks say that do not pass, but for those that ask the release itself, or the release before."""
    calls = {
        (call.id, repr(call.arguments)): call
        for item in released.plan.items()
        for call in item.checks
        if not call.id.startswith("release.") and "previous" not in repr(call.arguments)
    }
    sample = Sample()
    judged = {
        name: evaluation.judge(catalogue()[call.id], call.arguments, released.session, sample).verdict
        for (name, _), call in calls.items()
    }
    return [f"{name}: {verdict.summary}" for name, verdict in judged.items() if verdict.status is not Status.PASSED]


def test_every_check_passes_after_the_actions_and_undoing_them_brings_back_what_was_there(released: Released) -> None:
    before = parameters(released), images(released)
    done = perform(released)
    until(lambda: released.verdict("jaeger.receiving").status is Status.PASSED, "traces of the services", 20)
    left = unmet(released)
    deployed = parameters(released), images(released)
    undone = [
        evaluation.undo(definition, arguments, released.session, noted).status
        for definition, arguments, noted in reversed(done)
    ]

    assert left == []
    assert deployed[0] == before[0] | {"/gennet/prod/inference/workers": "8", "/gennet/prod/exports/region": "us-east-1"}
    assert {image.rpartition(":")[2] for image in deployed[1].values()} == {"1.1.0"}
    assert set(undone) == {Status.PASSED}
    assert (parameters(released), images(released)) == before
