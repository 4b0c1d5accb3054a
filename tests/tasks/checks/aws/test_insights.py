from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

SAVED = "aws.insights.queries_saved"
ERRORS = {"queries": ["errors"]}


def queries(*names: str) -> dict[str, Any]:
    found = [{"name": name, "queryString": "filter @message like /ERROR/"} for name in names]
    return {"logs.describe_query_definitions": {"queryDefinitions": found}}


CASES = [
    Case("saved", SAVED, ERRORS, Status.PASSED, "is saved", queries("errors")),
    Case("with the wished text", SAVED, ERRORS | {"contains": "ERROR"}, Status.PASSED, "is saved", queries("errors")),
    Case("with another text", SAVED, ERRORS | {"contains": "WARN"}, Status.FAILED, "does not contain", queries("errors")),
    Case("only a longer name", SAVED, ERRORS, Status.FAILED, "no query named", queries("errors-by-state")),
    Case("empty account", SAVED, ERRORS, Status.FAILED, "no query named", queries()),
    Case("none named", SAVED, {"queries": []}, Status.UNKNOWN, "nothing could be judged", queries()),
    Case("denied", SAVED, ERRORS, Status.UNKNOWN, "AccessDenied", {"logs.describe_query_definitions": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
