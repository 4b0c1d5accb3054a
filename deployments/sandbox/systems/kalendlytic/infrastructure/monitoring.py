"""Alarms, whom they tell, the dashboard, and which requests are traced."""

from __future__ import annotations

import json

from functions import FUNCTIONS
from settings import Resource, Settings

CHATBOT = "https://global.sns-api.chatbot.amazonaws.com"


def alarm(name: str, metric: dict[str, object], threshold: float, **statistic: str) -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": name,
            **metric,
            **(statistic or {"Statistic": "Sum"}),
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": threshold,
            "ComparisonOperator": "GreaterThanThreshold",
            "TreatMissingData": "notBreaching",
            "AlarmActions": [{"Ref": "AlarmTopic"}],
        },
    }


def lambda_metric(settings: Settings, metric: str, function: str) -> dict[str, object]:
    dimension = {"Name": "FunctionName", "Value": settings.function(function)}
    return {"Namespace": "AWS/Lambda", "MetricName": metric, "Dimensions": [dimension]}


def api_metric(settings: Settings, metric: str) -> dict[str, object]:
    dimension = {"Name": "ApiName", "Value": settings.name("kalendlytic-api")}
    return {"Namespace": "AWS/ApiGateway", "MetricName": metric, "Dimensions": [dimension]}


def alarms(settings: Settings) -> dict[str, Resource]:
    named = settings.function
    found = {
        "ThrottlesAlarm": alarm(named("throttles"), lambda_metric(settings, "Throttles", "events"), 0),
        "ServerErrorsAlarm": alarm(named("server-errors"), api_metric(settings, "5XXError"), 5),
        "LatencyAlarm": alarm(named("latency"), api_metric(settings, "Latency"), 2000, ExtendedStatistic="p95"),
    }
    for function in FUNCTIONS:
        errors = lambda_metric(settings, "Errors", function.name)
        found[f"{function.logical}ErrorsAlarm"] = alarm(f"{named(function.name)}-errors", errors, 5)
    return found


def topic(settings: Settings) -> dict[str, Resource]:
    told = {"AlarmMail": ("email", settings.alarm_email)}
    if settings.chatbot:
        told["AlarmChat"] = ("https", CHATBOT)
    subscriptions: dict[str, Resource] = {
        logical: {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": protocol, "Endpoint": endpoint},
        }
        for logical, (protocol, endpoint) in told.items()
    }
    name = settings.name("kalendlytic-alarms")
    return {"AlarmTopic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}, **subscriptions}


def dashboard(settings: Settings) -> Resource:
    api = ["ApiName", settings.name("kalendlytic-api")]
    lines = {
        "Requests": [["AWS/ApiGateway", "Count", *api], ["AWS/ApiGateway", "5XXError", *api]],
        "Latency": [["AWS/ApiGateway", "Latency", *api]],
        "Use": [[f"Kalendlytic/{settings.environment}", each] for each in ("EventsCreated", "FilesStored", "InvitationsSent")],
    }
    widgets = [
        {"type": "metric", "properties": {"title": title, "region": settings.region, "metrics": metrics, "period": 300}}
        for title, metrics in lines.items()
    ]
    properties = {"DashboardName": settings.stack, "DashboardBody": json.dumps({"widgets": widgets})}
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": properties}


def sampling(settings: Settings) -> Resource:
    anything = dict.fromkeys(("HTTPMethod", "Host", "ServiceName", "ServiceType", "ResourceARN", "URLPath"), "*")
    name = settings.name("kalendlytic")
    wanted = {"RuleName": name, "Priority": 100, "FixedRate": 0.05, "ReservoirSize": 1, "Version": 1, **anything}
    return {"Type": "AWS::XRay::SamplingRule", "Properties": {"SamplingRule": wanted}}


def monitoring(settings: Settings) -> dict[str, Resource]:
    return {
        **topic(settings),
        **alarms(settings),
        "Dashboard": dashboard(settings),
        "Sampling": sampling(settings),
    }
