"""GenNet's way in, before any release: network, load balancer, name, certificate and firewall of each environment."""

from __future__ import annotations

from typing import Any

from deployments.sandbox.world import World

from .naming import HOSTS, NAME, SUFFIXES, ZONE

ZONES = {"a": "us-east-1a", "b": "us-east-1b"}
ANYONE = [{"CidrIp": "0.0.0.0/0"}]


def fill(world: World) -> None:
    """All of it, for every environment."""
    zone = world.client("route53").create_hosted_zone(Name=ZONE, CallerReference="sandbox")["HostedZone"]["Id"]
    for number, suffix in enumerate(SUFFIXES):
        subnets, group = _vpc(world.client("ec2"), suffix, number)
        balancer = _load_balancer(world, suffix, subnets, group)
        _record(world.client("route53"), zone, HOSTS[suffix], balancer["DNSName"])
        protect(world.client("wafv2"), suffix, balancer["LoadBalancerArn"])


def _vpc(ec2: Any, suffix: str, number: int) -> tuple[list[str], str]:
    """Two subnets, a group that the world may reach and one that only the VPC may; the subnets' IDs, the first group's ID."""
    name, block = f"{NAME}-{suffix}", f"10.{40 + number}"
    vpc = ec2.create_vpc(CidrBlock=f"{block}.0.0/16", TagSpecifications=_named("vpc", name))["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc,
            CidrBlock=f"{block}.{part}.0/24",
            AvailabilityZone=zone,
            TagSpecifications=_named("subnet", f"{name}-{letter}"),
        )["Subnet"]["SubnetId"]
        for part, (letter, zone) in enumerate(ZONES.items())
    ]
    ingress = ec2.create_security_group(GroupName=f"{name}-ingress", Description="The load balancer", VpcId=vpc)["GroupId"]
    database = ec2.create_security_group(GroupName=f"{name}-database", Description="The database", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=ingress, IpPermissions=[_rule(443, ANYONE)])
    ec2.authorize_security_group_ingress(GroupId=database, IpPermissions=[_rule(5432, [{"CidrIp": f"{block}.0.0/16"}])])
    return subnets, ingress


def open_database(ec2: Any, suffix: str, *, to_everyone: bool) -> None:
    """Let the whole internet reach the database's port, or no longer."""
    found = ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": [f"{NAME}-{suffix}-database"]}])
    change = ec2.authorize_security_group_ingress if to_everyone else ec2.revoke_security_group_ingress
    change(GroupId=found["SecurityGroups"][0]["GroupId"], IpPermissions=[_rule(5432, ANYONE)])


def _load_balancer(world: World, suffix: str, subnets: list[str], group: str) -> Any:
    elb, acm = world.client("elbv2"), world.client("acm")
    name = f"{NAME}-{suffix}"
    balancer = elb.create_load_balancer(Name=name, Subnets=subnets, SecurityGroups=[group])["LoadBalancers"][0]
    certificate = acm.request_certificate(DomainName=HOSTS[suffix], ValidationMethod="DNS")["CertificateArn"]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": certificate}],
        DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}],
    )
    return balancer


def _record(route53: Any, zone: str, host: str, target: str) -> None:
    record = {"Name": host, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": target}]}
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
    route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def protect(waf: Any, suffix: str, balancer: str) -> None:
    """A firewall with a limit on what one address may ask, before the load balancer."""
    seen = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "gennet"}
    rule = {
        "Name": "rate",
        "Priority": 1,
        "Statement": {"RateBasedStatement": {"Limit": 2000, "AggregateKeyType": "IP"}},
        "Action": {"Block": {}},
        "VisibilityConfig": seen,
    }
    acl = waf.create_web_acl(
        Name=f"{NAME}-{suffix}", Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[rule], VisibilityConfig=seen
    )["Summary"]
    waf.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=balancer)


def unprotect(world: World, suffix: str) -> str:
    """Take the firewall away from the load balancer; the ARN of the load balancer."""
    balancer = load_balancer(world, suffix)
    world.client("wafv2").disassociate_web_acl(ResourceArn=balancer)
    return balancer


def load_balancer(world: World, suffix: str) -> str:
    """The ARN of an environment's load balancer."""
    found = world.client("elbv2").describe_load_balancers(Names=[f"{NAME}-{suffix}"])["LoadBalancers"]
    return str(found[0]["LoadBalancerArn"])


def _rule(port: int, sources: list[dict[str, str]]) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": sources}


def _named(kind: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]
