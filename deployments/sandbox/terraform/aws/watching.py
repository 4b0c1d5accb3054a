"""What is looked at: alarms and dashboards."""

from __future__ import annotations

import json

from .kind import Clients, Settings, arn, found, mapping, pairs, removed


class Alarm:
    """``namespace``, ``metric``, ``dimensions``, ``statistic``, ``threshold``; ``topic`` is the ARN of who is told."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Put the alarm."""
        clients("cloudwatch").put_metric_alarm(
            AlarmName=name,
            Namespace=settings["namespace"],
            MetricName=settings["metric"],
            Dimensions=pairs(settings["dimensions"], "Name", "Value"),
            Statistic=settings["statistic"],
            Threshold=settings["threshold"],
            ComparisonOperator="GreaterThanThreshold",
            Period=300,
            EvaluationPeriods=1,
            TreatMissingData="notBreaching",
            AlarmActions=[settings["topic"]],
            Tags=pairs(settings["tags"]),
        )
        return arn("cloudwatch", f"alarm:{name}")

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """What it watches, from where on, whom it tells."""
        cloudwatch = clients("cloudwatch")
        alarms = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        if not alarms:
            return None
        now = alarms[0]
        every = {
            "namespace": now["Namespace"],
            "metric": now["MetricName"],
            "dimensions": mapping(now.get("Dimensions", []), "Name", "Value"),
            "statistic": now["Statistic"],
            "threshold": int(now["Threshold"]),
            "topic": next(iter(now["AlarmActions"]), ""),
            "tags": mapping(cloudwatch.list_tags_for_resource(ResourceARN=now["AlarmArn"])["Tags"]),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the alarm."""
        removed(lambda: clients("cloudwatch").delete_alarms(AlarmNames=[name]))


class Dashboard:
    """``widgets`` as CloudWatch writes them."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Put the dashboard."""
        clients("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=json.dumps(settings))
        return f"arn:aws:cloudwatch::dashboard/{name}"

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """Its widgets."""
        now = found(lambda: clients("cloudwatch").get_dashboard(DashboardName=name))
        if now is None:
            return None
        body = json.loads(now["DashboardBody"])
        return {key: body.get(key) for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the dashboard."""
        removed(lambda: clients("cloudwatch").delete_dashboards(DashboardNames=[name]))
