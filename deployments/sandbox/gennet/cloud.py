"""GenNet's AWS accounts before any release: roles, keys, cluster, database, buckets, images, budget, log groups."""

from __future__ import annotations

import json
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.world import World

from .naming import LOCKS, NAME, SERVICES, STATES, SUFFIXES

COPY_REGION = "us-west-2"
VERSIONS = ("1.0.0", "1.1.0", "1.2.0")
_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_ARN = f"arn:aws:iam::{account.ACCOUNT}:role"


def fill(world: World) -> None:
    """All of it, for every environment; and what all of them share."""
    _terraform_states(world)
    for service in SERVICES:
        _images(world.client("ecr"), service)
    for suffix in SUFFIXES:
        _roles(world.client("iam"), suffix)
        key = _key(world.client("kms"), suffix)
        _cluster(world.client("eks"), suffix, key)
        _database(world.client("rds"), suffix, key)
        _data(world.client("s3"), suffix)
        _budget(world.client("budgets"), suffix)
        for service in SERVICES:
            _log_group(world.client("logs"), f"/{NAME}/{suffix}/{service}")


def _terraform_states(world: World) -> None:
    world.client("s3").create_bucket(Bucket=STATES)
    world.client("s3").put_bucket_versioning(Bucket=STATES, VersioningConfiguration={"Status": "Enabled"})
    world.client("dynamodb").create_table(
        TableName=LOCKS,
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def _roles(iam: Any, suffix: str) -> None:
    deploys = ["eks:DescribeCluster", "rds:DescribeDBInstances", "logs:CreateLogGroup", "s3:CreateBucket"]
    role(iam, f"{NAME}-{suffix}-deployer", allow(deploys, "*"))
    role(iam, f"{NAME}-{suffix}-services", allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{NAME}-{suffix}-data/*"))
    role(iam, f"{NAME}-{suffix}-eks", allow(["ec2:DescribeSubnets"], "*"), "eks.amazonaws.com")


def role(iam: Any, name: str, policy: str, service: str = "ec2.amazonaws.com") -> None:
    """A role with one policy of its own."""
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=policy)


def allow(actions: list[str], resource: str) -> str:
    """A policy that allows the actions on the resource."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _key(kms: Any, suffix: str) -> str:
    key = str(kms.create_key(Description=f"{NAME} {suffix}")["KeyMetadata"]["Arn"])
    kms.create_alias(AliasName=f"alias/{NAME}-{suffix}", TargetKeyId=key)
    kms.enable_key_rotation(KeyId=key)
    return key


def _cluster(eks: Any, suffix: str, key: str) -> None:
    name = f"{NAME}-{suffix}"
    eks.create_cluster(
        name=name,
        version="1.32",
        roleArn=f"{_ARN}/{name}-eks",
        resourcesVpcConfig={"subnetIds": ["subnet-a", "subnet-b"]},
        encryptionConfig=[{"resources": ["secrets"], "provider": {"keyArn": key}}],
    )
    eks.create_nodegroup(
        clusterName=name,
        nodegroupName=f"{name}-general",
        subnets=["subnet-a", "subnet-b"],
        nodeRole=f"{_ARN}/{name}-eks",
        instanceTypes=["m6i.large", "m6i.xlarge"],
        scalingConfig={"minSize": 3, "maxSize": 9, "desiredSize": 3},
    )


def _database(rds: Any, suffix: str, key: str) -> None:
    name = f"{NAME}-{suffix}"
    rds.create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.r6g.large",
        Engine="postgres",
        MasterUsername="gennet",
        ManageMasterUserPassword=True,
        AllocatedStorage=100,
        StorageEncrypted=True,
        KmsKeyId=key,
        BackupRetentionPeriod=30 if suffix == "prod" else 7,
        MultiAZ=True,
    )
    rds.create_db_instance_read_replica(DBInstanceIdentifier=f"{name}-replica", SourceDBInstanceIdentifier=name)
    rds.create_db_snapshot(DBInstanceIdentifier=name, DBSnapshotIdentifier=f"{name}-nightly")


def _data(s3: Any, suffix: str) -> None:
    """The bucket of the users' networks, sealed, with versions, copied to another region."""
    name = f"{NAME}-{suffix}-data"
    copy = f"{name}-copy"
    s3.create_bucket(Bucket=copy, CreateBucketConfiguration={"LocationConstraint": COPY_REGION})
    s3.create_bucket(Bucket=name)
    for each in (name, copy):
        s3.put_bucket_versioning(Bucket=each, VersioningConfiguration={"Status": "Enabled"})
        sealed = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
        s3.put_bucket_encryption(Bucket=each, ServerSideEncryptionConfiguration=sealed)
    rule = {
        "ID": "everything",
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {"Bucket": f"arn:aws:s3:::{copy}"},
    }
    copied = {"Role": f"{_ARN}/{NAME}-{suffix}-services", "Rules": [rule]}
    s3.put_bucket_replication(Bucket=name, ReplicationConfiguration=copied)


def _budget(budgets: Any, suffix: str) -> None:
    alert = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80, "ThresholdType": "PERCENTAGE"}
    told = [{"SubscriptionType": "EMAIL", "Address": "costs@gennet.example.com"}]
    budgets.create_budget(
        AccountId=account.ACCOUNT,
        Budget={
            "BudgetName": f"{NAME}-{suffix}",
            "BudgetLimit": {"Amount": "5000", "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
        NotificationsWithSubscribers=[{"Notification": alert, "Subscribers": told}],
    )


def _images(ecr: Any, service: str) -> None:
    """The versions that the pipeline has built, scanned on push."""
    repository = f"{NAME}/{service}"
    ecr.create_repository(repositoryName=repository, imageScanningConfiguration={"scanOnPush": True})
    for version in VERSIONS:
        layers = [{"mediaType": "application/octet-stream", "size": 1, "digest": f"sha256:{len(service):064x}"}]
        config = {"mediaType": _CONFIG, "size": 1, "digest": f"sha256:{int.from_bytes(version.encode()):064x}"}
        manifest = json.dumps({"schemaVersion": 2, "mediaType": _MANIFEST, "config": config, "layers": layers})
        ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag=version)


def _log_group(logs: Any, name: str) -> None:
    logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName=name, retentionInDays=30)
    logs.create_log_stream(logGroupName=name, logStreamName="fluent-bit")


def scanned(**found: int) -> dict[str, Any]:
    """The answer of a scan that found so many things of each severity."""
    return {
        "imageScanStatus": {"status": "COMPLETE"},
        "imageScanFindings": {"findings": [], "findingSeverityCounts": found},
    }


ANSWERS = {
    "ecr.DescribeImageScanFindings": scanned(),
    "servicequotas.GetServiceQuota": {"Quota": {"QuotaName": "as it was raised", "Value": 200.0}},
    "ce.GetCostAndUsage": {
        "ResultsByTime": [
            {
                "TimePeriod": {"Start": "2026-11-01", "End": "2026-11-02"},
                "Total": {},
                "Groups": [{"Keys": ["Amazon EKS"], "Metrics": {"UnblendedCost": {"Amount": "41.20", "Unit": "USD"}}}],
                "Estimated": False,
            }
        ]
    },
}
