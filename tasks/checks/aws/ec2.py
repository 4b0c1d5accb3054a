"""Machines, and the rules that say who may reach them."""

from __future__ import annotations

from tasks.checks.aws.vpc import found_vpc
from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import every, listed, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_ANYONE = {"0.0.0.0/0", "::/0"}
_WEB = [80, 443]
_ALL = "-1"


@check(
    permissions=("ec2:DescribeVpcs", "ec2:DescribeSecurityGroups"),
    remedy="aws ec2 revoke-security-group-ingress --group-id <group> --protocol tcp --port <port> --cidr 0.0.0.0/0",
)
def security_groups_restricted(
    aws: Aws, *, vpc: str, groups: list[str] | None = None, public_ports: list[int] = _WEB
) -> Verdict:
    """No security group opens a port to everyone but those meant to be public.

    A database or a shell that the whole internet reaches is found within minutes.
    Reads ec2:DescribeVpcs and ec2:DescribeSecurityGroups. ``vpc`` is an ID or a Name tag; ``groups`` are group names that
    must be there, by default all groups of the VPC; ``public_ports`` may be open to anyone.

    Example:
        check: aws.ec2.security_groups_restricted
        with: {vpc: app-prod, public_ports: [443]}

    """
    narrowed = [{"Name": "vpc-id", "Values": [found_vpc(aws, vpc)["VpcId"]]}]
    found = aws.ec2.describe_security_groups(Filters=narrowed)["SecurityGroups"]
    names = [str(each["GroupName"]) for each in found]
    missing = [name for name in groups or [] if name not in names]
    if missing:
        return failed(f"VPC {vpc} has no security group {listed(missing)}.")
    looked_at = [each for each in found if not groups or each["GroupName"] in groups]
    open_ports = [
        f"{each['GroupName']} opens {ports}"
        for each in looked_at
        for rule in each["IpPermissions"]
        for ports in _opened(rule, public_ports)
    ]
    return none(f"rules open to everyone in VPC {vpc}", open_ports, len(looked_at))


@check(
    permissions=("ec2:DescribeVpcs", "ec2:DescribeNetworkAcls"),
    remedy="aws ec2 replace-network-acl-entry --network-acl-id <acl> …",
)
def network_acls_configured(aws: Aws, *, vpc: str) -> Verdict:
    """The network ACL of every subnet lets in less than everything.

    The one that AWS makes with a VPC lets everything in and out.
    Reads ec2:DescribeVpcs and ec2:DescribeNetworkAcls. ``vpc`` is an ID or a Name tag; ACLs of no subnet are left out.

    Example:
        check: aws.ec2.network_acls_configured
        with: {vpc: app-prod}

    """
    narrowed = [{"Name": "vpc-id", "Values": [found_vpc(aws, vpc)["VpcId"]]}]
    used = [each for each in aws.ec2.describe_network_acls(Filters=narrowed)["NetworkAcls"] if each["Associations"]]

    def narrow(acl: Answer) -> Verdict:
        name = f"Network ACL {acl['NetworkAclId']} of {len(acl['Associations'])} subnets"
        rules = sorted((each for each in acl["Entries"] if not each["Egress"]), key=lambda each: int(each["RuleNumber"]))
        first = next((each for each in rules if each["Protocol"] == _ALL and _source(each) in _ANYONE), None)
        if first is not None and first["RuleAction"] == "allow":
            return failed(f"{name} lets everything in from everywhere.")
        return passed(f"{name} has {len(rules)} rules for what comes in.")

    return every("network ACL", used, narrow)


@check(
    permissions=("ec2:DescribeInstances", "ec2:DescribeInstanceStatus"),
    remedy="aws ec2 describe-instance-status --instance-ids <id>",
)
def instances_running(aws: Aws, *, names: list[str]) -> Verdict:
    """Every machine runs and passes the checks of AWS.

    Reads ec2:DescribeInstances and ec2:DescribeInstanceStatus. ``names`` are Name tags; every machine of that name must run.

    Example:
        check: aws.ec2.instances_running
        with: {names: [app-prod-1, app-prod-2]}

    """

    def well(instance: Answer) -> Verdict:
        what = f"Instance {instance['InstanceId']}"
        if instance["State"]["Name"] != "running":
            return failed(f"{what} is {instance['State']['Name']}, wanted running.")
        statuses = aws.ec2.describe_instance_status(InstanceIds=[instance["InstanceId"]])["InstanceStatuses"]
        if not statuses:
            return unknown(f"{what} runs, and AWS has not checked it yet.")
        seen = {str(statuses[0][kind]["Status"]) for kind in ("InstanceStatus", "SystemStatus")}
        return passed(f"{what} runs well.") if seen == {"ok"} else failed(f"{what} runs, and its checks say {listed(seen)}.")

    def every_of(name: str) -> Verdict:
        narrowed = [{"Name": "tag:Name", "Values": [name]}]
        found = aws.ec2.describe_instances(Filters=narrowed)["Reservations"]
        instances = [each for group in found for each in group["Instances"] if each["State"]["Name"] != "terminated"]
        return every("instance", instances, well) if instances else failed(f"There is no instance named {name}.")

    return every("name", names, every_of)


def _opened(rule: Answer, public_ports: list[int]) -> list[str]:
    """What the rule opens to everyone beyond the public ports, as an operator would say it."""
    sources = {each["CidrIp"] for each in rule.get("IpRanges", [])} | {each["CidrIpv6"] for each in rule.get("Ipv6Ranges", [])}
    if not sources & _ANYONE:
        return []
    if rule["IpProtocol"] == _ALL:
        return ["every port"]
    first, last = int(rule.get("FromPort", 0)), int(rule.get("ToPort", 65535))
    if rule["IpProtocol"] in ("tcp", "udp") and last - first < len(public_ports):
        return [str(port) for port in range(first, last + 1) if port not in public_ports]
    return [f"{rule['IpProtocol']} {first}-{last}"]


def _source(entry: Answer) -> str:
    return str(entry.get("CidrBlock") or entry.get("Ipv6CidrBlock") or "")
