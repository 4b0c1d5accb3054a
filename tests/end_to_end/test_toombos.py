"""Toombos: a deploy that carries a mistake is taken back, and a day later a slow release may be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deployments.sandbox import damages
from deployments.sandbox.toombos import cluster, composed, project
from deployments.sandbox.toombos.naming import NAME, NAMESPACES, PREVIOUS, VERSION
from tasks.lock import EnvironmentLock
from tasks.record import verify
from tests.end_to_end.accidents import last, take_back_later, types, until
from tests.stack import Stack, alone

pytestmark = [pytest.mark.server, pytest.mark.sandbox]
SLOWLY = 400
ANSWERS = {"peak_users": 2}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of its own, over a world of this system alone."""
    with alone(tmp_path_factory.mktemp(NAME), NAME, "8s") as found:
        yield found


def test_a_version_that_is_not_healthy_under_compose_gives_way_to_the_one_before(stack: Stack) -> None:
    cluster.take_away(stack.world, NAMESPACES["production"])
    project.deploy_composed(stack.world, "production", PREVIOUS)
    damages.break_(stack.world, "image-unhealthy")
    run = stack.release(NAME, VERSION, answers={**ANSWERS, "platform": "Docker Compose"})
    stack.play(run)
    told = stack.state(run)
    record = stack.record(stack.release_of(run))

    assert told.name == "Rolled back", told.message
    assert "deploy-docker-compose.sh" in str(told.message)
    assert composed.running(stack.world.directory, "production") == PREVIOUS
    assert any(f"Toombos {VERSION} is about to be deployed" in notice for notice in stack.world.gateway.notices())
    assert any(f"Toombos {VERSION} is taken back from production" in notice for notice in stack.world.gateway.notices())
    assert verify(stack.store, record.name) == []

    follow_up = stack.record(f"{record.name}.follow-up", "follow-ups")
    until(lambda: types(follow_up)[-1:] == ["held"], "the follow-up", SLOWLY)
    later = last(follow_up, "held").body["flow_run"]
    stack.play(later)

    assert stack.state(later).name == "Followed up"
    assert EnvironmentLock(stack.store, NAME, "production").holder() is None


def test_a_day_later_a_release_that_has_become_slow_is_taken_back_to_what_was_there(stack: Stack) -> None:
    stack.reset(PREVIOUS)
    namespace = NAMESPACES["production"]
    before = cluster.described(stack.world, namespace)
    run = stack.release(NAME, VERSION, answers=ANSWERS)
    stack.play(run)

    assert stack.state(run).name == "Released", stack.state(run).message

    record = stack.record(stack.release_of(run))
    cluster.reconfigure(stack.world, namespace, WORKERS="1")
    waiting = take_back_later(stack, record, "first-day", "Nobody waits that long.", SLOWLY)

    assert "roll back" in waiting.hold.decisions
    assert "Performance within SLA" in {item.title for item in waiting.hold.items}
    assert last(record, "ended").body["state"] == "Rolled back"
    assert cluster.described(stack.world, namespace) == before
