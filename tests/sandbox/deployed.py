"""What stands in the emulated AWS after a deploy of session-management, as the tests look at it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from deployments.sandbox.world import World

HANDLERS = ("authorizer", "connection-handler", "heartbeat-handler", "disconnect-handler", "refresh-handler")
TABLES = {"Sessions": "expiresAt", "Connections": "ttl", "RateLimits": "expiresAt"}


@dataclass(frozen=True)
class Deployed:
    world: World
    suffix: str

    @property
    def stack_name(self) -> str:
        return f"SessionManagement-{self.suffix}"

    def stack(self) -> dict[str, Any]:
        cloudformation = self.world.client("cloudformation")
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=self.stack_name)["Stacks"][0]
        return found

    def outputs(self) -> dict[str, str]:
        return {output["OutputKey"]: output["OutputValue"] for output in self.stack()["Outputs"]}

    def template(self) -> str:
        body = self.world.client("cloudformation").get_template(StackName=self.stack_name)["TemplateBody"]
        return body if isinstance(body, str) else json.dumps(body)

    def restore(self, template: str) -> None:
        """Do as a rollback does: put the previous template back."""
        cloudformation = self.world.client("cloudformation")
        cloudformation.update_stack(StackName=self.stack_name, TemplateBody=template, Capabilities=["CAPABILITY_NAMED_IAM"])
        updated = cloudformation.get_waiter("stack_update_complete")
        updated.wait(StackName=self.stack_name, WaiterConfig={"Delay": 0.05, "MaxAttempts": 200})

    def function(self, handler: str) -> dict[str, Any]:
        name = f"session-{handler}-{self.suffix}"
        found: dict[str, Any] = self.world.client("lambda").get_function_configuration(FunctionName=name)
        return found

    def functions(self) -> dict[str, tuple[int, int]]:
        found = {handler: self.function(handler) for handler in HANDLERS}
        return {handler: (config["MemorySize"], config["Timeout"]) for handler, config in found.items()}

    def variables(self) -> dict[str, list[str]]:
        return {handler: sorted(self.function(handler)["Environment"]["Variables"]) for handler in HANDLERS}

    def versions(self) -> set[str]:
        return {self.function(handler)["Environment"]["Variables"]["VERSION"] for handler in HANDLERS}

    def code(self) -> set[str]:
        return {self.function(handler)["CodeSha256"] for handler in HANDLERS}

    def table(self, name: str) -> dict[str, Any]:
        table = f"{name}-{self.suffix}"
        found: dict[str, Any] = self.world.client("dynamodb").describe_table(TableName=table)["Table"]
        return found

    def billing(self) -> dict[str, str]:
        return {name: self.table(name)["BillingModeSummary"]["BillingMode"] for name in TABLES}

    def indexes(self) -> list[str]:
        return [index["IndexName"] for index in self.table("Connections").get("GlobalSecondaryIndexes", [])]

    def ttl(self) -> dict[str, str | None]:
        dynamodb = self.world.client("dynamodb")
        found = {
            name: dynamodb.describe_time_to_live(TableName=f"{name}-{self.suffix}")["TimeToLiveDescription"] for name in TABLES
        }
        return {
            name: seen.get("AttributeName") if seen["TimeToLiveStatus"] == "ENABLED" else None for name, seen in found.items()
        }

    def recovery(self) -> dict[str, str]:
        dynamodb = self.world.client("dynamodb")
        described = {
            name: dynamodb.describe_continuous_backups(TableName=f"{name}-{self.suffix}")["ContinuousBackupsDescription"]
            for name in TABLES
        }
        return {name: found["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] for name, found in described.items()}

    def may(self, handler: str, action: str, resource: str) -> bool:
        """Whether a handler's role allows an action; ``{api}`` in the resource is the API's id."""
        arn = resource.replace("{api}", self.outputs()["ApiId"])
        role = f"arn:aws:iam::123456789012:role/session-{handler}-role-{self.suffix}"
        answer = self.world.client("iam").simulate_principal_policy(
            PolicySourceArn=role, ActionNames=[action], ResourceArns=[arn]
        )
        return bool(answer["EvaluationResults"][0]["EvalDecision"] == "allowed")

    def routes(self) -> dict[str, str]:
        items = self.world.client("apigatewayv2").get_routes(ApiId=self.outputs()["ApiId"])["Items"]
        return {route["RouteKey"]: route["AuthorizationType"] for route in items}

    def throttling(self) -> dict[str, float]:
        gateway = self.world.client("apigatewayv2")
        stage = gateway.get_stage(ApiId=self.outputs()["ApiId"], StageName="prod")
        found: dict[str, float] = stage["DefaultRouteSettings"]
        return found

    def callers(self, handler: str) -> bool:
        """Whether API Gateway may invoke a handler."""
        functions = self.world.client("lambda")
        try:
            policy = functions.get_policy(FunctionName=f"session-{handler}-{self.suffix}")["Policy"]
        except functions.exceptions.ResourceNotFoundException:
            return False
        return "apigateway.amazonaws.com" in policy

    def alarms(self) -> set[str]:
        found = self.world.client("cloudwatch").describe_alarms()["MetricAlarms"]
        return {alarm["AlarmName"] for alarm in found}

    def dashboards(self) -> set[str]:
        found = self.world.client("cloudwatch").list_dashboards().get("DashboardEntries", [])
        return {dashboard["DashboardName"] for dashboard in found}

    def retention(self) -> set[int | None]:
        groups = self.world.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/session-")["logGroups"]
        return {group.get("retentionInDays") for group in groups}
