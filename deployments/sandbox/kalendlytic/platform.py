"""What others have laid out in the account before kalendlytic is deployed: networks, names, certificates, watchmen, secrets."""

from __future__ import annotations

import json
import secrets
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.emulator_names import CALLER
from deployments.sandbox.parts import behind
from deployments.sandbox.world import World

from .project import SUFFIXES, pristine_config

SECRETS = ("BEDROCK_API_KEY", "JWT_SECRET", "CALENDAR_ENCRYPTION_KEY", "WEBHOOK_SECRET")
RULES = ("s3-bucket-public-read-prohibited", "dynamodb-pitr-enabled")
_ZONES = ("us-east-1a", "us-east-1b")
_MANAGED = {
    "s3-bucket-public-read-prohibited": "S3_BUCKET_PUBLIC_READ_PROHIBITED",
    "dynamodb-pitr-enabled": "DYNAMODB_PITR_ENABLED",
}


def lay_out(world: World) -> None:
    """All of it, in an account that holds at most the CDK's own stack."""
    give_caller(world)
    for number, suffix in enumerate(SUFFIXES):
        lay_network(world, suffix, number)
        certify(world, pristine_config(suffix)["domain"])
        set_secrets(world, suffix)
    world.client("route53").create_hosted_zone(Name=pristine_config("prod")["zone"], CallerReference="kalendlytic")
    world.client("sesv2").create_email_identity(EmailIdentity=pristine_config("prod")["zone"])
    behind(world, "guardduty").create_detector(Enable=True)
    record_changes(world)


def give_caller(world: World) -> None:
    """The user as whom releases run, with the rights to do so."""
    iam = world.client("iam")
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.create_user(UserName=CALLER)
    policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_user_policy(UserName=CALLER, PolicyName="deploys", PolicyDocument=policy)


def tagged(kind: str, name: str) -> list[dict[str, Any]]:
    """A Name tag for a new resource."""
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def lay_network(world: World, suffix: str, number: int) -> None:
    """A VPC with a subnet in each of two zones, a security group that lets nobody in, and a network ACL that lets in TLS."""
    ec2, name = world.client("ec2"), f"kalendlytic-{suffix}"
    vpc = ec2.create_vpc(CidrBlock=f"10.{40 + number}.0.0/16", TagSpecifications=tagged("vpc", name))["Vpc"]["VpcId"]
    for third, zone in enumerate(_ZONES):
        block, tags = f"10.{40 + number}.{third}.0/24", tagged("subnet", f"{name}-{zone}")
        ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=zone, TagSpecifications=tags)
    ec2.create_security_group(GroupName=f"kalendlytic-functions-{suffix}", Description="Functions call out only", VpcId=vpc)
    acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
    for rule, (first, last) in {100: (443, 443), 110: (1024, 65535)}.items():
        for egress in (False, True):
            ec2.create_network_acl_entry(
                NetworkAclId=acl,
                RuleNumber=rule,
                Protocol="6",
                RuleAction="allow",
                Egress=egress,
                CidrBlock="0.0.0.0/0" if egress or first > 443 else f"10.{40 + number}.0.0/16",
                PortRange={"From": first, "To": last},
            )
    found = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
    for each in (association for one in found for association in one["Associations"]):
        ec2.replace_network_acl_association(AssociationId=each["NetworkAclAssociationId"], NetworkAclId=acl)


def certify(world: World, domain: str) -> None:
    """A certificate, as AWS issues and renews it."""
    world.client("acm").request_certificate(DomainName=domain, ValidationMethod="DNS")


def set_secrets(world: World, suffix: str, names: tuple[str, ...] = SECRETS) -> None:
    """Secrets, as the team set them for its first release."""
    ssm = world.client("ssm")
    for name in names:
        path, value = f"/kalendlytic/{suffix}/{name}", secrets.token_urlsafe(36)
        ssm.put_parameter(Name=path, Value=value, Type="SecureString", Overwrite=True)


def record_changes(world: World) -> None:
    """AWS Config, with the rules that the security team wants."""
    config, role = world.client("config"), f"arn:aws:iam::{account.ACCOUNT}:role/config"
    config.put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": account.ASSETS_BUCKET})
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    for name in RULES:
        source = {"Owner": "AWS", "SourceIdentifier": _MANAGED[name]}
        config.put_config_rule(ConfigRule={"ConfigRuleName": name, "Source": source})
