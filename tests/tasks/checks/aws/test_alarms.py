from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

WATCH, RANG, TRIED = (f"aws.alarms.{name}" for name in ("watch", "rang_at_most", "tried"))
FAILED = {"namespace": "AWS/States", "metrics": ["ExecutionsFailed"]}
ERRORS = {"alarms": ["errors"]}
METRIC = {"Namespace": "AWS/States", "MetricName": "ExecutionsFailed", "Dimensions": [{"Name": "x", "Value": "arn:flow"}]}
GONE = {"cloudwatch.describe_alarm_history": aws_error("ResourceNotFound")}
UNREAD = {"cloudwatch.describe_alarm_history": DENIED}


def alarm(**changes: Any) -> dict[str, Any]:
    found = (
        METRIC | {"AlarmName": "errors", "ActionsEnabled": True, "AlarmActions": ["arn:aws:sns:us-east-1:1:alerts"]} | changes
    )
    return {"cloudwatch.describe_alarms": {"MetricAlarms": [found]}}


def history(*items: tuple[float, str, str]) -> dict[str, Any]:
    found = [
        {"Timestamp": datetime.now(UTC) - timedelta(hours=hours), "HistoryItemType": kind, "HistorySummary": summary}
        for hours, kind, summary in items
    ]
    return {"cloudwatch.describe_alarm_history": {"AlarmHistoryItems": found}}


RINGS, CALMS = "Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"
TOLD, FAILS = "Successfully executed action arn:x", "Failed to execute action arn:x"
EXPRESSION = {"cloudwatch.describe_alarms": {"MetricAlarms": [
    {"AlarmName": "rate", "ActionsEnabled": True, "AlarmActions": ["a:alerts"],
     "Metrics": [{"Expression": "a/b"}, {"MetricStat": {"Metric": METRIC}}]},
]}}  # fmt: skip
CASES = [
    Case("watched", WATCH, FAILED, Status.PASSED, "errors watches", alarm()),
    Case("in an expression", WATCH, FAILED, Status.PASSED, "rate watches", EXPRESSION),
    Case("of the resource", WATCH, FAILED | {"resource": "flow", "topic": "alerts"}, Status.PASSED, "of flow", alarm()),
    Case("of another resource", WATCH, FAILED | {"resource": "other"}, Status.FAILED, "No alarm among 1", alarm()),
    Case("tells another topic", WATCH, FAILED | {"topic": "ops"}, Status.FAILED, "tells ops nothing", alarm()),
    Case("switched off", WATCH, FAILED, Status.FAILED, "tells nobody nothing", alarm(ActionsEnabled=False)),
    Case("another metric", WATCH, FAILED, Status.FAILED, "No alarm", alarm(MetricName="ExecutionsAborted")),
    Case("empty account", WATCH, FAILED, Status.FAILED, "among 0", {"cloudwatch.describe_alarms": {"MetricAlarms": []}}),
    Case("none named", WATCH, FAILED | {"metrics": []}, Status.UNKNOWN, "nothing could be judged", alarm()),
    Case("denied", WATCH, FAILED, Status.UNKNOWN, "AccessDenied", {"cloudwatch.describe_alarms": DENIED}),
    Case("quiet", RANG, ERRORS, Status.PASSED, "rang 0 times", history((1, "StateUpdate", CALMS), (25, "StateUpdate", RINGS))),
    Case("rang", RANG, ERRORS, Status.FAILED, "rang 1 times", history((23, "StateUpdate", RINGS))),
    Case(
        "rang as often as is accepted",
        RANG,
        ERRORS | {"times": 1},
        Status.PASSED,
        "rang 1",
        history((23, "StateUpdate", RINGS)),
    ),
    Case("no history", RANG, ERRORS, Status.UNKNOWN, "no history", history()),
    Case("not there", RANG, ERRORS, Status.FAILED, "ResourceNotFound", GONE),
    Case("denied", RANG, ERRORS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("told", TRIED, ERRORS, Status.PASSED, "told somebody", history((23, "Action", TOLD))),
    Case(
        "too long ago",
        TRIED,
        ERRORS | {"days": 1},
        Status.FAILED,
        "told nobody in the last 1 days",
        history((25, "Action", TOLD)),
    ),
    Case("could not tell", TRIED, ERRORS, Status.FAILED, "could not tell", history((1, "Action", FAILS))),
    Case("never", TRIED, ERRORS, Status.FAILED, "told nobody", history()),
    Case("denied", TRIED, ERRORS, Status.UNKNOWN, "AccessDenied", UNREAD),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
