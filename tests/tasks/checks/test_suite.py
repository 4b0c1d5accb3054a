import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

SUITE, REPORT, COVERAGE = "suite.passed", "suite.report_passed", "suite.coverage_at_least"
NOW, LONG_AGO = datetime.now(UTC).isoformat(), "2020-01-01T00:00:00"


def junit(inside: str = '<testcase classname="a" name="b"/>', moment: str = NOW) -> dict[str, str]:
    return {"report.xml": f'<testsuites><testsuite timestamp="{moment}">{inside}</testsuite></testsuites>'}


def report(**more: Any) -> dict[str, Any]:
    return {"paths": ["report.xml"], **more}


def cobertura(rate: str, moment: str = "") -> dict[str, str]:
    return {"coverage": f'<?xml version="1.0"?><coverage line-rate="{rate}" lines-valid="9" timestamp="{moment}"/>'}


COVERED = {"path": "coverage"}
FAILING = '<testcase classname="a" name="b"><failure/></testcase>'
SKIPPED = '<testcase name="b"><skipped/></testcase>'


def prints(text: str, status: int = 0, **more: Any) -> dict[str, Any]:
    return {"command": ["sh", "-c", f"cat <<'END'\n{text}\nEND\nexit {status}"], **more}


def summary(tests: int) -> str:
    return f"{tests} tests of `"


UNITTEST = "..............\n" + "-" * 70 + "\nRan 14 tests in 0.004s\n\nOK"
JEST = "PASS src/a.test.js\nTest Suites: 2 passed, 2 total\nTests:       1 skipped, 11 passed, 12 total\nSnapshots:   0 total"
CASES = [
    Case("all passed", REPORT, report(), Status.PASSED, "passed tests in report.xml is 1", files=junit()),
    Case("one failed", REPORT, report(), Status.FAILED, "1 tests in report.xml failed: a.b", files=junit(FAILING)),
    Case("one broke", REPORT, report(), Status.FAILED, "failed", files=junit('<testcase name="b"><error/></testcase>')),
    Case("all skipped", REPORT, report(), Status.UNKNOWN, "1 were skipped", files=junit(SKIPPED)),
    Case("too few", REPORT, report(minimum_tests=2), Status.FAILED, "is 1, wanted at least 2", files=junit()),
    Case("old", REPORT, report(), Status.FAILED, "wanted at most 24 hours ago", files=junit(moment=LONG_AGO)),
    Case("no moment of its own", REPORT, report(), Status.PASSED, "ago", files=junit(moment="")),
    Case("no report", REPORT, report(), Status.FAILED, "no file 'report.xml'"),
    Case("no XML", REPORT, report(), Status.UNKNOWN, "no XML", files={"report.xml": "hello"}),
    Case("no JUnit", REPORT, report(), Status.UNKNOWN, "begins with <html>", files={"report.xml": "<html/>"}),
    Case("no path", REPORT, {"paths": []}, Status.UNKNOWN, "No report was found"),
    Case("enough", COVERAGE, COVERED, Status.PASSED, "is 80 %", files=cobertura("0.8")),
    Case("too little", COVERAGE, COVERED, Status.FAILED, "is 79.99 %, wanted at least 80", files=cobertura("0.7999")),
    Case("measured long ago", COVERAGE, COVERED, Status.FAILED, "wanted at most", files=cobertura("0.9", "1577836800000")),
    Case(
        "no line at all",
        COVERAGE,
        COVERED,
        Status.UNKNOWN,
        "no line at all",
        files={"coverage": '<coverage line-rate="1" lines-valid="0"/>'},
    ),
    Case(
        "coverage.py",
        COVERAGE,
        COVERED,
        Status.PASSED,
        "is 85.5 %",
        files={"coverage": json.dumps({"meta": {"timestamp": NOW}, "totals": {"percent_covered": 85.5, "num_statements": 10}})},
    ),
    Case(
        "Istanbul",
        COVERAGE,
        COVERED,
        Status.PASSED,
        "is 90 %",
        files={"coverage": '{"total": {"lines": {"total": 10, "covered": 9}}}'},
    ),
    Case("lcov", COVERAGE, COVERED, Status.FAILED, "is 75 %", files={"coverage": "SF:a\nLF:2\nLH:1\nSF:b\nLF:2\nLH:2\n"}),
    Case("something else", COVERAGE, COVERED, Status.UNKNOWN, "no coverage report", files={"coverage": '{"a": 1}'}),
    Case("empty", COVERAGE, COVERED, Status.UNKNOWN, "no coverage report", files={"coverage": ""}),
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
