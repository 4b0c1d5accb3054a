"""More stateful stand-ins for the SDK's clients: parameters, backups, snapshots, objects, functions, rules, executions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.tasks.actions.aws.clouds import Cloud
from tests.tasks.world import aws_error


@dataclass
class Parameters(Cloud):
    values: dict[str, str] = field(default_factory=dict)
    refusal: Exception | None = None

    def get_parameter(self, Name: str) -> Mapping[str, Any]:  # noqa: N803
        if self.refusal:
            raise self.refusal
        if Name not in self.values:
            raise aws_error("ParameterNotFound", f"There is no {Name}.")
        return {"Parameter": {"Name": Name, "Value": "sealed"}}

    def put_parameter(self, Name: str, Value: str, **rest: Any) -> Mapping[str, Any]:  # noqa: N803
        assert rest == {"Type": "SecureString", "Overwrite": False}
        self.values[Name] = Value
        return {}

    def delete_parameter(self, Name: str) -> Mapping[str, Any]:  # noqa: N803
        del self.values[Name]
        return {}


@dataclass
class Backups(Cloud):
    """DynamoDB's backups, each of the given status at its second look."""

    status: str = "AVAILABLE"
    made: dict[str, tuple[str, str]] = field(default_factory=dict)
    _looks: dict[str, int] = field(default_factory=dict)

    def create_backup(self, TableName: str, BackupName: str) -> Mapping[str, Any]:  # noqa: N803
        arn = f"arn:{len(self.made)}"
        self.made[arn] = (TableName, BackupName)
        return {"BackupDetails": {"BackupArn": arn}}

    def describe_backup(self, BackupArn: str) -> Mapping[str, Any]:  # noqa: N803
        self._looks[BackupArn] = self._looks.get(BackupArn, 0) + 1
        status = self.status if self._looks[BackupArn] > 1 else "CREATING"
        return {"BackupDescription": {"BackupDetails": {"BackupStatus": status}}}

    def list_backups(self, TableName: str) -> Mapping[str, Any]:  # noqa: N803
        found = [(arn, name) for arn, (table, name) in self.made.items() if table == TableName]
        return {"BackupSummaries": [{"BackupArn": arn, "BackupName": name} for arn, name in found]}


@dataclass
class Snapshots(Cloud):
    """Of databases; a new one is of the given status at its second look."""

    status: str = "available"
    made: dict[str, int] = field(default_factory=dict)

    def create_db_snapshot(self, DBInstanceIdentifier: str, DBSnapshotIdentifier: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.made[DBSnapshotIdentifier] = 0
        return {}

    def describe_db_snapshots(self, DBSnapshotIdentifier: str) -> Mapping[str, Any]:  # noqa: N803
        if DBSnapshotIdentifier not in self.made:
            raise aws_error("DBSnapshotNotFound", "DBSnapshot not found.", 404)
        self.made[DBSnapshotIdentifier] += 1
        return {"DBSnapshots": [{"Status": self.status if self.made[DBSnapshotIdentifier] > 1 else "creating"}]}


@dataclass
class Invalidations(Cloud):
    asked: list[list[str]] = field(default_factory=list)
    looks: int = 0

    def create_invalidation(self, DistributionId: str, InvalidationBatch: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.asked.append(InvalidationBatch["Paths"]["Items"])
        return {"Invalidation": {"Id": "I1"}}

    def get_invalidation(self, DistributionId: str, Id: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.looks += 1
        return {"Invalidation": {"Status": "Completed" if self.looks > 1 else "InProgress"}}


@dataclass
class Objects(Cloud):
    """One bucket; every key's versions, the newest last, each ``(id, body, metadata)``."""

    versioned: bool = True
    kept: dict[str, list[tuple[str, bytes, dict[str, str]]]] = field(default_factory=dict)
    _ids: Any = field(default_factory=lambda: (f"v{number}" for number in itertools.count(1)))

    def head_object(self, Bucket: str, Key: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        if not self.kept.get(Key):
            raise aws_error("404", "Not Found", 404)
        version, _body, metadata = self.kept[Key][-1]
        return {"Metadata": metadata} | ({"VersionId": version} if self.versioned else {})

    def put_object(self, Bucket: str, Key: str, Body: bytes, Metadata: dict[str, str], **_rest: Any) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.kept.setdefault(Key, []).append((next(self._ids), Body, Metadata))
        return {}

    def copy_object(self, Bucket: str, Key: str, CopySource: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: ARG002, N803
        _, body, metadata = next(each for each in self.kept[Key] if each[0] == CopySource["VersionId"])
        self.kept[Key].append((next(self._ids), body, metadata))
        return {}

    def delete_object(self, Bucket: str, Key: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.kept.pop(Key, None)
        return {}


@dataclass
class Functions(Cloud):
    """Lambda functions by name: the digest of their newest code, versions, aliases, reserved concurrency."""

    code: dict[str, str]
    update: str = "Successful"
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)

    def get_function_configuration(self, FunctionName: str, Qualifier: str = "") -> Mapping[str, Any]:  # noqa: N803
        version = self.aliases.get(FunctionName, "") if Qualifier not in ("", "$LATEST") else ""
        digest = self.versions[FunctionName][version] if version else self.code[FunctionName]
        return {"CodeSha256": digest, "LastUpdateStatus": self.update}

    def publish_version(self, FunctionName: str) -> Mapping[str, Any]:  # noqa: N803
        own = self.versions.setdefault(FunctionName, {})
        own[str(len(own) + 1)] = self.code[FunctionName]
        return {"Version": str(len(own))}

    def get_alias(self, FunctionName: str, Name: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        if FunctionName not in self.aliases:
            raise aws_error("ResourceNotFoundException", "Cannot find alias", 404)
        return {"FunctionVersion": self.aliases[FunctionName]}

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        assert FunctionName in self.aliases
        self.aliases[FunctionName] = FunctionVersion
        return {}

    def create_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        assert FunctionName not in self.aliases
        self.aliases[FunctionName] = FunctionVersion
        return {}

    def delete_alias(self, FunctionName: str, Name: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        del self.aliases[FunctionName]
        return {}

    def get_function_concurrency(self, FunctionName: str) -> Mapping[str, Any]:  # noqa: N803
        found = self.reserved.get(FunctionName)
        return {} if found is None else {"ReservedConcurrentExecutions": found}

    def put_function_concurrency(self, FunctionName: str, ReservedConcurrentExecutions: int) -> Mapping[str, Any]:  # noqa: N803
        self.reserved[FunctionName] = ReservedConcurrentExecutions
        return {}

    def delete_function_concurrency(self, FunctionName: str) -> Mapping[str, Any]:  # noqa: N803
        self.reserved.pop(FunctionName, None)
        return {}


@dataclass
class Rules(Cloud):
    states: dict[str, str]

    def describe_rule(self, Name: str, EventBusName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        return {"State": self.states[Name]}

    def enable_rule(self, Name: str, EventBusName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.states[Name] = "ENABLED"
        return {}

    def disable_rule(self, Name: str, EventBusName: str) -> Mapping[str, Any]:  # noqa: ARG002, N803
        self.states[Name] = "DISABLED"
        return {}


@dataclass
class Machines(Cloud):
    """One state machine named ``workflow``; each look sees the next number of running executions."""

    running: list[int]

    def list_state_machines(self) -> Mapping[str, Any]:
        return {"stateMachines": [{"name": "workflow", "stateMachineArn": "arn:workflow"}]}

    def list_executions(self, stateMachineArn: str, statusFilter: str) -> Mapping[str, Any]:  # noqa: N803
        assert (stateMachineArn, statusFilter) == ("arn:workflow", "RUNNING")
        count = self.running.pop(0) if len(self.running) > 1 else self.running[0]
        return {"executions": [{}] * count}
