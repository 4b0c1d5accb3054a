from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

ON, OFF = "aws.events.rules_enabled", "aws.events.rules_disabled"
NIGHTLY = {"rules": ["nightly"]}
GONE = {"events.describe_rule": aws_error("ResourceNotFoundException", "Rule nightly does not exist on EventBus default.")}
UNREAD = {"events.describe_rule": DENIED}


def rule(state: str = "ENABLED", *targets: str) -> dict[str, Any]:
    return {
        "events.describe_rule": {"State": state, "ScheduleExpression": "rate(1 day)"},
        "events.list_targets_by_rule": {"Targets": [{"Arn": target} for target in targets]},
    }


CASES = [
    Case("enabled", ON, NIGHTLY, Status.PASSED, "starts arn:x", rule("ENABLED", "arn:x")),
    Case("at the wished time", ON, NIGHTLY | {"schedule": "rate(1 day)"}, Status.PASSED, "starts", rule("ENABLED", "arn:x")),
    Case(
        "at another time",
        ON,
        NIGHTLY | {"schedule": "rate(1 hour)"},
        Status.FAILED,
        "wanted 'rate(1 hour)'",
        rule("ENABLED", "x"),
    ),
    Case("disabled", ON, NIGHTLY, Status.FAILED, "DISABLED, wanted ENABLED", rule("DISABLED", "arn:x")),
    Case("starts nothing", ON, NIGHTLY, Status.FAILED, "no target", rule()),
    Case("not there", ON, NIGHTLY, Status.FAILED, "does not exist", GONE),
    Case("none named", ON, {"rules": []}, Status.UNKNOWN, "nothing could be judged", rule()),
    Case("denied", ON, NIGHTLY, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("disabled", OFF, NIGHTLY, Status.PASSED, "'DISABLED'", rule("DISABLED")),
    Case("enabled", OFF, NIGHTLY, Status.FAILED, "wanted 'DISABLED'", rule()),
    Case("not there", OFF, NIGHTLY, Status.FAILED, "does not exist", GONE),
    Case("none named", OFF, {"rules": []}, Status.UNKNOWN, "nothing could be judged", rule("DISABLED")),
    Case("denied", OFF, NIGHTLY, Status.UNKNOWN, "AccessDenied", UNREAD),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
