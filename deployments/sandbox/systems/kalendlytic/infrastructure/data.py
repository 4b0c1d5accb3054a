"""What is kept: key, tables with their scaling, buckets, backups."""

from __future__ import annotations

from settings import Resource, Settings

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
CAPACITY = {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}
MOST = 100


def key(settings: Settings) -> dict[str, Resource]:
    owner = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{settings.account}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    policy = {"Version": "2012-10-17", "Statement": [owner]}
    alias = {"AliasName": f"alias/kalendlytic-{settings.environment}", "TargetKeyId": {"Ref": "Key"}}
    return {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {"EnableKeyRotation": True, "KeyPolicy": policy}},
        "KeyAlias": {"Type": "AWS::KMS::Alias", "Properties": alias},
    }


def table(settings: Settings, name: str, key_name: str, index_key: str = "") -> Resource:
    throughput = {"ProvisionedThroughput": CAPACITY} if settings.billing == "PROVISIONED" else {}
    recovery: dict[str, object] = {"PointInTimeRecoveryEnabled": settings.backup_days > 0}
    if settings.backup_days:
        recovery["RecoveryPeriodInDays"] = settings.backup_days
    properties: dict[str, object] = {
        "TableName": name,
        "BillingMode": settings.billing,
        **throughput,
        "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in (key_name, index_key) if each],
        "KeySchema": [{"AttributeName": key_name, "KeyType": "HASH"}],
        "PointInTimeRecoverySpecification": recovery,
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY},
    }
    if index_key:
        properties["GlobalSecondaryIndexes"] = [
            {
                "IndexName": f"by-{index_key}",
                "KeySchema": [{"AttributeName": index_key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
                **throughput,
            }
        ]
    return {"Type": "AWS::DynamoDB::Table", "Properties": properties}


def scaling(logical: str, name: str, kind: str) -> dict[str, Resource]:
    common = {
        "ServiceNamespace": "dynamodb",
        "ResourceId": f"table/{name}",
        "ScalableDimension": f"dynamodb:table:{kind}CapacityUnits",
    }
    target = {**common, "MinCapacity": CAPACITY[f"{kind}CapacityUnits"], "MaxCapacity": MOST}
    wanted = {
        "TargetValue": 70,
        "PredefinedMetricSpecification": {"PredefinedMetricType": f"DynamoDB{kind}CapacityUtilization"},
    }
    policy = {
        **common,
        "PolicyName": f"{name}-{kind.lower()}",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": wanted,
    }
    prefix = f"{logical}{kind}"
    return {
        f"{prefix}Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "DependsOn": [logical],
            "Properties": target,
        },
        f"{prefix}Scaling": {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "DependsOn": [f"{prefix}Target"],
            "Properties": policy,
        },
    }


def tables(settings: Settings) -> dict[str, Resource]:
    events, preferences = settings.tables
    found = {
        "EventsTable": table(settings, events, "id", "owner"),
        "PreferencesTable": table(settings, preferences, "owner"),
    }
    if settings.billing == "PROVISIONED":
        for logical, name in (("EventsTable", events), ("PreferencesTable", preferences)):
            found |= scaling(logical, name, "Read") | scaling(logical, name, "Write")
    return found


def bucket(name: str, **more: object) -> Resource:
    sealed = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
    closed = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    properties = {
        "BucketName": name,
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [sealed]},
        "PublicAccessBlockConfiguration": dict.fromkeys(closed, True),
        "VersioningConfiguration": {"Status": "Enabled"},
        **more,
    }
    return {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Delete", "Properties": properties}


def recovery_bucket(settings: Settings) -> str:
    return f"{settings.bucket('files')}-recovery"


def replication(settings: Settings) -> dict[str, object]:
    if not settings.secondary_region:
        return {}
    rule = {
        "Id": "recovery",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{recovery_bucket(settings)}"},
    }
    role = {"Fn::GetAtt": ["KeeperRole", "Arn"]}
    return {"ReplicationConfiguration": {"Role": role, "Rules": [rule]}}


def keeper(settings: Settings) -> Resource:
    """The role that copies files to the other region, and tables to the vault."""
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": ["s3.amazonaws.com", "backup.amazonaws.com"]},
        "Action": "sts:AssumeRole",
    }
    files = f"arn:aws:s3:::{settings.bucket('files')}"
    copies = {
        "Effect": "Allow",
        "Action": [
            "s3:GetReplicationConfiguration",
            "s3:ListBucket",
            "s3:GetObjectVersionForReplication",
            "s3:ReplicateObject",
        ],
        "Resource": [files, f"{files}/*", f"{files}-recovery/*"],
    }
    backups = {
        "Effect": "Allow",
        "Action": ["dynamodb:CreateBackup", "dynamodb:DescribeTable", "dynamodb:DescribeBackup"],
        "Resource": [settings.arn("dynamodb", f"table/{name}") for name in settings.tables],
    }
    policy = {"Version": "2012-10-17", "Statement": [copies, backups]}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": settings.function("keeper"),
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
            "Policies": [{"PolicyName": "permissions", "PolicyDocument": policy}],
        },
    }


def backups(settings: Settings) -> dict[str, Resource]:
    if not settings.backup_days:
        return {}
    name = settings.name("kalendlytic")
    rule = {
        "RuleName": "nightly",
        "TargetBackupVault": {"Ref": "Vault"},
        "ScheduleExpression": "cron(0 3 * * ? *)",
        "Lifecycle": {"DeleteAfterDays": settings.backup_days},
    }
    selection = {
        "SelectionName": "tables",
        "IamRoleArn": {"Fn::GetAtt": ["KeeperRole", "Arn"]},
        "Resources": [settings.arn("dynamodb", f"table/{each}") for each in settings.tables],
    }
    return {
        "Vault": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": name}},
        "BackupPlan": {
            "Type": "AWS::Backup::BackupPlan",
            "Properties": {"BackupPlan": {"BackupPlanName": name, "BackupPlanRule": [rule]}},
        },
        "BackupSelection": {
            "Type": "AWS::Backup::BackupSelection",
            "Properties": {"BackupPlanId": {"Ref": "BackupPlan"}, "BackupSelection": selection},
        },
    }


def data(settings: Settings) -> dict[str, Resource]:
    return {
        **key(settings),
        **tables(settings),
        "KeeperRole": keeper(settings),
        "FilesBucket": bucket(settings.bucket("files"), **replication(settings)),
        "WebBucket": bucket(settings.bucket("web")),
        **backups(settings),
    }


def recovery(settings: Settings) -> dict[str, object]:
    """The stack of the second region: where files are copied to."""
    properties = {"BucketName": recovery_bucket(settings), "VersioningConfiguration": {"Status": "Enabled"}}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Kalendlytic: what is left when {settings.region} is not",
        "Resources": {"Files": {"Type": "AWS::S3::Bucket", "Properties": properties}},
    }
