"""CloudWatch alarms and dashboards."""

from __future__ import annotations

from typing import Literal

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only, parsed
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Status, Verdict, failed, passed

_KINDS = ["MetricAlarm", "CompositeAlarm"]  # CloudWatch leaves composite alarms out unless they are asked for


@check(permissions=("cloudwatch:DescribeAlarms",), remedy="aws cloudwatch describe-alarms --alarm-names <alarm>")
def alarms_exist(aws: Aws, *, alarms: list[str], topic: str = "") -> Verdict:
    """Every alarm exists and tells someone.

    An alarm without an action, or with its actions switched off, turns red where nobody looks.
    Reads cloudwatch:DescribeAlarms once an alarm. ``topic`` is the name of an SNS topic that each must notify; empty accepts
    any action.

    Example:
        check: aws.cloudwatch.alarms_exist
        with: {alarms: [session-creation-latency-prod], topic: session-management-alarms-prod}

    """

    def tells(name: str) -> Verdict:
        alarm = _alarm(aws, name)
        actions = alarm.get("AlarmActions", [])
        if alarm["ActionsEnabled"] is not True:
            return failed(f"The actions of alarm {name} are switched off.")
        if not actions:
            return failed(f"Alarm {name} has no action, so it tells nobody.")
        if topic and not any(action.endswith(f":{topic}") for action in actions):
            return failed(f"Alarm {name} notifies {listed(actions)}, wanted topic {topic}.")
        return passed(f"Alarm {name} exists and notifies {listed(actions)}.")

    return every("alarm", alarms, tells)


@check(
    permissions=("cloudwatch:DescribeAlarms",),
    remedy="aws cloudwatch describe-alarm-history --alarm-name <alarm> --history-item-type StateUpdate",
)
def alarms_quiet(
    aws: Aws, *, alarms: list[str], insufficient_data: Literal["passed", "unknown", "failed"] = "unknown"
) -> Verdict:
    """No alarm is ringing.

    An alarm that rings after a release is the first sign that users suffer.
    Reads cloudwatch:DescribeAlarms once an alarm. ``insufficient_data`` says how to judge an alarm that has not enough data
    yet; one on a metric that only errors write may well be taken as passed.

    Example:
        check: aws.cloudwatch.alarms_quiet
        with: {alarms: [session-connection-errors-prod], insufficient_data: passed}

    """

    def quiet(name: str) -> Verdict:
        alarm = _alarm(aws, name)
        if alarm["StateValue"] == "OK":
            return passed(f"Alarm {name} is OK.")
        if alarm["StateValue"] == "INSUFFICIENT_DATA":
            return Verdict(Status[insufficient_data.upper()], f"Alarm {name} has INSUFFICIENT_DATA.")
        return failed(f"Alarm {name} is {alarm['StateValue']}: {alarm.get('StateReason') or 'no reason given'}.")

    return every("alarm", alarms, quiet)


@check(permissions=("cloudwatch:GetDashboard",), remedy="aws cloudwatch get-dashboard --dashboard-name <dashboard>")
def dashboard_exists(aws: Aws, *, dashboard: str) -> Verdict:
    """The dashboard exists and shows something.

    On-call opens it first.
    Reads cloudwatch:GetDashboard.

    Example:
        check: aws.cloudwatch.dashboard_exists
        with: {dashboard: SessionManagement-prod}

    """
    body = parsed(aws.cloudwatch.get_dashboard(DashboardName=dashboard)["DashboardBody"], f"The body of dashboard {dashboard}")
    if not body["widgets"]:
        return failed(f"Dashboard {dashboard} has no widget.")
    return passed(f"Dashboard {dashboard} exists with {len(body['widgets'])} widgets.")


def _alarm(aws: Aws, name: str) -> Answer:
    found = aws.cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=_KINDS)
    alarm: Answer = only("alarm", [*found["MetricAlarms"], *found.get("CompositeAlarms", [])], "AlarmName", name)
    return alarm
