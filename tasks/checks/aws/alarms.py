"""CloudWatch alarms by what they watch and what they did; those known by name are under ``cloudwatch``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_HISTORY = ("cloudwatch:DescribeAlarmHistory",)


@check(
    permissions=("cloudwatch:DescribeAlarms",),
    remedy="aws cloudwatch put-metric-alarm --namespace <namespace> --metric-name <metric> …",
)
def watch(aws: Aws, *, namespace: str, metrics: list[str], resource: str = "", topic: str = "") -> Verdict:
    """An alarm that tells somebody watches every one of the metrics.

    Reads cloudwatch:DescribeAlarms. ``resource`` is a part of the value of one of the alarm's dimensions, such as the name of a
    function; ``topic`` the name of the SNS topic that it must notify; empty accepts any. Metrics inside an expression count.

    Example:
        check: aws.alarms.watch
        with: {namespace: AWS/States, metrics: [ExecutionsFailed], resource: document-workflow-prod, topic: alerts-prod}

    """
    alarms = aws.cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm"])["MetricAlarms"]

    def watched(metric: str) -> Verdict:
        mine = [each for each in alarms if any(_is_about(it, namespace, metric, resource) for it in _watched(each))]
        what = f"{namespace} {metric}{f' of {resource}' if resource else ''}"
        if not mine:
            return failed(f"No alarm among {len(alarms)} watches {what}.")
        tell = [str(each["AlarmName"]) for each in mine if _tells(each, topic)]
        if not tell:
            names = listed(each["AlarmName"] for each in mine)
            return failed(f"Alarm {names} watches {what} and tells {topic or 'nobody'} nothing.")
        return passed(f"Alarm {listed(tell)} watches {what}.")

    return every("metric", metrics, watched)


@check(permissions=_HISTORY, remedy="aws cloudwatch describe-alarm-history --history-item-type StateUpdate")
def rang_at_most(aws: Aws, *, alarms: list[str], hours: float = 24, times: int = 0) -> Verdict:
    """No alarm rang more often in the last hours than is accepted.

    An alarm that is quiet now may have rung all night.
    Reads cloudwatch:DescribeAlarmHistory once an alarm. ``times`` is the accepted number for each. An alarm without any
    history, be it of another kind, is unknown: the name may be wrong.

    Example:
        check: aws.alarms.rang_at_most
        with: {alarms: [workflow-failures-prod], hours: 24}

    """

    def quiet(name: str) -> Verdict:
        history = aws.cloudwatch.describe_alarm_history(AlarmName=name)["AlarmHistoryItems"]
        if not history:
            return unknown(f"Alarm {name} has no history.")
        rang = [
            each["Timestamp"] for each in _of_kind(history, "StateUpdate", aws.now - timedelta(hours=hours)) if _to_alarm(each)
        ]
        told = f"Alarm {name} rang {len(rang)} times in the last {hours:g} hours"
        if len(rang) > times:
            return failed(f"{told}, last at {max(rang):%Y-%m-%d %H:%M} UTC, wanted at most {times}.")
        return passed(f"{told}.")

    return every("alarm", alarms, quiet)


@check(
    permissions=_HISTORY, remedy="aws cloudwatch set-alarm-state --alarm-name <alarm> --state-value ALARM --state-reason test"
)
def tried(aws: Aws, *, alarms: list[str], days: float = 30) -> Verdict:
    """Every alarm has told somebody within the last days, in earnest or as a test.

    Only an alarm that was once received is known to arrive; that somebody read it, a person must say.
    Reads the actions in cloudwatch:DescribeAlarmHistory once an alarm. CloudWatch keeps 30 days.

    Example:
        check: aws.alarms.tried
        with: {alarms: [workflow-failures-prod], days: 14}

    """

    def told(name: str) -> Verdict:
        history = aws.cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="Action")["AlarmHistoryItems"]
        recent = list(_of_kind(history, "Action", aws.now - timedelta(days=days)))
        well = [each["Timestamp"] for each in recent if str(each["HistorySummary"]).startswith("Successfully")]
        if well:
            return passed(f"Alarm {name} told somebody at {max(well):%Y-%m-%d %H:%M} UTC.")
        if recent:
            return failed(f"Alarm {name} tried and could not tell anybody: {recent[0]['HistorySummary']}.")
        return failed(f"Alarm {name} has told nobody in the last {days:g} days.")

    return every("alarm", alarms, told)


def _watched(alarm: Answer) -> Iterator[Answer]:
    if "MetricName" in alarm:
        yield alarm
    for query in alarm.get("Metrics", []):
        if "MetricStat" in query:
            yield query["MetricStat"]["Metric"]


def _is_about(metric: Answer, namespace: str, name: str, resource: str) -> bool:
    about = any(resource in str(each["Value"]) for each in metric.get("Dimensions", []))
    return metric["Namespace"] == namespace and metric["MetricName"] == name and (about or not resource)


def _tells(alarm: Answer, topic: str) -> bool:
    actions = [str(each) for each in alarm.get("AlarmActions", [])]
    return alarm["ActionsEnabled"] is True and any(not topic or each.endswith(f":{topic}") for each in actions)


def _of_kind(history: list[Answer], kind: str, since: datetime) -> Iterator[Answer]:
    return (each for each in history if each["HistoryItemType"] == kind and each["Timestamp"] >= since)


def _to_alarm(entry: Answer) -> bool:
    return str(entry["HistorySummary"]).endswith("to ALARM")
