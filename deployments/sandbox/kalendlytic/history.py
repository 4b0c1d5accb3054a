"""What time has brought: a week's figures, last night's backup, a restore that was tried, what AWS has found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.remainder_part import laid, lay
from deployments.sandbox.world import World

from .project import FUNCTIONS, SUFFIXES, tables

RECOMMENDATIONS = "compute-optimizer.GetLambdaFunctionRecommendations"
GRAPH = "xray.GetServiceGraph"
ACTIVITIES = "application-autoscaling.DescribeScalingActivities"
FINDINGS = "inspector2.ListFindings"
_MEMORY = {"health": 128, "events": 256, "files": 512, "invitations": 256}


def arn(service: str, resource: str) -> str:
    """ARN of a resource in the sandbox's account."""
    return f"arn:aws:{service}:{account.REGION}:{account.ACCOUNT}:{resource}"


def look_around(world: World) -> None:
    """What AWS has found out about the account, and what it costs."""
    names = [f"kalendlytic-{suffix}-{function}" for suffix in SUFFIXES for function in FUNCTIONS]
    analyzer = {"arn": arn("access-analyzer", "analyzer/account"), "name": "account", "type": "ACCOUNT", "status": "ACTIVE"}
    day = {"Start": "2030-01-01", "End": "2030-01-02"}
    prices = {"AWS Lambda": "3.10", "Amazon DynamoDB": "7.42", "Amazon CloudFront": "2.05"}
    groups = [
        {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": price, "Unit": "USD"}}} for name, price in prices.items()
    ]
    lay(
        world,
        {
            "accessanalyzer.ListAnalyzers": {"analyzers": [{**analyzer, "createdAt": "2026-01-01T00:00:00Z"}]},
            "accessanalyzer.ListFindingsV2": {"findings": []},
            "inspector2.ListCoverage": {"coveredResources": [covered(name) for name in names]},
            FINDINGS: {"findings": []},
            RECOMMENDATIONS: {"lambdaFunctionRecommendations": [recommended(name) for name in names]},
            GRAPH: {"Services": [{"ReferenceId": number, "Name": name} for number, name in enumerate(names)]},
            ACTIVITIES: {"ScalingActivities": [scaled(suffix) for suffix in SUFFIXES if suffix != "dev"]},
            "ce.GetCostAndUsage": {"ResultsByTime": [{"TimePeriod": day, "Groups": groups, "Estimated": False}]},
        },
    )


def covered(function: str) -> dict[str, Any]:
    """A function that Inspector scans."""
    return {
        "resourceType": "AWS_LAMBDA_FUNCTION",
        "resourceId": arn("lambda", f"function:{function}"),
        "accountId": account.ACCOUNT,
        "scanType": "PACKAGE",
    }


def scaled(suffix: str) -> dict[str, Any]:
    """A table's capacity that grew by itself this morning."""
    return {
        "ActivityId": f"activity-{suffix}",
        "ServiceNamespace": "dynamodb",
        "ResourceId": f"table/{tables(suffix)[0]}",
        "ScalableDimension": "dynamodb:table:WriteCapacityUnits",
        "Description": "Setting write capacity units to 12.",
        "Cause": "monitor alarm",
        "StartTime": (datetime.now(UTC) - timedelta(hours=1)).timestamp(),
        "StatusCode": "Successful",
    }


def recommended(function: str) -> dict[str, Any]:
    """A function whose memory Compute Optimizer would leave as it is."""
    memory = _MEMORY[function.rpartition("-")[2]]
    return {"functionArn": arn("lambda", f"function:{function}"), "currentMemorySize": memory, "finding": "Optimized"}


def found_by_inspector(world: World, titles: list[str]) -> None:
    """Let Inspector have these open findings, and no others."""
    lay(world, {FINDINGS: {"findings": [{"title": title, "severity": "CRITICAL"} for title in titles]}})


def recommend(world: World, function: str, **changed: Any) -> None:
    """Change what Compute Optimizer says of one function of every environment."""
    found = laid(world)[RECOMMENDATIONS]["lambdaFunctionRecommendations"]
    changed_ones = [{**each, **changed} if each["functionArn"].endswith(f"-{function}") else each for each in found]
    lay(world, {RECOMMENDATIONS: {"lambdaFunctionRecommendations": changed_ones}})


def pass_time(world: World, suffix: str) -> None:
    """The figures of a version that users have used for some days, and its backups."""
    send_figures(world, suffix)
    if suffix != "dev":
        back_up(world, suffix)
    restore(world, suffix)


def send_figures(world: World, suffix: str) -> None:
    """Hourly figures of the last day, as AWS itself would have sent them."""
    cloudwatch = world.client("cloudwatch")
    now = datetime.now(UTC)
    events, preferences = tables(suffix)
    tables_and_indexes = [{"TableName": events}, {"TableName": preferences}]
    tables_and_indexes.append({"TableName": events, "GlobalSecondaryIndexName": "by-owner"})
    figures = [
        ("AWS/DynamoDB", metric, dimensions, 120.0)
        for metric in ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
        for dimensions in tables_and_indexes
    ]
    figures.append(("AWS/WAFV2", "BlockedRequests", {"WebACL": f"kalendlytic-{suffix}", "Rule": "ALL"}, 4.0))
    api = {"ApiName": f"kalendlytic-api-{suffix}"}
    figures += [("AWS/ApiGateway", "Latency", api, 85.0), ("AWS/ApiGateway", "Count", api, 900.0)]
    for namespace, metric, dimensions, value in figures:
        named = [{"Name": key, "Value": each} for key, each in dimensions.items()]
        data = [
            {"MetricName": metric, "Dimensions": named, "Timestamp": now - timedelta(hours=hours), "Value": value}
            for hours in range(1, 24)
        ]
        cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)


def back_up(world: World, suffix: str) -> None:
    """Last night's backups."""
    backup, role = world.client("backup"), f"arn:aws:iam::{account.ACCOUNT}:role/kalendlytic-{suffix}-keeper"
    for name in tables(suffix):
        resource = arn("dynamodb", f"table/{name}")
        backup.start_backup_job(BackupVaultName=f"kalendlytic-{suffix}", ResourceArn=resource, IamRoleArn=role)


def restore(world: World, suffix: str) -> None:
    """A backup of the events that somebody restored, to see whether it can be done."""
    dynamodb, (events, _) = world.client("dynamodb"), tables(suffix)
    item = {
        "id": {"S": "first"},
        "owner": {"S": "somebody"},
        "title": {"S": "Founding"},
        "start": {"S": "2026"},
        "end": {"S": "2027"},
    }
    dynamodb.put_item(TableName=events, Item=item)
    made = dynamodb.create_backup(TableName=events, BackupName=f"restore-test-{suffix}")["BackupDetails"]["BackupArn"]
    dynamodb.restore_table_from_backup(TargetTableName=f"{events}-restored", BackupArn=made)
