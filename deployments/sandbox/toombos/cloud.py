"""The team's AWS account before a release: network, machines, names, certificates, backups, roles, images."""

from __future__ import annotations

import gzip
import json
from typing import Any

from deployments.sandbox import account
from deployments.sandbox.world import World

from .naming import DEPLOYMENT, DOMAINS, NAME, SUFFIXES

_ZONES = ("us-east-1a", "us-east-1b")
_KEPT_DAYS = 35


def fill(world: World) -> None:
    """All of it, for every environment."""
    subnets, group = _network(world.client("ec2"))
    _machines(world.client("ec2"), subnets, group)
    balancers = _load_balancers(world.client("elbv2"), subnets, group)
    _names(world.client("route53"), balancers)
    _certificates(world.client("acm"), world.client("elbv2"), balancers)
    for suffix in SUFFIXES:
        _backups(world.client("s3"), suffix)
        _roles(world.client("iam"), suffix)
    _developer(world.client("iam"))
    world.client("ecr").create_repository(repositoryName=DEPLOYMENT, imageScanningConfiguration={"scanOnPush": True})


def _network(ec2: Any) -> tuple[list[str], str]:
    """A VPC in two zones, closed to the world but for the load balancer's ports; its subnets and security group."""
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", TagSpecifications=_named("vpc", NAME))["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.20.{number}.0/24", AvailabilityZone=zone, TagSpecifications=_named("subnet", zone)
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate(_ZONES)
    ]
    group = ec2.create_security_group(GroupName=NAME, Description="The load balancer", VpcId=vpc)["GroupId"]
    public = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [ANYONE]} for port in (80, 443)]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=public)
    return subnets, group


ANYONE = {"CidrIp": "0.0.0.0/0"}


def security_group(world: World) -> str:
    """The ID of the load balancer's security group."""
    groups = world.client("ec2").describe_security_groups(Filters=[{"Name": "group-name", "Values": [NAME]}])
    return str(groups["SecurityGroups"][0]["GroupId"])


def _machines(ec2: Any, subnets: list[str], group: str) -> None:
    for suffix in SUFFIXES:
        ec2.run_instances(
            ImageId="ami-0123456789abcdef0",
            InstanceType="m6i.large",
            MinCount=1,
            MaxCount=1,
            SubnetId=subnets[0],
            SecurityGroupIds=[group],
            TagSpecifications=_named("instance", f"{NAME}-{suffix}"),
        )


def _load_balancers(elb: Any, subnets: list[str], group: str) -> dict[str, Any]:
    return {
        suffix: elb.create_load_balancer(Name=f"{NAME}-{suffix}", Subnets=subnets, SecurityGroups=[group])["LoadBalancers"][0]
        for suffix in SUFFIXES
    }


def _names(route53: Any, balancers: dict[str, Any]) -> None:
    zone = route53.create_hosted_zone(Name="halcytone.com", CallerReference="sandbox")["HostedZone"]["Id"]
    for suffix, balancer in balancers.items():
        change_record(route53, zone, "UPSERT", DOMAINS[suffix], balancer["DNSName"])


def change_record(route53: Any, zone: str, action: str, name: str, target: str) -> None:
    """Make or take away the record that leads a domain to its load balancer."""
    record = {"Name": name, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": target}]}
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _certificates(acm: Any, elb: Any, balancers: dict[str, Any]) -> None:
    for suffix, balancer in balancers.items():
        arn = acm.request_certificate(DomainName=DOMAINS[suffix], ValidationMethod="DNS")["CertificateArn"]
        elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"],
            Protocol="HTTPS",
            Port=443,
            Certificates=[{"CertificateArn": arn}],
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}],
        )


def bucket(suffix: str) -> str:
    """The bucket of an environment's backups."""
    return f"{NAME}-backups-{suffix}"


def _backups(s3: Any, suffix: str) -> None:
    """The bucket, sealed and closed, last night's dump, and its copy elsewhere."""
    name = bucket(suffix)
    for each in (name, f"{name}-offsite"):
        s3.create_bucket(Bucket=each)
        put_backup(s3, each)
    sealed = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=sealed)
    closed = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=closed)
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "postgres/"}, "Expiration": {"Days": _KEPT_DAYS}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})


def put_backup(s3: Any, name: str, rows: int = 500) -> None:
    """A dump of so many rows, as the nightly job leaves it."""
    dump = "".join(f"{row}\ttopic {row * row}\ta text\n" for row in range(rows))
    s3.put_object(Bucket=name, Key="postgres/nightly.sql.gz", Body=gzip.compress(dump.encode(), mtime=0))


def _roles(iam: Any, suffix: str) -> None:
    reads = _allowing(["secretsmanager:GetSecretValue"], f"arn:aws:secretsmanager:*:{account.ACCOUNT}:secret:{NAME}/{suffix}/*")
    writes = _allowing(["s3:PutObject"], f"arn:aws:s3:::{bucket(suffix)}/*")
    for role, policy in ((f"{NAME}-app-{suffix}", reads), (f"{NAME}-backup-{suffix}", writes)):
        _role(iam, role)
        iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy)


def _developer(iam: Any) -> None:
    _role(iam, f"{NAME}-developer")
    iam.put_role_policy(RoleName=f"{NAME}-developer", PolicyName="own", PolicyDocument=_allowing(["logs:GetLogEvents"], "*"))


def _role(iam: Any, name: str) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))


def _allowing(actions: list[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]
