from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.compose.engine import Engine
from tasks import evaluation
from tasks.connect.session import Session
from tasks.connect.settings import Settings
from tasks.core.errors import ActionError
from tasks.core.registry import catalogue
from tasks.core.verdicts import Status
from tests.tasks.servers.engines import engine_on_path

UP, SCRIPT = catalogue()["compose.up"], catalogue()["compose.deploy_by_script"]
SHOP: dict[str, Any] = {"project": "shop", "file": "compose.yaml", "services": ["api", "worker"], "timeout_seconds": 5}
OLD, NEW = SHOP | {"version": "1"}, SHOP | {"version": "2"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with engine_on_path(tmp_path) as found:
        yield found


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return Session(Settings(tmp_path, tmp_path, tmp_path, tmp_path, ""))


def images(engine: Engine) -> dict[str, str]:
    containers = engine.seen()["projects"].get("shop", {})
    return {name: each["image"] for name, each in containers.items() if each["state"] == "running"}


BOTH = ("api", "worker")


def test_brings_services_to_the_version_and_back(engine: Engine, session: Session) -> None:
    evaluation.perform(UP, OLD, session)
    noted = evaluation.before(UP, NEW, session)
    done = evaluation.perform(UP, NEW, session)

    assert done.summary == "api, worker of project shop run version 2."
    assert images(engine) == dict.fromkeys(BOTH, "shop/api:2")

    verdicts = [evaluation.undo(UP, NEW, session, noted) for _ in range(2)]

    assert [verdict.status for verdict in verdicts] == [Status.PASSED] * 2
    assert images(engine) == dict.fromkeys(BOTH, "shop/api:1")


def test_takes_down_what_did_not_run_before(engine: Engine, session: Session) -> None:
    noted = evaluation.before(UP, NEW, session)
    evaluation.perform(UP, NEW, session)

    assert "has been taken down" in evaluation.undo(UP, NEW, session, noted).summary
    assert images(engine) == {}


def test_a_version_that_does_not_get_healthy_fails_and_is_taken_back(engine: Engine, session: Session) -> None:
    evaluation.perform(UP, OLD, session)
    noted = evaluation.before(UP, NEW, session)
    engine.behave("shop/api:2", "unhealthy")
    with pytest.raises(ActionError, match="shop-api-1 is unhealthy"):
        evaluation.perform(UP, NEW, session)

    assert evaluation.undo(UP, NEW, session, noted).status is Status.PASSED
    assert images(engine) == dict.fromkeys(BOTH, "shop/api:1")


def test_an_undo_that_does_not_get_there_says_so(engine: Engine, session: Session) -> None:
    evaluation.perform(UP, OLD, session)
    noted = evaluation.before(UP, NEW, session)
    evaluation.perform(UP, NEW, session)
    engine.behave("shop/api:1", "unhealthy")

    with pytest.raises(ActionError, match="is unhealthy"):
        evaluation.undo(UP, NEW, session, noted)


def test_only_the_services_that_came_are_stopped(engine: Engine, session: Session) -> None:
    evaluation.perform(UP, OLD | {"services": ["api"]}, session)
    noted = evaluation.before(UP, NEW, session)
    evaluation.perform(UP, NEW, session)
    evaluation.undo(UP, NEW, session, noted)

    assert images(engine) == {"api": "shop/api:1"}


@pytest.mark.parametrize(
    ("services", "expected"),
    [([], "not done"), (["api"], "unknown"), (["api", "worker"], "done")],
    ids=["before anything", "in the middle", "after the last"],
)
def test_an_interruption_is_settled(services: list[str], expected: str, engine: Engine, session: Session) -> None:
    evaluation.perform(UP, OLD, session)
    noted = evaluation.before(UP, NEW, session)
    if services:
        evaluation.perform(UP, NEW | {"services": services}, session)

    assert set(images(engine)) == set(BOTH)
    assert evaluation.settle(UP, NEW, session, noted) == expected


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("docker compose -f compose.yaml up -d", "run version 2"),
        ("exit 3", "ended with 3"),
        ("true", "api has no container"),
        ("VERSION=1 docker compose -f compose.yaml up -d", "from shop/api:1, wanted tag 2"),
    ],
    ids=["deploys", "fails", "does nothing", "deploys another version"],
)
def test_by_script(script: str, says: str, engine: Engine, session: Session) -> None:
    arguments = {**NEW, "command": ["sh", "-c", script]}
    try:
        told = evaluation.perform(SCRIPT, arguments, session).summary
    except ActionError as error:
        told = str(error)

    assert says in told
    assert (images(engine).get("api") == "shop/api:2") is ("run version" in told)
