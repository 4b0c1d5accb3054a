import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tasks.core.containers import Container, containers
from tasks.core.errors import Malformed
from tasks.core.verdicts import Status
from tests.tasks.servers.engines import running
from tests.tasks.world import Case, Place, write

VALID, BUILT, RUNNING, HEALTHY, VERSION = (
    f"compose.{name}" for name in ("config_valid", "images_built", "services_running", "services_healthy", "images_are_version")
)
FILE = {"file": "compose.yaml"}
SHOP = {"project": "shop", "services": ["api", "redis"]}
API = {"project": "shop", "services": ["api"]}
AT_1 = API | {"version": "1"}
UP = running("api shop/api:1", "redis redis:7")


def saying(words: str) -> Callable[[], AbstractContextManager[Place]]:
    """A docker that says this and ends with 1."""

    @contextmanager
    def listen() -> Iterator[Place]:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), {"docker": f"#!/bin/sh\necho '{words}' >&2\nexit 1\n", "compose.yaml": "{}"})
            with patch.dict("os.environ", {"PATH": f"{folder}:/usr/bin:/bin"}):
                yield Place()

    return listen


def asked(arguments: dict[str, Any], check: str) -> Case:
    return Case(
        "no engine",
        check,
        arguments,
        Status.UNKNOWN,
        "engine was not reached",
        server=saying("Cannot connect to the Docker daemon"),
    )


CASES = [
    Case(
        "right",
        VALID,
        FILE | {"env_file": ".env.prod"},
        Status.PASSED,
        "compose.yaml is right",
        server=running("api shop/api:1"),
    ),
    Case("variable missing", VALID, FILE, Status.FAILED, "VERSION is missing a value", server=running("api shop/api:1")),
    Case("no file", VALID, {"file": "other.yaml"}, Status.FAILED, "no such file", server=running("api shop/api:1")),
    asked(FILE, VALID),
    Case("no compose", VALID, FILE, Status.UNKNOWN, "has no compose", server=saying("docker: unknown command: docker compose")),
    Case("built", BUILT, {"images": ["shop/api:1"]}, Status.PASSED, "is sha256:abc", server=UP),
    Case("not built", BUILT, {"images": ["shop/api:2"]}, Status.FAILED, "no image shop/api:2", server=UP),
    asked({"images": ["shop/api:1"]}, BUILT),
    Case("running", RUNNING, SHOP, Status.PASSED, "2 in all", server=UP),
    Case(
        "one ended",
        RUNNING,
        SHOP,
        Status.FAILED,
        "shop-api-1 (exited) is not running",
        server=running("api shop/api:1", "redis redis:7", behaviours={"api": "exits"}),
    ),
    Case(
        "one never started",
        RUNNING,
        SHOP,
        Status.FAILED,
        "Service redis of project shop has no container",
        server=running("api shop/api:1"),
    ),
    Case("no service named", RUNNING, SHOP | {"services": []}, Status.UNKNOWN, "No service was found", server=UP),
    asked(SHOP, RUNNING),
    Case("healthy", HEALTHY, API, Status.PASSED, "(running, healthy)", server=UP),
    Case(
        "unhealthy",
        HEALTHY,
        API,
        Status.FAILED,
        "(running, unhealthy) is not healthy",
        server=running("api shop/api:1", behaviours={"shop/api:1": "unhealthy"}),
    ),
    Case("nobody looks", HEALTHY, API, Status.UNKNOWN, "has no health check", server=running("api shop/api:1", unwatched=True)),
    Case("not there", HEALTHY, API, Status.FAILED, "has no container", server=running("redis redis:7")),
    Case("the version", VERSION, AT_1, Status.PASSED, "from shop/api:1", server=UP),
    Case("another version", VERSION, API | {"version": "2"}, Status.FAILED, "from shop/api:1, wanted tag 2", server=UP),
    asked(AT_1, VERSION),
]


def container(image: str) -> Container:
    return Container("shop-api-1", "api", image, "running", "")


@pytest.mark.parametrize(
    ("image", "expected"),
    [("shop/api:1.4.0", "1.4.0"), ("localhost:5000/api", "latest"), ("redis", "latest"), ("api@sha256:abc", "")],
    ids=["tag", "port of a registry", "no tag", "digest"],
)
def test_tag(image: str, expected: str) -> None:
    assert container(image).tag == expected


@pytest.mark.parametrize("shape", ["{0}\n{0}", "WARNING: x\n{0}\n{0}", "[{0}, {0}]"], ids=["lines", "after a warning", "list"])
def test_containers(shape: str) -> None:
    told = '{"Name": "shop-api-1", "Service": "api", "Image": "shop/api:1", "State": "running"}'

    assert containers(shape.replace("{0}", told)) == [container("shop/api:1")] * 2


def test_what_cannot_be_understood_is_malformed() -> None:
    with pytest.raises(Malformed):
        containers('{"Name": "a"}')


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
