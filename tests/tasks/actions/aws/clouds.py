"""Small stateful stand-ins for the SDK's clients, behind the real write door: what an action did can be seen in them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.connect.aws import AwsWriter
from tasks.connect.aws_clients import Clients
from tasks.connect.commands import Finished
from tests.tasks.world import aws_error

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


class CloudClients(Clients):
    """Hands out the given stand-ins, by the name of their service."""

    def __init__(self, **services: Any) -> None:
        super().__init__()
        self._services = services

    def _make(self, service: str, region: str | None) -> Any:  # noqa: ARG002
        return self._services[service.replace("-", "_")]


def writer(**services: Any) -> AwsWriter:
    return AwsWriter(CloudClients(**services))


class Cloud:
    def can_paginate(self, _operation: str) -> bool:
        return False


@dataclass
class Stacks(Cloud):
    """CloudFormation with at most one stack; a change takes as many looks as ``looks`` says.

    ``fails`` makes the next update or deletion fail with that status; ``refusals`` maps an operation to the error it answers.
    """

    stack: dict[str, Any] | None = None
    template: Any = ""
    looks: int = 1
    fails: str = ""
    refusals: dict[str, Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _future: list[str] = field(default_factory=list)
    _clock: Any = field(default_factory=lambda: (BEGINNING + timedelta(minutes=minute) for minute in itertools.count()))

    def stand(self, version: str, status: str = "CREATE_COMPLETE", template: str = "") -> Stacks:
        """Put a stack there as an earlier release would have left it."""
        self._change(status, {"Version": version}, template or template_of(version))
        self._future = []
        return self

    def go(self, *statuses: str) -> Stacks:
        """Be in the first status now, and in the next ones at each later look."""
        assert self.stack is not None
        self.stack["StackStatus"], self._future = statuses[0], list(statuses[1:])
        return self

    def describe_stacks(self, StackName: str) -> Mapping[str, Any]:  # noqa: N803
        self._refuse("describe_stacks")
        if self.stack is None:
            raise aws_error("ValidationError", f"Stack with id {StackName} does not exist")
        seen = {"Stacks": [dict(self.stack)]}
        if self._future:
            self.stack["StackStatus"] = self._future.pop(0)
            if self.stack["StackStatus"] == "DELETE_COMPLETE":
                self.stack = None
        return seen

    def get_template(self, StackName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        return {"TemplateBody": self.template}

    def describe_stack_events(self, StackName: str) -> Mapping[str, Any]:  # noqa: N803
        self._refuse("describe_stack_events")
        event = {
            "StackId": "arn",
            "PhysicalResourceId": "physical",
            "LogicalResourceId": "Topic",
            "ResourceType": "AWS::SNS::Topic",
            "ResourceStatus": "UPDATE_FAILED",
            "ResourceStatusReason": f"{StackName} has no room",
        }
        return {"StackEvents": [event] if self.stack else []}

    def create_stack(self, **request: Any) -> Mapping[str, Any]:
        self._called("create_stack")
        self._replace(request, "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
        return {}

    def update_stack(self, **request: Any) -> Mapping[str, Any]:
        self._called("update_stack")
        tags = {each["Key"]: each["Value"] for each in request["Tags"]}
        if self.stack and (request.get("TemplateBody"), tags) == (self.template, _tags(self.stack)):
            raise aws_error("ValidationError", "No updates are to be performed.")
        self._replace(request, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE")
        return {}

    def delete_stack(self, StackName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self._called("delete_stack")
        self.go(*["DELETE_IN_PROGRESS"] * self.looks, self.fails or "DELETE_COMPLETE")
        return {}

    def cancel_update_stack(self, StackName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self._called("cancel_update_stack")
        self.go("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
        return {}

    def continue_update_rollback(self, StackName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self._called("continue_update_rollback")
        self.go("UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
        return {}

    @property
    def version(self) -> str | None:
        return _tags(self.stack).get("Version") if self.stack else None

    def _replace(self, request: Mapping[str, Any], during: str, after: str) -> None:
        tags = {each["Key"]: each["Value"] for each in request["Tags"]}
        self._change(during, tags, request.get("TemplateBody", request.get("TemplateURL")), request["Parameters"])
        self._future = [during] * (self.looks - 1) + [self.fails or after]

    def _change(
        self, status: str, tags: Mapping[str, str], template: Any, parameters: list[dict[str, Any]] | None = None
    ) -> None:
        self.template = template
        self.stack = {
            "StackId": "arn",
            "StackName": "sessions",
            "StackStatus": status,
            "CreationTime": BEGINNING,
            "LastUpdatedTime": next(self._clock),
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            "Parameters": parameters or [],
            "Capabilities": ["CAPABILITY_IAM"],
            "Outputs": [{"OutputKey": "Endpoint", "OutputValue": "wss://a1"}],
        }

    def _called(self, operation: str) -> None:
        self.asked.append(operation)
        self._refuse(operation)

    def _refuse(self, operation: str) -> None:
        if operation in self.refusals:
            raise self.refusals[operation]


@dataclass
class Script:
    """Stands where the command runner stands: the team's script, which changes the stack as told."""

    stacks: Stacks
    version: str
    statuses: tuple[str, ...] = ("UPDATE_COMPLETE",)
    exit_status: int = 0
    ran: int = 0

    def run(self, command: list[str], directory: str, environment: Any, timeout_seconds: float) -> Finished:  # noqa: ARG002
        self.ran += 1
        if self.statuses:
            self.stacks.stand(self.version)
            self.stacks.go(*self.statuses)
        return Finished(self.exit_status, "deploying\nthat was all\n")


@dataclass
class Buckets(Cloud):
    objects: dict[str, bytes] = field(default_factory=dict)

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> Mapping[str, Any]:  # noqa: N803
        self.objects[f"{Bucket}/{Key}"] = Body
        return {}


@dataclass
class Users(Cloud):
    """Cognito with one pool named ``users``; a user is ``{"Enabled", "UserStatus", "password"}``."""

    users: dict[str, dict[str, Any]] = field(default_factory=dict)

    def list_user_pools(self, MaxResults: int) -> Mapping[str, Any]:  # noqa: ARG002, N803
        return {"UserPools": [{"Id": "pool-1", "Name": "users"}]}

    def admin_get_user(self, UserPoolId: str, Username: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        return self._user(Username)

    def admin_create_user(self, Username: str, **_request: Any) -> Mapping[str, Any]:  # noqa: N803
        self.users[Username] = {"Enabled": True, "UserStatus": "FORCE_CHANGE_PASSWORD", "password": ""}
        return {}

    def admin_enable_user(self, UserPoolId: str, Username: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self._user(Username)["Enabled"] = True
        return {}

    def admin_set_user_password(
        self, UserPoolId: str, Username: str, Password: str, Permanent: bool  # noqa: ARG002, N803, FBT001
    ) -> Mapping[str, Any]:  # fmt: skip
        self._user(Username).update(password=Password, UserStatus="CONFIRMED")
        return {}

    def admin_delete_user(self, UserPoolId: str, Username: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self._user(Username)
        del self.users[Username]
        return {}

    def _user(self, name: str) -> dict[str, Any]:
        if name not in self.users:
            raise aws_error("UserNotFoundException", "User does not exist.")
        return self.users[name]


@dataclass
class Secrets(Cloud):
    texts: dict[str, str] = field(default_factory=dict)
    doomed: set[str] = field(default_factory=set)
    refusal: Exception | None = None

    def describe_secret(self, SecretId: str) -> Mapping[str, Any]:  # noqa: N803
        self._text(SecretId)
        return {"Name": SecretId} | ({"DeletedDate": BEGINNING} if SecretId in self.doomed else {})

    def get_secret_value(self, SecretId: str) -> Mapping[str, Any]:  # noqa: N803
        return {"SecretString": self._text(SecretId)}

    def create_secret(self, Name: str, SecretString: str, Description: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        if self.refusal:
            raise self.refusal
        self.texts[Name] = SecretString
        return {}

    def delete_secret(self, SecretId: str, ForceDeleteWithoutRecovery: bool) -> Mapping[str, Any]:  # noqa: FBT001, N803
        assert ForceDeleteWithoutRecovery
        self._text(SecretId)
        del self.texts[SecretId]
        return {}

    def password(self, name: str) -> str:
        return str(json.loads(self.texts[name])["password"])

    def _text(self, name: str) -> str:
        if name not in self.texts:
            raise aws_error("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        return self.texts[name]


def template_of(version: str) -> str:
    return json.dumps({"Description": version}, separators=(",", ":"))


def _tags(stack: Mapping[str, Any]) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in stack["Tags"]}
