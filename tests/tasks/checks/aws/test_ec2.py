from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

GROUPS, ACLS, RUNNING = (
    f"aws.ec2.{name}" for name in ("security_groups_restricted", "network_acls_configured", "instances_running")
)
VPC = {"vpc": "vpc-1"}
NAMES = {"names": ["app-1"]}
NET: dict[str, Any] = {"ec2.describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1", "State": "available"}]}}


def rule(first: int, last: int, source: str = "0.0.0.0/0", protocol: str = "tcp") -> dict[str, Any]:
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last, "IpRanges": [{"CidrIp": source}]}


def groups(*rules: dict[str, Any], name: str = "web") -> dict[str, Any]:
    return NET | {"ec2.describe_security_groups": {"SecurityGroups": [{"GroupName": name, "IpPermissions": list(rules)}]}}


def acl(*rules: tuple[int, str, str], subnets: int = 1) -> dict[str, Any]:
    entries = [
        {"RuleNumber": number, "Protocol": protocol, "RuleAction": action, "CidrBlock": "0.0.0.0/0", "Egress": False}
        for number, protocol, action in rules
    ]
    found = {"NetworkAclId": "acl-1", "Associations": [{}] * subnets, "Entries": entries}
    return NET | {"ec2.describe_network_acls": {"NetworkAcls": [found]}}


def instance(state: str, *statuses: str) -> dict[str, Any]:
    checks = [{"InstanceStatus": {"Status": status}, "SystemStatus": {"Status": "ok"}} for status in statuses]
    found = [{"Instances": [{"InstanceId": "i-1", "State": {"Name": state}}]}]
    return {"ec2.describe_instances": {"Reservations": found}, "ec2.describe_instance_status": {"InstanceStatuses": checks}}


SIX = {"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
CASES = [
    Case("only public ports", GROUPS, VPC, Status.PASSED, "among 1", groups(rule(443, 443), rule(5432, 5432, "10.0.0.0/8"))),
    Case("a database", GROUPS, VPC, Status.FAILED, "web opens 5432", groups(rule(5432, 5432))),
    Case("a port that is public elsewhere", GROUPS, VPC | {"public_ports": [443]}, Status.FAILED,
         "opens 80", groups(rule(80, 80))),
    Case("a range", GROUPS, VPC, Status.FAILED, "tcp 0-65535", groups(rule(0, 65535))),
    Case("just past a public port", GROUPS, VPC, Status.FAILED, "opens 444", groups(rule(443, 444))),
    Case("every protocol, by IPv6", GROUPS, VPC, Status.FAILED, "every port", groups(SIX)),
    Case("no rule", GROUPS, VPC, Status.PASSED, "among 1", groups()),
    Case("a group is missing", GROUPS, VPC | {"groups": ["db"]}, Status.FAILED, "no security group db", groups()),
    Case("another group's rule", GROUPS, VPC | {"groups": ["web"]}, Status.PASSED, "among 1", groups()),
    Case("no group", GROUPS, VPC, Status.UNKNOWN,
         "Nothing was there", NET | {"ec2.describe_security_groups": {"SecurityGroups": []}}),
    Case("denied", GROUPS, VPC, Status.UNKNOWN, "AccessDenied", NET | {"ec2.describe_security_groups": DENIED}),
    Case("own rules", ACLS, VPC, Status.PASSED, "has 2 rules", acl((100, "6", "allow"), (32767, "-1", "deny"))),
    Case("as AWS made it", ACLS, VPC, Status.FAILED, "lets everything in", acl((100, "-1", "allow"), (32767, "-1", "deny"))),
    Case("closed before it is opened", ACLS, VPC, Status.PASSED, "has 2 rules", acl((200, "-1", "allow"), (100, "-1", "deny"))),
    Case("no subnet uses one", ACLS, VPC, Status.UNKNOWN, "nothing could be judged", acl(subnets=0)),
    Case("denied", ACLS, VPC, Status.UNKNOWN, "AccessDenied", NET | {"ec2.describe_network_acls": DENIED}),
    Case("runs", RUNNING, NAMES, Status.PASSED, "runs well", instance("running", "ok")),
    Case("runs badly", RUNNING, NAMES, Status.FAILED, "impaired", instance("running", "impaired")),
    Case("stopped", RUNNING, NAMES, Status.FAILED, "is stopped", instance("stopped")),
    Case("not checked yet", RUNNING, NAMES, Status.UNKNOWN, "not checked", instance("running")),
    Case("gone", RUNNING, NAMES, Status.FAILED, "no instance named", instance("terminated")),
    Case("denied", RUNNING, NAMES, Status.UNKNOWN, "AccessDenied", {"ec2.describe_instances": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
