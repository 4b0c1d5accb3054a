"""What time has brought: figures, last night's backup, alarms that were tried, what AWS knows of costs and traces."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.remainder_part import lay
from deployments.sandbox.world import World

from .project import ALARMS

QUERIES = "logs.DescribeQueryDefinitions"
ANOMALIES = "ce.GetAnomalyMonitors"
_MONITOR = f"arn:aws:ce::{account.ACCOUNT}:anomalymonitor/workflow"


def look_around(world: World) -> None:
    """What services know that no emulator has: costs, saved queries, scaling."""
    day = {"Start": "2030-01-01", "End": "2030-01-02"}
    prices = {"AWS Step Functions": "2.10", "AWS Lambda": "3.40", "Amazon DynamoDB": "7.42"}
    groups = [
        {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": price, "Unit": "USD"}}} for name, price in prices.items()
    ]
    tags = [{"TagKey": key, "Type": "UserDefined", "Status": "Active"} for key in ("Project", "Environment", "CostCenter")]
    lay(
        world,
        {
            "ce.GetCostAndUsage": {"ResultsByTime": [{"TimePeriod": day, "Groups": groups, "Estimated": False}]},
            "ce.GetReservationUtilization": {
                "UtilizationsByTime": [],
                "Total": {"UtilizationPercentage": "91.5", "PurchasedHours": "720"},
            },
            ANOMALIES: {"AnomalyMonitors": [{"MonitorArn": _MONITOR, "MonitorName": "workflow", "MonitorType": "DIMENSIONAL"}]},
            "ce.GetAnomalySubscriptions": {
                "AnomalySubscriptions": [
                    {
                        "SubscriptionName": "workflow",
                        "MonitorArnList": [_MONITOR],
                        "Subscribers": [{"Address": "costs@example.com", "Type": "EMAIL", "Status": "CONFIRMED"}],
                        "Frequency": "DAILY",
                    }
                ]
            },
            "ce.ListCostAllocationTags": {"CostAllocationTags": tags},
            QUERIES: {"queryDefinitions": [saved(name) for name in ("workflow-prod/errors", "workflow-prod/slowest")]},
            "application-autoscaling.DescribeScalingActivities": {"ScalingActivities": []},
        },
    )


def saved(name: str) -> dict[str, Any]:
    """A saved query of CloudWatch Logs Insights."""
    return {"queryDefinitionId": name, "name": name, "queryString": "fields @timestamp, @message | sort @timestamp desc"}


def pass_time(world: World, suffix: str) -> None:
    """What a version that has been used for some days leaves behind."""
    cloudwatch = world.client("cloudwatch")
    for name in ALARMS:  # somebody tried each alarm
        for state in ("ALARM", "OK"):
            cloudwatch.set_alarm_state(AlarmName=f"workflow-{suffix}-{name}", StateValue=state, StateReason="tried")
    if suffix == "prod":
        back_up(world)
        send_figures(world, succeeded=20)


def back_up(world: World) -> None:
    """The plan by which the bucket is backed up, and last night's backup."""
    backup, role = world.client("backup"), f"arn:aws:iam::{account.ACCOUNT}:role/workflow-prod-backups"
    bucket = f"arn:aws:s3:::workflow-artifacts-prod-{account.ACCOUNT}"
    backup.create_backup_vault(BackupVaultName="workflow-prod")
    rule = {"RuleName": "nightly", "TargetBackupVaultName": "workflow-prod", "ScheduleExpression": "cron(0 3 * * ? *)"}
    plan = backup.create_backup_plan(BackupPlan={"BackupPlanName": "workflow-prod", "Rules": [rule]})["BackupPlanId"]
    selection = {"SelectionName": "artifacts", "IamRoleArn": role, "Resources": [bucket]}
    backup.create_backup_selection(BackupPlanId=plan, BackupSelection=selection)
    backup.start_backup_job(BackupVaultName="workflow-prod", ResourceArn=bucket, IamRoleArn=role)


def send_figures(world: World, *, succeeded: float = 0, failed: float = 0) -> None:
    """Hourly figures of production's last day, as AWS itself would have sent them."""
    cloudwatch, now = world.client("cloudwatch"), datetime.now(UTC)
    machine = {"StateMachineArn": f"arn:aws:states:{account.REGION}:{account.ACCOUNT}:stateMachine:workflow-prod"}
    table = {"TableName": "workflow-executions-prod"}
    figures = [
        ("AWS/States", "ExecutionsSucceeded", machine, succeeded),
        ("AWS/States", "ExecutionsFailed", machine, failed),
        ("AWS/DynamoDB", "ConsumedReadCapacityUnits", table, 4 * (succeeded + failed)),
        ("AWS/DynamoDB", "ConsumedWriteCapacityUnits", table, 2 * (succeeded + failed)),
    ]
    for namespace, metric, dimensions, value in figures:
        named = [{"Name": key, "Value": each} for key, each in dimensions.items()]
        data = [
            {"MetricName": metric, "Dimensions": named, "Timestamp": now - timedelta(hours=hours), "Value": value}
            for hours in range(1, 23)
        ]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
