"""Test suites: run, not empty, and passed."""

from __future__ import annotations

import re
from collections import Counter

from tasks.connect.commands import Commands
from tasks.connect.files import Files
from tasks.core import verdicts
from tasks.core.coverage_reports import coverage
from tasks.core.judges import at_least, every, listed, ran_well, recent
from tasks.core.junit import run
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, unknown, worst

_UNITTEST = re.compile(r"^Ran (\d+) tests? in [\d.]+s\s+(?:OK|FAILED|NO TESTS RAN)(?: \(([^)]*)\))?", re.MULTILINE)
_PYTEST_OR_JEST = re.compile(r"^(?:Tests:\s+|=* ?)((?:\d+ [a-z]+(?:, )?)+)(?: in [\d.]+s\b|$)", re.MULTILINE)
_GO = re.compile(r"^\s*--- (PASS|FAIL):|^(ok|FAIL)\s+\S+\s+(?:[\d.]+s|\(cached\))(?!.*\[no tests to run\])", re.MULTILINE)


@check(remedy="Run the suite by hand in the system's checkout and mend what fails.")
def passed(
    commands: Commands, *, command: list[str], directory: str = "", minimum_tests: int = 1, timeout_seconds: int = 1800
) -> Verdict:
    """The test suite ran, was not empty, and passed.

    A suite that finds no tests ends well, too; so the number of tests is read from the summary of unittest, pytest, Jest or
    go test, and without that number nobody can say that anything was tested.
    ``command`` is a list of words, run without a shell and without credentials in ``directory`` of the system's checkout;
    ``minimum_tests`` is how many tests must have passed, skipped ones not counted. Runs the suite.

    Example:
        check: suite.passed
        with: {command: [make, test], minimum_tests: 10}

    """
    finished = commands.run(command, directory, timeout_seconds)
    ended = ran_well(command, finished.exit_status, finished.output, finished.last_line)
    if ended.status.keeps_gate_closed:
        return ended
    good, bad = _counted(finished.output)
    shown = f"`{' '.join(command)}`"
    if bad:
        return failed(f"{bad} tests of {shown} failed, although it ended with 0: {finished.last_line}")
    if not good:
        return unknown(f"{shown} ended with 0, and no test is known to have run: {finished.last_line}")
    if good < minimum_tests:
        return failed(f"{good} tests of {shown} passed, wanted at least {minimum_tests}.")
    return verdicts.passed(f"{good} tests of {shown} passed, wanted at least {minimum_tests}.", {"tests": str(good)})


@check(remedy="Run the suite again, in CI or by hand, with its JUnit report, and mend what fails.")
def report_passed(files: Files, *, paths: list[str], minimum_tests: int = 1, maximum_age_hours: float = 24) -> Verdict:
    """Every report of a test run is recent, has enough tests, and none that failed.

    For suites that are too long or need too much to be run by the release itself.
    ``paths`` are JUnit XML files relative to the workspace; ``minimum_tests`` is how many tests of each must have passed;
    ``maximum_age_hours`` is how old each run may be, by its own timestamp (UTC unless it has a zone), else by the file's. Reads
    the files.

    Example:
        check: suite.report_passed
        with: {paths: [gennet/reports/integration.xml], minimum_tests: 20}

    """

    def passing(path: str) -> Verdict:
        seen = run(files.text(path))
        if seen.failed:
            return failed(f"{len(seen.failed)} tests in {path} failed: {listed(seen.failed)}.")
        if not seen.passed:
            return unknown(f"No test in {path} passed, and {seen.skipped} were skipped: nothing was tested.")
        fresh = recent(f"The run of {path}", seen.begun or files.changed(path), files.now, maximum_age_hours)
        return worst([at_least(f"Number of passed tests in {path}", seen.passed, minimum_tests), fresh])

    return every("report", paths, passing)


@check(remedy="Run the tests with coverage measured, and test what the report shows as untested.")
def coverage_at_least(files: Files, *, path: str, percent: float = 80, maximum_age_hours: float = 24) -> Verdict:
    """Tests run at least such a share of the lines.

    ``path`` is a report relative to the workspace: Cobertura XML, coverage.py's or Istanbul's JSON, or lcov; ``percent`` is the
    smallest share of lines; ``maximum_age_hours`` is how old it may be, by its own timestamp, else by the file's. Reads the
    file.

    Example:
        check: suite.coverage_at_least
        with: {path: gennet/reports/coverage.xml, percent: 80}

    """
    seen = coverage(files.text(path))
    return worst(
        [
            at_least(f"Coverage in {path}", round(seen.percent, 2), percent, "%"),
            recent(f"The measurement in {path}", seen.measured or files.changed(path), files.now, maximum_age_hours),
        ]
    )


def _counted(output: str) -> tuple[int, int]:
    """How many tests passed and how many failed, over all summaries in the output."""
    counts: Counter[str] = Counter()
    for ran, rest in _UNITTEST.findall(output):
        found = {name.strip(): int(number) for name, number in re.findall(r"([a-z ]+)=(\d+)", rest)}
        counts["failed"] += found.get("failures", 0) + found.get("errors", 0) + found.get("unexpected successes", 0)
        counts["passed"] += int(ran) - sum(found.values())
    for summary in _PYTEST_OR_JEST.findall(output):
        for number, name in re.findall(r"(\d+) ([a-z]+)", summary):
            counts[name] += int(number)
    # One line a package; with -v also one a test, which then counts the more.
    for test, package in _GO.findall(output):
        counts["passed" if (test or package) in ("PASS", "ok") else "failed"] += 1
    return counts["passed"], counts["failed"] + counts["error"] + counts["errors"]
