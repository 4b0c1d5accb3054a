"""What stays: roles, log groups, tables and buckets."""

from __future__ import annotations

import json
from typing import Any

from .kind import Clients, Settings, arn, found, mapping, pairs, removed

_POLICY = "own"


class Role:
    """``service`` may assume it, ``statements`` are its own policy, ``managed`` the ARNs of policies that AWS keeps."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create the role, or put its policies anew."""
        iam = clients("iam")
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": settings["service"]}}],
        }
        role = found(lambda: iam.get_role(RoleName=name))
        if role is None:
            role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        policy = json.dumps({"Version": "2012-10-17", "Statement": settings["statements"]})
        iam.put_role_policy(RoleName=name, PolicyName=_POLICY, PolicyDocument=policy)
        iam.tag_role(RoleName=name, Tags=pairs(settings["tags"]))
        return str(role["Role"]["Arn"])

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """Who may assume it, what it may do, its tags."""
        iam = clients("iam")
        role = found(lambda: iam.get_role(RoleName=name))
        if role is None:
            return None
        policy = found(lambda: iam.get_role_policy(RoleName=name, PolicyName=_POLICY))
        trust = role["Role"]["AssumeRolePolicyDocument"]
        every = {
            "service": trust["Statement"][0]["Principal"]["Service"],
            "statements": policy["PolicyDocument"]["Statement"] if policy else [],
            "tags": mapping(iam.list_role_tags(RoleName=name)["Tags"]),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the role with its policy."""
        iam = clients("iam")
        removed(
            lambda: iam.delete_role_policy(RoleName=name, PolicyName=_POLICY),
            lambda: iam.delete_role(RoleName=name),
        )


class LogGroup:
    """``retention`` in days."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create the group unless it is there, and set its retention."""
        logs = clients("logs")
        if _group(logs, name) is None:
            logs.create_log_group(logGroupName=name)
        if settings["retention"]:
            logs.put_retention_policy(logGroupName=name, retentionInDays=settings["retention"])
        else:
            removed(lambda: logs.delete_retention_policy(logGroupName=name))
        logs.tag_resource(resourceArn=arn("logs", f"log-group:{name}"), tags=settings["tags"])
        return arn("logs", f"log-group:{name}")

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """Its retention and its tags."""
        logs = clients("logs")
        group = _group(logs, name)
        if group is None:
            return None
        tags = logs.list_tags_for_resource(resourceArn=arn("logs", f"log-group:{name}"))["tags"]
        every = {"retention": group.get("retentionInDays", 0), "tags": tags}
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the group."""
        removed(lambda: clients("logs").delete_log_group(logGroupName=name))


class Table:
    """``key`` is the partition key, a text; ``ttl`` the attribute that items expire by; ``billing`` with reads and writes."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create the table, or update how it is billed; then its recovery, expiry and tags."""
        dynamodb = clients("dynamodb")
        billing: dict[str, Any] = {"BillingMode": settings["billing"]}
        if settings["billing"] == "PROVISIONED":
            units = {"ReadCapacityUnits": settings["reads"], "WriteCapacityUnits": settings["writes"]}
            billing["ProvisionedThroughput"] = units
        there = found(lambda: dynamodb.describe_table(TableName=name))
        if there is None:
            dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": settings["key"], "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": settings["key"], "AttributeType": "S"}],
                **billing,
            )
        elif self._billed(clients, name, settings) != self._wished(settings):
            dynamodb.update_table(TableName=name, **billing)
        recovery = {"PointInTimeRecoveryEnabled": settings["recovery"]}
        dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=recovery)
        expiry = {"AttributeName": settings["ttl"] or "expires", "Enabled": bool(settings["ttl"])}
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
        dynamodb.tag_resource(ResourceArn=arn("dynamodb", f"table/{name}"), Tags=pairs(settings["tags"]))
        return arn("dynamodb", f"table/{name}")

    def _billed(self, clients: Clients, name: str, settings: Settings) -> Settings:
        return self._wished(self.seen(clients, name, settings) or {})

    def _wished(self, settings: Settings) -> Settings:
        """What an update of the table may change, and must."""
        return {key: value for key, value in settings.items() if key in {"billing", "reads", "writes"}}

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """Key, billing, recovery, expiry, tags."""
        dynamodb = clients("dynamodb")
        there = found(lambda: dynamodb.describe_table(TableName=name))
        if there is None:
            return None
        table = there["Table"]
        recovery = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        units = table.get("ProvisionedThroughput", {})
        every = {
            "key": table["KeySchema"][0]["AttributeName"],
            "billing": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
            "reads": units.get("ReadCapacityUnits", 0),
            "writes": units.get("WriteCapacityUnits", 0),
            "recovery": recovery["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED",
            "ttl": expiry.get("AttributeName", "") if expiry["TimeToLiveStatus"] == "ENABLED" else "",
            "tags": mapping(dynamodb.list_tags_of_resource(ResourceArn=arn("dynamodb", f"table/{name}"))["Tags"]),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the table with what is in it."""
        removed(lambda: clients("dynamodb").delete_table(TableName=name))


class Bucket:
    """``expire`` is a rule's name with its days, ``log_to`` the bucket that gets the access logs, ``copy_to`` the replica."""

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Create the bucket unless it is there, and set what it does."""
        s3 = clients("s3")
        if found(lambda: s3.head_bucket(Bucket=name)) is None:
            s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": _switch(settings["versioning"])})
        rules = [
            {"ID": rule, "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": days}}
            for rule, days in settings["expire"].items()
        ]
        if rules:
            s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
        else:
            removed(lambda: s3.delete_bucket_lifecycle(Bucket=name))
        logged = {"TargetBucket": settings["log_to"], "TargetPrefix": f"{name}/"}
        s3.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": logged} if settings["log_to"] else {})
        if settings["copy_to"]:
            s3.put_bucket_replication(Bucket=name, ReplicationConfiguration=_replication(settings))
        else:
            removed(lambda: s3.delete_bucket_replication(Bucket=name))
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": pairs(settings["tags"])})
        return f"arn:aws:s3:::{name}"

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """Versions, expiry, logs, copies, tags."""
        s3 = clients("s3")
        if found(lambda: s3.head_bucket(Bucket=name)) is None:
            return None
        rules = found(lambda: s3.get_bucket_lifecycle_configuration(Bucket=name)) or {"Rules": []}
        copies = found(lambda: s3.get_bucket_replication(Bucket=name)) or {}
        copied = copies.get("ReplicationConfiguration", {}).get("Rules", [])
        tags = found(lambda: s3.get_bucket_tagging(Bucket=name)) or {"TagSet": []}
        every = {
            "versioning": s3.get_bucket_versioning(Bucket=name).get("Status") == "Enabled",
            "expire": {rule["ID"]: rule["Expiration"]["Days"] for rule in rules["Rules"]},
            "log_to": s3.get_bucket_logging(Bucket=name).get("LoggingEnabled", {}).get("TargetBucket", ""),
            "copy_to": copied[0]["Destination"]["Bucket"].rpartition(":")[2] if copied else "",
            "role": copies.get("ReplicationConfiguration", {}).get("Role", settings.get("role", "")),
            "tags": mapping(tags["TagSet"]),
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the bucket with everything in it."""
        s3 = clients("s3")
        if found(lambda: s3.head_bucket(Bucket=name)) is None:
            return
        versions = s3.list_object_versions(Bucket=name)
        for each in (*versions.get("Versions", []), *versions.get("DeleteMarkers", [])):
            s3.delete_object(Bucket=name, Key=each["Key"], VersionId=each["VersionId"])
        s3.delete_bucket(Bucket=name)


def _group(logs: Any, name: str) -> dict[str, Any] | None:
    groups: list[dict[str, Any]] = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return next((each for each in groups if each["logGroupName"] == name), None)


def _switch(on: bool) -> str:  # noqa: FBT001
    return "Enabled" if on else "Suspended"


def _replication(settings: Settings) -> dict[str, Any]:
    rule = {
        "ID": "copies",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{settings['copy_to']}"},
    }
    return {"Role": settings["role"], "Rules": [rule]}
