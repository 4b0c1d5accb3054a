from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

STAGES = "image.multi_stage"
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
