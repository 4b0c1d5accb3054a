"""Alarms, the topic they notify, and the dashboard."""

from __future__ import annotations

import json

from functions import FUNCTIONS
from settings import NAMESPACE, Settings

Resource = dict[str, object]


def alarm(name: str, metric: dict[str, object], threshold: float, unit: str = "Sum") -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": name,
            **metric,
            "Statistic": unit,
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
        },
    }


def own_metric(settings: Settings, name: str) -> dict[str, object]:
    return {"Namespace": f"{NAMESPACE}/{settings.environment}", "MetricName": name}


def error_metric(settings: Settings, function: str) -> dict[str, object]:
    dimension = {"Name": "FunctionName", "Value": settings.name(function)}
    return {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Dimensions": [dimension]}


def alarms(settings: Settings) -> dict[str, Resource]:
    named = settings.name
    found = {
        "LatencyAlarm": alarm(
            named("session-creation-latency"), own_metric(settings, "SessionCreationLatency"), 2000, "Average"
        ),
        "ConnectionErrorsAlarm": alarm(
            named("session-connection-errors"), own_metric(settings, "ConnectionErrors"), 100
        ),
        "ActiveSessionsAlarm": alarm(
            named("session-active-sessions"), own_metric(settings, "ActiveSessions"), 90, "Maximum"
        ),
    }
    for function in FUNCTIONS:
        found[f"{function.logical}ErrorsAlarm"] = alarm(
            f"{named(function.name)}-errors", error_metric(settings, function.name), 5
        )
    return found


def topic(settings: Settings) -> dict[str, Resource]:
    subscription = {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": settings.alarm_email}
    return {
        "AlarmTopic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": settings.name("session-management-alarms")},
        },
        "AlarmSubscription": {"Type": "AWS::SNS::Subscription", "Properties": subscription},
    }


def dashboard(settings: Settings) -> dict[str, Resource]:
    space = f"{NAMESPACE}/{settings.environment}"
    metrics = ("SessionCreationLatency", "ConnectionErrors", "ActiveSessions")
    widgets = [
        {
            "type": "metric",
            "properties": {"title": name, "region": settings.region, "metrics": [[space, name]], "period": 300},
        }
        for name in metrics
    ]
    properties = {"DashboardName": settings.stack, "DashboardBody": json.dumps({"widgets": widgets})}
    return {"Dashboard": {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}}


def monitoring(settings: Settings) -> dict[str, Resource]:
    return topic(settings) | alarms(settings) | dashboard(settings)
