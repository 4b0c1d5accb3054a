from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.connect.session import Release
from tasks.core.verdicts import Status
from tasks.core.windows import DAYS
from tests.tasks.world import Case

PHASE, SECTION, FIELD = "release.phase_passed", "release.section_passed", "release.field_recorded"
WINDOW = "release.in_window"
ALL_DAY = {"opens": "00:00", "closes": "00:00"}
FAR_DAYS = [DAYS[(datetime.now(UTC).weekday() + days) % 7] for days in (2, 3, 4)]


def release(*statuses: str, **more: Any) -> Release:
    """A release whose items of Tables in Deployment stand like this, and one failed item elsewhere."""
    items = {
        f"item-{n}": {"title": f"Item {n}", "phase": "Deployment", "section": "Tables", "status": status}
        for n, status in enumerate(statuses)
    }
    items["other"] = {"title": "Other", "phase": "Validation", "section": "Other", "status": "FAILED"}
    told = {
        "id": "r-1",
        "requested_by": "rita",
        "version": "1.2.0",
        "environment": "production",
        "started": "2026-11-21T09:15:00+00:00",
    }
    return Release(**(told | {"items": items} | more))


def standing(check: str, arguments: dict[str, Any]) -> list[Case]:
    """The same rows for a phase and for a section."""
    return [
        Case("all passed", check, arguments, Status.PASSED, "2 of 2 items", release=release("PASSED", "PASSED")),
        Case(
            "one skipped, one waived",
            check,
            arguments,
            Status.PASSED,
            "1 of 3 items",
            release=release("PASSED", "SKIPPED", "WAIVED"),
        ),
        Case("one failed", check, arguments, Status.FAILED, "'Item 1' (FAILED)", release=release("PASSED", "FAILED")),
        Case("one unknown", check, arguments, Status.FAILED, "'Item 0' (UNKNOWN)", release=release("UNKNOWN", "PASSED")),
        Case("one undecided", check, arguments, Status.FAILED, "'Item 1' (undecided)", release=release("PASSED", "")),
        Case(
            "none passed",
            check,
            arguments,
            Status.UNKNOWN,
            "all 2 were skipped or waived",
            release=release("SKIPPED", "WAIVED"),
        ),
        Case("nothing there", check, arguments, Status.UNKNOWN, "has no item in", release=release()),
        Case("no release", check, arguments, Status.UNKNOWN, "has no item in"),
    ]


CASES = [
    Case("open", WINDOW, ALL_DAY, Status.PASSED, "the window is Mon, Tue"),
    Case("another day", WINDOW, ALL_DAY | {"days": FAR_DAYS}, Status.FAILED, "the window is"),
    Case("frozen", WINDOW, ALL_DAY | {"freezes": ["2000-01-01..2999-12-31"]}, Status.FAILED, "nothing is changed during 2000"),
    Case("no time", WINDOW, ALL_DAY | {"closes": "midnight"}, Status.UNKNOWN, "is no window"),
    *standing(PHASE, {"phase": "Deployment"}),
    *standing(SECTION, {"section": "Tables"}),
    Case(
        "section of a phase",
        SECTION,
        {"section": "Tables", "phase": "Deployment"},
        Status.PASSED,
        "1 of 1",
        release=release("PASSED"),
    ),
    Case(
        "of another phase",
        SECTION,
        {"section": "Tables", "phase": "Validation"},
        Status.UNKNOWN,
        "no item",
        release=release("PASSED"),
    ),
    Case("no section named", SECTION, {"section": ""}, Status.UNKNOWN, "no item", release=release("PASSED")),
    Case("who", FIELD, {"field": "requested_by"}, Status.PASSED, "Deployed by rita.", release=release()),
    Case("what", FIELD, {"field": "version"}, Status.PASSED, "Version 1.2.0.", release=release()),
    Case("where", FIELD, {"field": "environment"}, Status.PASSED, "Environment production.", release=release()),
    Case("when", FIELD, {"field": "date"}, Status.PASSED, "Date: 2026-11-21.", release=release()),
    Case(
        "nobody",
        FIELD,
        {"field": "requested_by"},
        Status.FAILED,
        "does not say 'requested_by'",
        release=release(requested_by=""),
    ),
    Case("outside a release", FIELD, {"field": "requested_by"}, Status.UNKNOWN, "No release is running"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
