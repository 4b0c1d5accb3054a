from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

THERE, SUBNETS, ZONES, NAT, PRIVATE = (
    f"aws.vpc.{name}" for name in ("available", "subnets_available", "spans_zones", "nat_available", "subnets_private")
)
VPC = {"vpc": "app"}
A = {"vpc": "app", "subnets": ["private-a"]}
UNREAD = {"ec2.describe_vpcs": DENIED}
IGW, NATTED = {"GatewayId": "igw-1"}, {"NatGatewayId": "nat-1"}


def vpcs(*states: str) -> dict[str, Any]:
    return {"ec2.describe_vpcs": {"Vpcs": [{"VpcId": "vpc-1", "State": state} for state in states]}}


def subnets(*zones: str, free: int = 100, state: str = "available") -> dict[str, Any]:
    found = [
        {
            "SubnetId": f"subnet-{zone}", "VpcId": "vpc-1", "AvailabilityZone": zone, "State": state,
            "AvailableIpAddressCount": free, "Tags": [{"Key": "Name", "Value": f"private-{zone}"}],
        }
        for zone in zones
    ]  # fmt: skip
    return vpcs("available") | {"ec2.describe_subnets": {"Subnets": found}}


def nat(*states: str) -> dict[str, Any]:
    return vpcs("available") | {"ec2.describe_nat_gateways": {"NatGateways": [{"State": state} for state in states]}}


def tables(*found: tuple[dict[str, Any], dict[str, str]]) -> dict[str, Any]:
    listed = [{"Associations": [association], "Routes": [{"GatewayId": "local"}, route]} for association, route in found]
    return subnets("a") | {"ec2.describe_route_tables": {"RouteTables": listed}}


OWN, MAIN = {"SubnetId": "subnet-a", "Main": False}, {"Main": True}
CASES = [
    Case("available", THERE, VPC, Status.PASSED, "'available'", vpcs("available")),
    Case("being made", THERE, VPC, Status.FAILED, "'pending'", vpcs("pending")),
    Case("empty account", THERE, VPC, Status.FAILED, "no VPC app", vpcs()),
    Case("two of one name", THERE, VPC, Status.UNKNOWN, "give the ID", vpcs("available", "available")),
    Case("wrong ID", THERE, {"vpc": "vpc-9"}, Status.FAILED,
         "NotFound", {"ec2.describe_vpcs": aws_error("InvalidVpcID.NotFound")}),
    Case("denied", THERE, VPC, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("all of them", SUBNETS, VPC, Status.PASSED, "2 in all", subnets("a", "b")),
    Case("the named one", SUBNETS, A, Status.PASSED, "private-a is 100", subnets("a", "b")),
    Case("another is wanted", SUBNETS, A, Status.FAILED, "no subnet private-a", subnets("b")),
    Case("just enough addresses", SUBNETS, A | {"free_addresses": 100}, Status.PASSED, "is 100", subnets("a")),
    Case("too few addresses", SUBNETS, A | {"free_addresses": 101}, Status.FAILED, "at least 101", subnets("a")),
    Case("being made", SUBNETS, A, Status.FAILED, "is pending", subnets("a", state="pending")),
    Case("no subnet", SUBNETS, VPC, Status.UNKNOWN, "nothing could be judged", subnets()),
    Case("denied", SUBNETS, VPC, Status.UNKNOWN, "AccessDenied", vpcs("available") | {"ec2.describe_subnets": DENIED}),
    Case("two zones", ZONES, VPC, Status.PASSED, "a, b", subnets("a", "b", "b")),
    Case("one zone", ZONES, VPC, Status.FAILED, "is 1, wanted at least 2", subnets("a", "a")),
    Case("no subnet", ZONES, VPC, Status.FAILED, "none", subnets()),
    Case("denied", ZONES, VPC, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("one works", NAT, VPC, Status.PASSED, "is 1", nat("available", "deleted")),
    Case("one too few", NAT, VPC | {"gateways": 2}, Status.FAILED, "wanted at least 2", nat("available", "pending")),
    Case("none", NAT, VPC, Status.FAILED, "is 0", nat()),
    Case("denied", NAT, VPC, Status.UNKNOWN, "AccessDenied", vpcs("available") | {"ec2.describe_nat_gateways": DENIED}),
    Case("private", PRIVATE, A, Status.PASSED, "no route", tables((OWN, NATTED), (MAIN, IGW))),
    Case("public", PRIVATE, A, Status.FAILED, "igw-1", tables((OWN, IGW), (MAIN, NATTED))),
    Case("public by the main table", PRIVATE, A, Status.FAILED, "igw-1", tables((MAIN, IGW))),
    Case("no table", PRIVATE, A, Status.UNKNOWN, "No route table", tables()),
    Case("no subnet", PRIVATE, A | {"subnets": ["b"]}, Status.FAILED, "no subnet b", tables((OWN, NATTED))),
    Case("denied", PRIVATE, A, Status.UNKNOWN, "AccessDenied", subnets("a") | {"ec2.describe_route_tables": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
