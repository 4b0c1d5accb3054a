"""The stand-in docker: what its command line says, and that it is a part of a world."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deployments.sandbox.compose.part import DOCKER, engine
from deployments.sandbox.world import World
from tests.tasks.servers.engines import FILE
from tests.tasks.world import write


@pytest.fixture
def world(tmp_path: Path) -> World:
    found = World(tmp_path / "world", Path(sys.executable))
    DOCKER.start(found)
    write(tmp_path, {"compose.yaml": FILE, ".env": "VERSION=1\n", "Dockerfile": "FROM a\n"})
    return found


def docker(world: World, *words: str) -> tuple[int, str]:
    ended = subprocess.run(
        [world.tools / "docker", *words], cwd=world.directory.parent, capture_output=True, text=True, check=False
    )
    return ended.returncode, (ended.stdout + ended.stderr).strip()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--version",), (0, "Docker version 28.0.0, build sandbox")),
        (("compose", "config", "--services"), (0, "api\nworker\nredis")),
        (("compose", "config", "--images"), (0, "shop/api:1\nshop/api:1\nredis:7")),
        (("compose", "config", "--quiet"), (0, "")),
        (("compose", "-f", "no.yaml", "ps"), (1, "open no.yaml: no such file or directory")),
        (("compose", "up", "-d", "mail"), (1, "no such service: mail")),
        (("image", "inspect", "a:1"), (1, "Error response from daemon: No such image: a:1")),
        (("push", "a:1"), (1, "An image does not exist locally with the tag: a:1")),
        (
            ("build", "-t", "a:1", "elsewhere"),
            (1, "ERROR: failed to read dockerfile: open Dockerfile: no such file or directory"),
        ),
    ],
    ids=lambda words: " ".join(map(str, words)) if words and isinstance(words[0], str) else "",
)
def test_answers(world: World, words: tuple[str, ...], expected: tuple[int, str]) -> None:
    assert docker(world, *words) == expected


def test_what_was_built_can_be_inspected_and_pushed(world: World) -> None:
    assert docker(world, "build", "-t", "a:1", ".")[0] == 0
    assert docker(world, "image", "inspect", "--format", "{{.Id}}", "a:1")[1].startswith("sha256:")
    assert docker(world, "push", "a:1")[0] == 0


def test_services_go_up_and_down(world: World) -> None:
    up = docker(world, "compose", "up", "-d", "--wait")
    told = [json.loads(line) for line in docker(world, "compose", "ps", "--format", "json")[1].splitlines()]
    down = docker(world, "compose", "down")

    assert [(each["Service"], each["Image"], each["State"], each["Health"]) for each in told] == [
        ("api", "shop/api:1", "running", "healthy"),
        ("worker", "shop/api:1", "running", ""),
        ("redis", "redis:7", "running", ""),
    ]
    assert (up[0], down[0], docker(world, "compose", "ps", "-a")) == (0, 0, (0, ""))


def test_an_image_that_no_registry_has_is_not_found(world: World) -> None:
    engine(world).behave("redis:7", "no image")

    status, said = docker(world, "compose", "up", "-d")

    assert (status, said.splitlines()[-1]) == (
        1,
        "Error response from daemon: manifest for redis:7 not found: manifest unknown: manifest unknown",
    )


def test_a_running_service_gets_unhealthy_and_well_again(world: World) -> None:
    docker(world, "compose", "up", "-d")
    engine(world).behave("api", "unhealthy")
    hurt = engine(world).seen()["projects"]["shop"]["api"]["health"]
    engine(world).behave("api", None)

    assert (hurt, engine(world).seen()["projects"]["shop"]["api"]["health"]) == ("unhealthy", "healthy")


def test_a_reset_forgets(world: World) -> None:
    docker(world, "compose", "up", "-d")
    DOCKER.reset(world)

    assert docker(world, "compose", "ps", "-a") == (0, "")
