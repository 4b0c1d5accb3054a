from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXIST, QUIET, DASHBOARD = (f"aws.cloudwatch.{name}" for name in ("alarms_exist", "alarms_quiet", "dashboard_exists"))
ALARM: dict[str, Any] = {
    "AlarmName": "errors",
    "ActionsEnabled": True,
    "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:alarms"],
    "StateValue": "OK",
    "StateReason": "Threshold crossed: 7 errors",
}
ALARMS = {"alarms": ["errors"]}
SHOWN = {"dashboard": "sessions"}
NO_DASHBOARD = aws_error("ResourceNotFound", "Dashboard sessions does not exist", 404)


def alarm(**changes: Any) -> dict[str, Any]:
    return {"cloudwatch.describe_alarms": {"MetricAlarms": [ALARM | changes], "CompositeAlarms": []}}


def dashboard(body: str) -> dict[str, Any]:
    return {"cloudwatch.get_dashboard": {"DashboardBody": body}}


NO_ALARM = {"cloudwatch.describe_alarms": {"MetricAlarms": [], "CompositeAlarms": []}}
COMPOSITE = {"cloudwatch.describe_alarms": {"MetricAlarms": [], "CompositeAlarms": [ALARM]}}
UNREAD = {"cloudwatch.describe_alarms": DENIED}
WAITING = alarm(StateValue="INSUFFICIENT_DATA")

CASES = [
    Case("there, and tells", EXIST, ALARMS, Status.PASSED, "notifies arn", alarm()),
    Case("a composite alarm", EXIST, ALARMS, Status.PASSED, "notifies arn", COMPOSITE),
    Case("tells the wished topic", EXIST, ALARMS | {"topic": "alarms"}, Status.PASSED, "notifies arn", alarm()),
    Case("tells another topic", EXIST, ALARMS | {"topic": "larms"}, Status.FAILED, "wanted topic larms", alarm()),
    Case("switched off", EXIST, ALARMS, Status.FAILED, "switched off", alarm(ActionsEnabled=False)),
    Case("tells nobody", EXIST, ALARMS, Status.FAILED, "tells nobody", alarm(AlarmActions=[])),
    Case("not there", EXIST, ALARMS, Status.FAILED, "no alarm named", NO_ALARM),
    Case("none named", EXIST, {"alarms": []}, Status.UNKNOWN, "nothing could be judged", NO_ALARM),
    Case("denied", EXIST, ALARMS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("quiet", QUIET, ALARMS, Status.PASSED, "is OK", alarm()),
    Case("rings", QUIET, ALARMS, Status.FAILED, "7 errors", alarm(StateValue="ALARM")),
    Case("not enough data", QUIET, ALARMS, Status.UNKNOWN, "INSUFFICIENT_DATA", WAITING),
    Case("no data is well", QUIET, ALARMS | {"insufficient_data": "passed"}, Status.PASSED, "INSUFFICIENT_DATA", WAITING),
    Case("no data is a failure", QUIET, ALARMS | {"insufficient_data": "failed"}, Status.FAILED, "INSUFFICIENT_DATA", WAITING),
    Case("not there", QUIET, ALARMS, Status.FAILED, "no alarm named", NO_ALARM),
    Case("denied", QUIET, ALARMS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("there", DASHBOARD, SHOWN, Status.PASSED, "with 1 widgets", dashboard('{"widgets": [{}]}')),
    Case("empty", DASHBOARD, SHOWN, Status.FAILED, "has no widget", dashboard('{"widgets": []}')),
    Case("not there", DASHBOARD, SHOWN, Status.FAILED, "does not exist", {"cloudwatch.get_dashboard": NO_DASHBOARD}),
    Case("not JSON", DASHBOARD, SHOWN, Status.UNKNOWN, "is not JSON", dashboard("<html>")),
    Case("denied", DASHBOARD, SHOWN, Status.UNKNOWN, "AccessDenied", {"cloudwatch.get_dashboard": DENIED}),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
