from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, EXACT, LEAST, ERRORS = (
    f"aws.logs.{name}" for name in ("groups_exist", "retention_set", "retention_at_least", "no_errors")
)
GROUP = "/aws/lambda/heartbeat"
GROUPS = {"groups": [GROUP]}
GONE = aws_error("ResourceNotFoundException", "The specified log group does not exist.")


def groups(*names: str, **fields: Any) -> dict[str, Any]:
    return {"logs.describe_log_groups": {"logGroups": [{"logGroupName": name} | fields for name in names]}}


def lines(errors: int, others: int) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        many = errors + others if "filterPattern" not in asked else errors if asked["filterPattern"] == "ERROR" else 0
        return {"events": [{"message": f"ERROR number {place}\n"} for place in range(many)]}

    return groups(GROUP) | {"logs.filter_log_events": found}


def days(number: int) -> dict[str, Any]:
    return GROUPS | {"days": number}


FLOWING, COUNTED, UNDER = (f"aws.logs.{name}" for name in ("flowing", "lines_counted", "retention_under"))
PATTERN = GROUPS | {"patterns": ["ERROR"]}
PREFIX = {"prefix": "/aws/", "at_least_days": 30}

CASES = [
    Case("there", EXIST, GROUPS, Status.PASSED, "exists", groups(GROUP)),
    Case("only a longer name is there", EXIST, GROUPS, Status.FAILED, "no log group named", groups(GROUP + "-dev")),
    Case("empty account", EXIST, GROUPS, Status.FAILED, "no log group named", groups()),
    Case("no group named", EXIST, {"groups": []}, Status.UNKNOWN, "nothing could be judged", groups()),
    Case("denied", EXIST, GROUPS, Status.UNKNOWN, "AccessDenied", {"logs.describe_log_groups": DENIED}),
    Case("exactly as long", EXACT, days(7), Status.PASSED, "7 days", groups(GROUP, retentionInDays=7)),
    Case("longer", EXACT, days(7), Status.FAILED, "14 days, wanted 7", groups(GROUP, retentionInDays=14)),
    Case("never expires", EXACT, days(7), Status.FAILED, "absent, wanted 7", groups(GROUP)),
    Case("denied", EXACT, days(7), Status.UNKNOWN, "AccessDenied", {"logs.describe_log_groups": DENIED}),
    Case("just long enough", LEAST, days(7), Status.PASSED, "7 days", groups(GROUP, retentionInDays=7)),
    Case("never expires", LEAST, days(7), Status.PASSED, "never expires", groups(GROUP)),
    Case("too short", LEAST, days(7), Status.FAILED, "5 days, wanted at least 7", groups(GROUP, retentionInDays=5)),
    Case("not there", LEAST, days(7), Status.FAILED, "no log group named", groups()),
    Case("denied", LEAST, days(7), Status.UNKNOWN, "AccessDenied", {"logs.describe_log_groups": DENIED}),
    Case("lines, and no error among them", ERRORS, GROUPS, Status.PASSED, "no line of", lines(0, 3)),
    Case("no pattern named", ERRORS, GROUPS | {"patterns": []}, Status.UNKNOWN, "nothing could be judged", lines(0, 3)),
    Case("an error that is not asked for", ERRORS, GROUPS | {"patterns": ["Traceback"]}, Status.PASSED, "no line of Traceback",
         lines(1, 0)),
    Case("one error", ERRORS, GROUPS, Status.FAILED, "has 1 lines", lines(1, 0)),
    Case("more errors than are read", ERRORS, GROUPS, Status.FAILED, "has 20 or more", lines(20, 0)),
    Case("no line at all", ERRORS, GROUPS, Status.UNKNOWN, "no line at all", lines(0, 0)),
    Case("no line, and that is well", ERRORS, GROUPS | {"allow_empty": True}, Status.PASSED, "no line at all", lines(0, 0)),
    Case("group is not there", ERRORS, GROUPS, Status.FAILED, "no log group named", groups()),
    Case("group went meanwhile", ERRORS, GROUPS, Status.FAILED,
         "does not exist", groups(GROUP) | {"logs.filter_log_events": GONE}),
    Case("denied", ERRORS, GROUPS, Status.UNKNOWN, "AccessDenied", groups(GROUP) | {"logs.filter_log_events": DENIED}),
    Case("lines", FLOWING, GROUPS, Status.PASSED, "has lines", lines(0, 1)),
    Case("silent", FLOWING, GROUPS, Status.FAILED, "no line of the last 15", lines(0, 0)),
    Case("not there", FLOWING, GROUPS, Status.FAILED, "no log group named", groups()),
    Case("denied", FLOWING, GROUPS, Status.UNKNOWN, "AccessDenied", groups(GROUP) | {"logs.filter_log_events": DENIED}),
    Case("for a person", COUNTED, PATTERN, Status.PASSED, "has 3 lines of ERROR", lines(3, 1)),
    Case("just few enough", COUNTED, PATTERN | {"at_most": 3}, Status.PASSED, "has 3", lines(3, 1)),
    Case("too many", COUNTED, PATTERN | {"at_most": 2}, Status.FAILED, "wanted at most 2", lines(3, 1)),
    Case("no line at all", COUNTED, PATTERN, Status.UNKNOWN, "no line at all", lines(0, 0)),
    Case("no line, and that is well", COUNTED, PATTERN | {"allow_empty": True}, Status.PASSED, "has 0 lines", lines(0, 0)),
    Case("no pattern", COUNTED, PATTERN | {"patterns": []}, Status.UNKNOWN, "nothing could be judged", lines(0, 1)),
    Case("denied", COUNTED, PATTERN, Status.UNKNOWN, "AccessDenied", groups(GROUP) | {"logs.filter_log_events": DENIED}),
    Case("as promised", UNDER, PREFIX, Status.PASSED, "2 in all", groups("/aws/a", "/aws/b", retentionInDays=30)),
    Case("too short", UNDER, PREFIX, Status.FAILED, "keeps 29 days, wanted 30", groups("/aws/a", retentionInDays=29)),
    Case("for ever", UNDER, PREFIX, Status.FAILED, "never expires", groups("/aws/a")),
    Case("no group", UNDER, PREFIX, Status.UNKNOWN, "nothing could be judged", groups()),
    Case("denied", UNDER, PREFIX, Status.UNKNOWN, "AccessDenied", {"logs.describe_log_groups": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
