"""What others have laid out in the account before the workflow is deployed: networks, names, keys, secrets, watchmen."""

from __future__ import annotations

import json
import secrets
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.world import World

from . import project

DOMAIN, ZONE = "api.workflow.example.com", "workflow.example.com"
RULES = {
    "s3-bucket-public-read-prohibited": "S3_BUCKET_PUBLIC_READ_PROHIBITED",
    "dynamodb-pitr-enabled": "DYNAMODB_PITR_ENABLED",
}
TOKENS = ("jira-token", "callback-token")
TRAIL = "workflow-audit"
AUDIT_BUCKET = f"workflow-audit-{account.ACCOUNT}"
COPIES = f"workflow-artifacts-prod-copy-{account.ACCOUNT}"
ROTATION = f"arn:aws:lambda:{account.REGION}:{account.ACCOUNT}:function:workflow-rotation"
CHANGES, CHANGE = "changes", "CHG-4711"
PAGERDUTY = "https://events.pagerduty.com/integration/workflow/enqueue"


def lay_out(world: World) -> None:
    """All of it, in an empty account."""
    lay_state(world)
    networks = {}
    for number, suffix in enumerate(project.SUFFIXES):
        networks[suffix] = lay_network(world, suffix, number)
        set_secrets(world, suffix)
        alert(world, suffix)
    project.hand_over(world, networks)
    name_api(world)
    keep_audit(world)
    record_changes(world)
    budget(world)
    approve_change(world)
    world.client("guardduty").create_detector(Enable=True)
    copies = account.client("s3", world.own_environ())
    copies.create_bucket(Bucket=COPIES, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    copies.put_bucket_versioning(Bucket=COPIES, VersioningConfiguration={"Status": "Enabled"})


def lay_state(world: World) -> None:
    """Where Terraform keeps its state, and its locks."""
    s3 = world.client("s3")
    s3.create_bucket(Bucket=project.STATES)
    s3.put_bucket_versioning(Bucket=project.STATES, VersioningConfiguration={"Status": "Enabled"})
    world.client("dynamodb").create_table(
        TableName=project.LOCKS,
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def tagged(kind: str, name: str) -> list[dict[str, Any]]:
    """A Name tag for a new resource."""
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def lay_network(world: World, suffix: str, number: int) -> dict[str, Any]:
    """A VPC with a public subnet, a NAT gateway in it, two private subnets that go out through it, and a web ACL."""
    ec2, name, net = world.client("ec2"), f"workflow-{suffix}", f"10.{60 + number}"
    vpc = ec2.create_vpc(CidrBlock=f"{net}.0.0/16", TagSpecifications=tagged("vpc", name))["Vpc"]["VpcId"]
    door = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=door, VpcId=vpc)
    public = lay_subnet(ec2, vpc, f"{net}.0.0/24", "us-east-1a", f"{name}-public")
    route(ec2, vpc, [public], GatewayId=door)
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=public, AllocationId=address)["NatGateway"]["NatGatewayId"]
    private = [
        lay_subnet(ec2, vpc, f"{net}.{third}.0/24", zone, f"{name}-private-{zone}")
        for third, zone in ((1, "us-east-1a"), (2, "us-east-1b"))
    ]
    route(ec2, vpc, private, NatGatewayId=nat)
    group = ec2.create_security_group(GroupName=f"{name}-functions", Description="Functions call out only", VpcId=vpc)
    return {"subnets": private, "security_groups": [group["GroupId"]], "web_acl": guard(world, suffix)}


def lay_subnet(ec2: Any, vpc: str, block: str, zone: str, name: str) -> str:
    """A subnet; its ID."""
    made = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone, TagSpecifications=tagged("subnet", name))
    return str(made["Subnet"]["SubnetId"])


def route(ec2: Any, vpc: str, subnets: list[str], **way: str) -> None:
    """Lead what leaves the subnets that way."""
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **way)
    for subnet in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)


def guard(world: World, suffix: str) -> str:
    """A web ACL with a rule in force; its ARN."""
    shown = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "workflow"}
    rule = {
        "Name": "common",
        "Priority": 0,
        "OverrideAction": {"None": {}},
        "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}},
        "VisibilityConfig": shown,
    }
    made = world.client("wafv2").create_web_acl(
        Name=f"workflow-{suffix}", Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[rule], VisibilityConfig=shown
    )
    return str(made["Summary"]["ARN"])


def set_secrets(world: World, suffix: str) -> None:
    """Tokens under a key of our own, changed by themselves, readable by the functions alone."""
    kms, manager = world.client("kms"), world.client("secretsmanager")
    key = kms.create_key(Description=f"workflow-{suffix}")["KeyMetadata"]["KeyId"]
    kms.create_alias(AliasName=f"alias/workflow-{suffix}", TargetKeyId=key)
    if suffix == project.SUFFIXES[0]:
        world.client("iam").create_role(RoleName="workflow-developers", AssumeRolePolicyDocument=json.dumps({"Statement": []}))
    for token in TOKENS:
        name = f"workflow/{suffix}/{token}"
        manager.create_secret(Name=name, SecretString=secrets.token_urlsafe(36), KmsKeyId=f"alias/workflow-{suffix}")
        rules = {"AutomaticallyAfterDays": 60}
        manager.rotate_secret(SecretId=name, RotationLambdaARN=ROTATION, RotationRules=rules, RotateImmediately=False)
        manager.put_resource_policy(SecretId=name, ResourcePolicy=json.dumps(restricted_to(readers(suffix))))


def readers(suffix: str) -> list[str]:
    """Who may read an environment's tokens."""
    return [f"arn:aws:iam::{account.ACCOUNT}:role/workflow-{suffix}-functions"]


def restricted_to(principals: list[str]) -> dict[str, Any]:
    """A policy that lets in nobody else."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principals},
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def alert(world: World, suffix: str) -> None:
    """A topic that PagerDuty listens to."""
    sns = world.client("sns")
    topic = sns.create_topic(Name=f"workflow-alerts-{suffix}")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="https", Endpoint=PAGERDUTY)


def name_api(world: World) -> None:
    """Zone, certificate, and custom domain of production's API."""
    certificate = world.client("acm").request_certificate(DomainName=DOMAIN, ValidationMethod="DNS")["CertificateArn"]
    domain = world.client("apigateway").create_domain_name(
        domainName=DOMAIN, regionalCertificateArn=certificate, endpointConfiguration={"types": ["REGIONAL"]}
    )
    route53 = world.client("route53")
    zone = route53.create_hosted_zone(Name=ZONE, CallerReference="workflow")["HostedZone"]["Id"]
    target = domain.get("regionalDomainName") or f"d-workflow.execute-api.{account.REGION}.amazonaws.com"
    record = {"Name": DOMAIN, "Type": "CNAME", "TTL": 300, "ResourceRecords": [{"Value": target}]}
    changes = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)


def keep_audit(world: World) -> None:
    """A trail of what is done in the account."""
    world.client("s3").create_bucket(Bucket=AUDIT_BUCKET)
    cloudtrail = world.client("cloudtrail")
    cloudtrail.create_trail(Name=TRAIL, S3BucketName=AUDIT_BUCKET, IsMultiRegionTrail=True, EnableLogFileValidation=True)
    cloudtrail.start_logging(Name=TRAIL)


def record_changes(world: World) -> None:
    """AWS Config, with the rules that the security team wants."""
    config, role = world.client("config"), f"arn:aws:iam::{account.ACCOUNT}:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": AUDIT_BUCKET})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    for name, managed in RULES.items():
        config.put_config_rule(ConfigRule={"ConfigRuleName": name, "Source": {"Owner": "AWS", "SourceIdentifier": managed}})


def budget(world: World) -> None:
    """A budget that tells somebody at eighty percent."""
    alarm = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80, "ThresholdType": "PERCENTAGE"}
    world.client("budgets").create_budget(
        AccountId=account.ACCOUNT,
        Budget={
            "BudgetName": "workflow-prod",
            "BudgetLimit": {"Amount": "400", "Unit": "USD"},
            "TimeUnit": "MONTHLY",
            "BudgetType": "COST",
        },
        NotificationsWithSubscribers=[
            {"Notification": alarm, "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "costs@example.com"}]}
        ],
    )


def approve_change(world: World, state: str = "approved") -> None:
    """The change under which the release is made, where the change board keeps it."""
    s3 = world.client("s3")
    s3.create_bucket(Bucket=CHANGES)
    ticket = {"id": CHANGE, "state": state, "approved_by": "change board"}
    s3.put_object(Bucket=CHANGES, Key=CHANGE, Body=json.dumps(ticket).encode(), ContentType="application/json")
