import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

FRESH, RESTORED, KEPT = (f"backup.{name}" for name in ("report_fresh", "restore_verified", "retention_kept"))
PATH = {"path": "backup.json"}
WEEK = PATH | {"days": 7}
DRILL = {"status": "succeeded", "rows_expected": 10, "rows_restored": 10}


def ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


def entry(days: float = 0.1, **changes: Any) -> dict[str, Any]:
    return {"finished": ago(days), "status": "succeeded", "bytes": 1000} | changes


def wrote(*entries: dict[str, Any]) -> dict[str, str]:
    return {"backup.json": json.dumps(entries[0] if len(entries) == 1 else list(entries))}


def drill(**changes: Any) -> dict[str, str]:
    return wrote(DRILL | {"finished": ago(1)} | changes)


DAILY = [entry(day + 0.1) for day in range(8)]
CASES = [
    Case("fresh", FRESH, PATH, Status.PASSED, "succeeded", files=wrote(entry())),
    Case("the newest counts", FRESH, PATH, Status.PASSED, "2.4 hours ago", files=wrote(entry(9), entry(), entry(3))),
    Case("failed", FRESH, PATH, Status.FAILED, "tells of failed", files=wrote(entry(status="failed"))),
    Case("empty", FRESH, PATH, Status.FAILED, "is 0 bytes", files=wrote(entry(bytes=0))),
    Case("old", FRESH, PATH, Status.FAILED, "wanted at most 24 hours ago", files=wrote(entry(1.1))),
    Case("no report", FRESH, PATH, Status.FAILED, "no file 'backup.json'"),
    Case("no backup", FRESH, PATH, Status.UNKNOWN, "tells of no backup", files=wrote()),
    Case("no moment", FRESH, PATH, Status.UNKNOWN, "is no moment", files=wrote(entry(finished="soon"))),
    Case("restored", RESTORED, PATH, Status.PASSED, "restored rows in backup.json is 10", files=drill()),
    Case("rows lost", RESTORED, PATH, Status.FAILED, "is 9, wanted 10", files=drill(rows_restored=9)),
    Case("broken off", RESTORED, PATH, Status.FAILED, "tells of failed", files=drill(status="failed")),
    Case("long ago", RESTORED, PATH, Status.FAILED, "wanted at most 30 days ago", files=drill(finished=ago(31))),
    Case("proves nothing", RESTORED, PATH, Status.UNKNOWN, "expected no rows", files=drill(rows_expected=0)),
    Case("kept", KEPT, WEEK, Status.PASSED, "has no gap", files=wrote(*DAILY)),
    Case("kept too short", KEPT, WEEK, Status.FAILED, "wanted at least 6 days", files=wrote(*DAILY[:4])),
    Case("a gap", KEPT, WEEK, Status.FAILED, "one is missing", files=wrote(*DAILY[:2], *DAILY[4:])),
    Case("stopped", KEPT, WEEK, Status.FAILED, "one is missing", files=wrote(*DAILY[3:])),
    Case("none succeeded", KEPT, WEEK, Status.UNKNOWN, "no backup that succeeded", files=wrote(entry(status="failed"))),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
