"""What ministack's services leave out of AWS, and the sandbox's systems lean on.

It forgets how long point-in-time recovery reaches back and what a table was restored from, says of no subnet which network ACL
it has and of no replica whether it follows, signs no mail, and takes whoever calls for the account's root user.
"""

# ruff: noqa: SLF001 - ministack has no extension points; requirements-sandbox.in pins the version this fits
from __future__ import annotations

import json
from typing import Any

import ministack.services.dynamodb as tables
import ministack.services.ec2 as networks
import ministack.services.iam as users
import ministack.services.rds as databases
import ministack.services.ses_v2 as mail
from ministack.core import iam_evaluator

from .emulator_names import CALLER

Properties = dict[str, Any]
RECOVERY_DAYS = "_recovery_days"
_ASSOCIATION = "NetworkAclAssociationId"


def keep_recovery_period(name: str, wanted: Properties) -> None:
    """Keep a table's recovery period, in days; without one it is the longest that DynamoDB has."""
    tables._tables[name][RECOVERY_DAYS] = int(wanted.get("RecoveryPeriodInDays") or 35)


def teach_recovery() -> None:
    """Tell of the recovery period, and of what a restored table comes from."""
    update, describe = tables._update_continuous_backups, tables._describe_continuous_backups
    described = tables._table_description

    def updated(data: Properties) -> Any:
        answer = update(data)
        if answer[0] == 200:
            keep_recovery_period(data["TableName"], data["PointInTimeRecoverySpecification"])
        return answer

    def with_period(data: Properties) -> Any:
        status, headers, body = describe(data)
        if status != 200:
            return status, headers, body
        found = json.loads(body)
        seen = found["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        if seen["PointInTimeRecoveryStatus"] == "ENABLED":
            seen["RecoveryPeriodInDays"] = tables._tables[data["TableName"]].get(RECOVERY_DAYS, 35)
        return status, {}, json.dumps(found).encode()

    def with_origin(name: str) -> Any:
        found = described(name)
        summary = tables._tables[name].get("RestoreSummary")
        if summary:
            source = summary["SourceBackupArn"].partition("/backup/")[0]
            found["RestoreSummary"] = {**summary, "SourceTableArn": source, "RestoreInProgress": False}
        return found

    tables._update_continuous_backups = updated
    tables._describe_continuous_backups = with_period
    tables._table_description = with_origin


def teach_network_acls() -> None:
    """Give each subnet the default ACL of its VPC, and let it be given another."""
    create, replace = networks._ACTION_MAP["CreateSubnet"], networks._ACTION_MAP["ReplaceNetworkAclAssociation"]

    def created(params: Properties) -> Any:
        before = set(networks._subnets)
        answer = create(params)
        for subnet in set(networks._subnets) - before:
            vpc = networks._subnets[subnet]["VpcId"]
            for acl in networks._network_acls.values():
                if acl["VpcId"] == vpc and acl["IsDefault"]:
                    acl["Associations"].append({_ASSOCIATION: f"aclassoc-{subnet.removeprefix('subnet-')}", "SubnetId": subnet})
        return answer

    def replaced(params: Properties) -> Any:
        asked = networks._p(params, "AssociationId")
        every = [each for acl in networks._network_acls.values() for each in acl["Associations"]]
        subnet = next((each["SubnetId"] for each in every if each[_ASSOCIATION] == asked), "")
        answer = replace(params)
        for acl in networks._network_acls.values():
            for each in acl["Associations"]:
                each["SubnetId"] = each["SubnetId"] or subnet
        return answer

    networks._ACTION_MAP["CreateSubnet"] = created
    networks._ACTION_MAP["ReplaceNetworkAclAssociation"] = replaced


def teach_replicas() -> None:
    """Let a database's replicas say that they follow it, or that they stopped when the original is not available."""
    shown = databases._instance_xml
    state = "<StatusInfos><DBInstanceStatusInfo><StatusType>read replication</StatusType><Status>{}</Status>"

    def following(instance: Properties) -> str:
        text = str(shown(instance))
        source = instance.get("ReadReplicaSourceDBInstanceIdentifier")
        if not source:
            return text
        original = databases._instances.get(source, {})
        told = "replicating" if original.get("DBInstanceStatus") == "available" else "stopped"
        return text.replace("<StatusInfos/>", f"{state.format(told)}</DBInstanceStatusInfo></StatusInfos>")

    databases._instance_xml = following


def teach_mail() -> None:
    """Find the records of a domain's signature in the DNS at once, as everything else here is confirmed at once."""
    pending = mail._easy_dkim_attributes

    def signed(*arguments: Any) -> Properties:
        found: Properties = pending(*arguments)
        return {**found, "SigningEnabled": True, "Status": "SUCCESS"} if found["Status"] == "PENDING" else found

    mail._easy_dkim_attributes = signed


def teach_callers() -> None:
    """Take the release's key for that of the user ``CALLER`` where the account has one: root can be simulated by nobody."""
    resolve = iam_evaluator.resolve_caller_identity

    def resolved(key: str) -> Properties | None:
        found: Properties | None = resolve(key)
        user = users._users.get(CALLER)
        if found and user and found["userArn"].endswith(":root"):
            return {**found, "userArn": user["Arn"], "userId": user["UserId"]}
        return found

    iam_evaluator.resolve_caller_identity = resolved


def teach() -> None:
    """All of it."""
    teach_recovery()
    teach_network_acls()
    teach_replicas()
    teach_mail()
    teach_callers()
