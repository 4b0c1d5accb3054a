from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.servers.sites import Asked, at, guarded
from tests.tasks.servers.web import Page
from tests.tasks.world import Case

STAGES, REGISTRY = "image.multi_stage", "image.in_registry"
IMAGE = {"repository": "shop/api", "tag": "1.4.0"}
KEPT = Page(headers={"Docker-Content-Digest": "sha256:abc"})


def registry(asked: Asked) -> Page:
    return KEPT if asked.path == "/v2/shop/api/manifests/1.4.0" else Page(404)


PATH = {"path": "Dockerfile"}
GOOD = """# syntax=docker/dockerfile:1
FROM --platform=linux/amd64 python:3.12 AS build
RUN pip install \\
    --prefix=/out .
FROM python:3.12-slim
COPY --from=build /out /usr/local
USER app:app
CMD ["app"]
"""


def dockerfile(old: str = "", new: str = "") -> dict[str, str]:
    return {"Dockerfile": GOOD.replace(old, new) if old else GOOD}


CASES = [
    Case("pushed", REGISTRY, IMAGE, Status.PASSED, "as sha256:abc", server=at(registry, registry="{site}")),
    Case(
        "not pushed", REGISTRY, IMAGE | {"tag": "2"}, Status.FAILED, "no shop/api:2 in", server=at(registry, registry="{site}")
    ),
    Case("not let in", REGISTRY, IMAGE, Status.UNKNOWN, "answers 401", server=at(lambda _: Page(401), registry="{site}")),
    Case(
        "let in",
        REGISTRY,
        IMAGE | {"key": "file:.env#LOGIN"},
        Status.PASSED,
        "sha256",
        files={".env": "LOGIN=ana:secret-1"},
        server=at(guarded(KEPT, "Basic YW5hOnNlY3JldC0x"), registry="{site}"),
    ),
    Case("no registry", REGISTRY, IMAGE, Status.UNKNOWN, "tells no digest", server=at(lambda _: Page(), registry="{site}")),
    Case("as wished", STAGES, PATH, Status.PASSED, "runs as app:app", files=dockerfile()),
    Case("as root", STAGES, PATH, Status.FAILED, "runs as root", files=dockerfile("USER app:app\n")),
    Case("as root by number", STAGES, PATH, Status.FAILED, "runs as 0", files=dockerfile("app:app", "0")),
    Case(
        "as root, allowed",
        STAGES,
        PATH | {"root_allowed": True},
        Status.PASSED,
        "from build",
        files=dockerfile("USER app:app\n"),
    ),
    Case("copies nothing", STAGES, PATH, Status.FAILED, "no earlier stage", files=dockerfile("--from=build ")),
    Case("one stage", STAGES, PATH, Status.FAILED, "is 1, wanted at least 2", files={"Dockerfile": "FROM a\nUSER b\n"}),
    Case(
        "user of the stage before",
        STAGES,
        PATH,
        Status.PASSED,
        "runs as b",
        files={"Dockerfile": "FROM a AS one\nUSER b\nFROM one\nCOPY --from=one / /\n"},
    ),
    Case("no Dockerfile", STAGES, PATH, Status.UNKNOWN, "it has no FROM", files={"Dockerfile": "hello"}),
    Case("not there", STAGES, PATH, Status.FAILED, "no file 'Dockerfile'"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
