"""GenNet: services and infrastructure go back together, right after the deployment and a day later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deployments.sandbox import damages
from deployments.sandbox.gennet import cluster
from deployments.sandbox.gennet.naming import NAME, NAMESPACES, SERVICES
from deployments.sandbox.world import World
from tasks.lock import EnvironmentLock
from tasks.record import verify
from tests.end_to_end.accidents import last, take_back_later
from tests.stack import Stack, alone

pytestmark = [pytest.mark.server, pytest.mark.sandbox]
SLOWLY = 400
HOME = NAMESPACES["prod"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, over a world of this system alone."""
    with alone(tmp_path_factory.mktemp(NAME), NAME, "8s") as found:
        yield found


def standing(world: World) -> dict[str, Any]:
    """What stands in production: the services' images and settings, their names, the way in, and what Terraform made."""
    apps, core, networking = "apis/apps/v1", "api/v1", "apis/networking.k8s.io/v1"
    deployments = cluster.ask(world, "GET", f"{apps}/namespaces/{HOME}/deployments")["items"]
    names = cluster.ask(world, "GET", f"{core}/namespaces/{HOME}/services")["items"]
    settings = cluster.ask(world, "GET", f"{core}/namespaces/{HOME}/configmaps/gennet-config")
    ingress = cluster.ask(world, "GET", f"{networking}/namespaces/{HOME}/ingresses/gennet-api")
    made = world.client("ssm").get_parameters_by_path(Path="/gennet/prod", Recursive=True)["Parameters"]
    return {
        "pods": {each["metadata"]["name"]: each["spec"]["template"]["spec"] for each in deployments},
        "names": {each["metadata"]["name"]: each["spec"]["selector"] for each in names},
        "settings": settings["data"],
        "hosts": [rule["host"] for rule in ingress["spec"]["rules"]],
        "parameters": {each["Name"]: each["Value"] for each in made},
    }


def versions(found: dict[str, Any]) -> set[str]:
    """The tags of the images that run."""
    return {pod["containers"][0]["image"].rpartition(":")[2] for pod in found["pods"].values()}


def test_a_release_whose_smoke_tests_fail_is_rolled_back_with_its_infrastructure(stack: Stack) -> None:
    before = standing(stack.world)
    damages.break_(stack.world, "numbers-lost")
    run = stack.release(NAME)
    stack.play(run)
    damages.repair(stack.world, "numbers-lost")
    told = stack.state(run)
    record = stack.record(stack.release_of(run))
    undone = " ".join(entry.body["summary"] for entry in record.of("undone"))
    verified = last(record, "sampled").body

    assert told.name == "Rolled back", told.message
    assert "All smoke tests pass" in str(told.message)
    assert "Namespace gennet-system is as it was before the release" in undone
    assert "1 to destroy (module.exports" in undone
    assert (verified["place"], verified["open"]) == ("rollback-verification", True)
    assert versions(before) == {"1.0.0"}
    assert standing(stack.world) == before
    assert EnvironmentLock(stack.store, NAME, "production").holder() is None
    assert verify(stack.store, record.name) == []


def test_a_day_later_a_service_that_is_gone_has_the_release_taken_back(stack: Stack) -> None:
    stack.reset()
    before = standing(stack.world)
    run = stack.release(NAME)
    stack.play(run)

    assert stack.state(run).name == "Released", stack.state(run).message

    released = standing(stack.world)
    record = stack.record(stack.release_of(run))
    damages.break_(stack.world, "inference-gone")
    waiting = take_back_later(stack, record, "first-day", "Nobody can infer anything.", SLOWLY)

    assert versions(released) == {"1.1.0"}
    assert set(released["names"]) == set(SERVICES)
    assert "roll back" in waiting.hold.decisions
    assert "A service does not answer" in {item.title for item in waiting.hold.items}
    assert last(record, "ended").body["state"] == "Rolled back"
    assert standing(stack.world) == before
    assert verify(stack.store, record.name) == []
