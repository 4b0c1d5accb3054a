import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import Case

SURVIVED = "chaos.experiments_passed"
PATHS = {"paths": ["journal.json"]}
MET = {"steady_state_met": True}


def journal(**changes: Any) -> dict[str, str]:
    content = {
        "experiment": {"title": "the database fails over"},
        "status": "completed",
        "deviated": False,
        "steady_states": {"before": MET, "after": MET},
        "end": datetime.now(UTC).isoformat(),
    }
    return {"journal.json": json.dumps(content | changes)}


CASES = [
    Case("kept", SURVIVED, PATHS, Status.PASSED, "'the database fails over' the system kept", files=journal()),
    Case("left", SURVIVED, PATHS, Status.FAILED, "left its steady state", files=journal(deviated=True)),
    Case(
        "not met after",
        SURVIVED,
        PATHS,
        Status.FAILED,
        "left its steady state",
        files=journal(steady_states={"after": {"steady_state_met": False}}),
    ),
    Case("broken off", SURVIVED, PATHS, Status.FAILED, "ended aborted", files=journal(status="aborted")),
    Case("old", SURVIVED, PATHS, Status.FAILED, "wanted at most 90 days ago", files=journal(end="2020-01-01T00:00:00")),
    Case("nothing looked at", SURVIVED, PATHS, Status.UNKNOWN, "no steady state", files=journal(steady_states={})),
    Case("no journal", SURVIVED, PATHS, Status.UNKNOWN, "no field 'experiment'", files={"journal.json": "{}"}),
    Case("not there", SURVIVED, PATHS, Status.FAILED, "no file 'journal.json'"),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
