from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

LINT, FORMAT = "code.lint_clean", "code.formatted"


def prints(text: str, status: int = 0, **more: Any) -> dict[str, Any]:
    return {"command": ["sh", "-c", f"echo '{text}'; exit {status}"], **more}


CASES = [
    Case("clean", LINT, prints("All checks passed!"), Status.PASSED, "All checks passed!"),
    Case("finding", LINT, prints("heartbeat.py:3 F401", 1), Status.FAILED, "ended with 1: heartbeat.py:3 F401"),
    Case("nothing was linted", LINT, prints("No files found", prints="All checks passed!"), Status.FAILED, "did not print"),
    Case("no linter", LINT, {"command": ["no-such-linter"]}, Status.FAILED, "not on the PATH"),
    Case("takes too long", LINT, {"command": ["sleep", "30"], "timeout_seconds": 0.1}, Status.UNKNOWN, "had not ended"),
    Case("formatted", FORMAT, prints("20 files already formatted"), Status.PASSED, "20 files"),
    Case("unformatted", FORMAT, prints("1 file would be reformatted", 1), Status.FAILED, "would be reformatted"),
    Case("no formatter", FORMAT, {"command": ["no-such-formatter"]}, Status.FAILED, "not on the PATH"),
    Case("folder outside", FORMAT, prints("fine", directory="/etc"), Status.UNKNOWN, "leads out of the workspace"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
