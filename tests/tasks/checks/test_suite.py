from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

SUITE = "suite.passed"


def prints(text: str, status: int = 0, **more: Any) -> dict[str, Any]:
    return {"command": ["sh", "-c", f"cat <<'END'\n{text}\nEND\nexit {status}"], **more}


def summary(tests: int) -> str:
    return f"{tests} tests of `"


UNITTEST = "..............\n" + "-" * 70 + "\nRan 14 tests in 0.004s\n\nOK"
JEST = "PASS src/a.test.js\nTest Suites: 2 passed, 2 total\nTests:       1 skipped, 11 passed, 12 total\nSnapshots:   0 total"
CASES = [
    Case("unittest", SUITE, prints(UNITTEST), Status.PASSED, summary(14)),
    Case("unittest with skipped tests", SUITE, prints(UNITTEST + " (skipped=4)"), Status.PASSED, summary(10)),
    Case("unittest all skipped", SUITE, prints(UNITTEST + " (skipped=14)"), Status.UNKNOWN, "no test is known to have run"),
    Case("unittest found none", SUITE, prints("Ran 0 tests in 0.000s\n\nOK"), Status.UNKNOWN, "no test is known to have run"),
    Case(
        "unittest failing",
        SUITE,
        prints("Ran 14 tests in 0.1s\n\nFAILED (failures=1)", 1),
        Status.FAILED,
        "1: FAILED (failures=1)",
    ),
    Case("failure swallowed", SUITE, prints("Ran 14 tests in 0.1s\n\nFAILED (failures=1)"), Status.FAILED, "1 tests of `"),
    Case("pytest", SUITE, prints("===== 12 passed, 1 skipped in 0.31s ====="), Status.PASSED, summary(12)),
    Case("pytest, quiet", SUITE, prints("............\n12 passed in 0.31s"), Status.PASSED, summary(12)),
    Case(
        "pytest with errors swallowed",
        SUITE,
        prints("=== 1 failed, 11 passed, 2 errors in 1.20s ==="),
        Status.FAILED,
        "3 tests of `",
    ),
    Case("pytest found none", SUITE, prints("no tests ran in 0.01s"), Status.UNKNOWN, "no test is known to have run"),
    Case("jest", SUITE, prints(JEST), Status.PASSED, summary(11)),
    Case("jest failing, swallowed", SUITE, prints("Tests:       1 failed, 11 passed, 12 total"), Status.FAILED, "1 tests of `"),
    Case("go", SUITE, prints("ok  \texample.com/a\t0.012s\nok  \texample.com/b\t(cached)"), Status.PASSED, summary(2)),
    Case(
        "go without tests", SUITE, prints("ok  \texample.com/a\t0.012s [no tests to run]"), Status.UNKNOWN, "no test is known"
    ),
    Case(
        "go failing, swallowed",
        SUITE,
        prints("--- FAIL: TestA (0.00s)\nok  \texample.com/b\t0.1s"),
        Status.FAILED,
        "1 tests of `",
    ),
    Case("two suites", SUITE, prints(UNITTEST + "\n" + UNITTEST), Status.PASSED, summary(28)),
    Case("says something else", SUITE, prints("all good"), Status.UNKNOWN, "no test is known to have run"),
    Case("prose is no summary", SUITE, prints("we had 12 passed exams"), Status.UNKNOWN, "no test is known to have run"),
    Case("as many as wanted", SUITE, prints(UNITTEST, minimum_tests=14), Status.PASSED, "wanted at least 14"),
    Case("one too few", SUITE, prints(UNITTEST, minimum_tests=15), Status.FAILED, "wanted at least 15"),
    Case("program not there", SUITE, {"command": ["no-such-runner"]}, Status.FAILED, "not on the PATH"),
    Case("takes too long", SUITE, {"command": ["sleep", "30"], "timeout_seconds": 0.1}, Status.UNKNOWN, "had not ended"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
