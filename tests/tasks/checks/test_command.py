from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

SUCCEEDS = "command.succeeds"


def shell(script: str, **more: Any) -> dict[str, Any]:
    return {"command": ["sh", "-c", script], **more}


CASES = [
    Case("ends well", SUCCEEDS, shell("echo all fine"), Status.PASSED, "ended with 0: all fine"),
    Case("ends badly", SUCCEEDS, shell("echo no such stack >&2; exit 4"), Status.FAILED, "ended with 4: no such stack"),
    Case(
        "prints what it should", SUCCEEDS, shell("echo Sessions-prod", prints="Sessions-prod"), Status.PASSED, "Sessions-prod"
    ),
    Case(
        "prints something else",
        SUCCEEDS,
        shell("echo Sessions", prints="Sessions-prod"),
        Status.FAILED,
        "did not print 'Sessions-prod'",
    ),
    Case(
        "make's last words are not quoted",
        SUCCEEDS,
        shell("echo E501; echo 'make: *** [lint] Error 1'; exit 2"),
        Status.FAILED,
        "2: E501",
    ),
    Case(
        "runs in its folder",
        SUCCEEDS,
        shell("pwd", directory="infra", prints="/infra"),
        Status.PASSED,
        "/infra",
        files={"infra/a": ""},
    ),
    Case("folder not there", SUCCEEDS, shell("true", directory="infra"), Status.FAILED, "no folder 'infra'"),
    Case("folder outside", SUCCEEDS, shell("true", directory=".."), Status.UNKNOWN, "leads out of the workspace"),
    Case("program not there", SUCCEEDS, {"command": ["no-such-program"]}, Status.FAILED, "not on the PATH"),
    Case("no command", SUCCEEDS, {"command": []}, Status.UNKNOWN, "The command is empty"),
    Case("takes too long", SUCCEEDS, shell("sleep 30", timeout_seconds=0.1), Status.UNKNOWN, "had not ended after 0.1 s"),
    Case(
        "wants a credential",
        SUCCEEDS,
        shell("true", variables=["AWS_SECRET_ACCESS_KEY"]),
        Status.UNKNOWN,
        "may be a credential",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
