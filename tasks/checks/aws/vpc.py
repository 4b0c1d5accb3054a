"""Networks of our own: there, spread over availability zones, and closed to the internet where they must be."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent, EvidenceError
from tasks.core.judges import at_least, equal, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_VPCS = ("ec2:DescribeVpcs",)
_SUBNETS = ("ec2:DescribeVpcs", "ec2:DescribeSubnets")


@check(permissions=_VPCS, remedy="aws ec2 describe-vpcs --vpc-ids <vpc>")
def available(aws: Aws, *, vpc: str) -> Verdict:
    """The VPC exists and is available.

    Everything that must not be reached from outside stands in it.
    Reads ec2:DescribeVpcs. ``vpc`` is its ID or its Name tag. Facts: vpc_id.

    Example:
        check: aws.vpc.available
        with: {vpc: app-prod}

    """
    seen = found_vpc(aws, vpc)
    verdict = equal(f"State of VPC {vpc}", seen["State"], "available")
    return Verdict(verdict.status, verdict.summary, facts={"vpc_id": str(seen["VpcId"])})


@check(permissions=_SUBNETS, remedy="aws ec2 describe-subnets --filters Name=vpc-id,Values=<vpc>")
def subnets_available(aws: Aws, *, vpc: str, subnets: list[str] | None = None, free_addresses: int = 1) -> Verdict:
    """The subnets of the VPC are available and have addresses left.

    A subnet without a free address starts nothing new, neither a function nor a node.
    Reads ec2:DescribeVpcs and ec2:DescribeSubnets. ``vpc`` is an ID or a Name tag; ``subnets`` are IDs or Name tags that
    must be there, by default all that the VPC has; ``free_addresses`` is the smallest number of free addresses.

    Example:
        check: aws.vpc.subnets_available
        with: {vpc: app-prod, subnets: [private-a, private-b], free_addresses: 50}

    """
    found = _subnets(aws, vpc)
    wanted = [_one(found, name) for name in subnets] if subnets else found

    def ready(subnet: Answer) -> Verdict:
        name = _name(subnet)
        if subnet["State"] != "available":
            return failed(f"Subnet {name} is {subnet['State']}, wanted available.")
        return at_least(f"Free addresses of subnet {name}", subnet["AvailableIpAddressCount"], free_addresses)

    return every("subnet", wanted, ready)


@check(permissions=_SUBNETS, remedy="aws ec2 describe-subnets --filters Name=vpc-id,Values=<vpc>")
def spans_zones(aws: Aws, *, vpc: str, zones: int = 2) -> Verdict:
    """The subnets of the VPC lie in several availability zones.

    What stands in one zone falls with it.
    Reads ec2:DescribeVpcs and ec2:DescribeSubnets. ``vpc`` is an ID or a Name tag.

    Example:
        check: aws.vpc.spans_zones
        with: {vpc: app-prod, zones: 3}

    """
    seen = sorted({str(each["AvailabilityZone"]) for each in _subnets(aws, vpc) if each["State"] == "available"})
    verdict = at_least(f"The number of zones of VPC {vpc}", len(seen), zones)
    return Verdict(verdict.status, f"{verdict.summary} They are {listed(seen) or 'none'}.")


@check(
    permissions=(*_VPCS, "ec2:DescribeNatGateways"), remedy="aws ec2 describe-nat-gateways --filter Name=vpc-id,Values=<vpc>"
)
def nat_available(aws: Aws, *, vpc: str, gateways: int = 1) -> Verdict:
    """The VPC has as many working NAT gateways as wished.

    Without one nothing in a private subnet reaches an outside service; with one alone, one zone's fall cuts off all.
    Reads ec2:DescribeVpcs and ec2:DescribeNatGateways. ``vpc`` is an ID or a Name tag.

    Example:
        check: aws.vpc.nat_available
        with: {vpc: app-prod, gateways: 2}

    """
    narrowed = [{"Name": "vpc-id", "Values": [found_vpc(aws, vpc)["VpcId"]]}]
    states = [str(each["State"]) for each in aws.ec2.describe_nat_gateways(Filter=narrowed)["NatGateways"]]
    return at_least(f"The number of available NAT gateways of VPC {vpc}", states.count("available"), gateways)


@check(
    permissions=(*_SUBNETS, "ec2:DescribeRouteTables"),
    remedy="aws ec2 describe-route-tables --filters Name=association.subnet-id,Values=<subnet>",
)
def subnets_private(aws: Aws, *, vpc: str, subnets: list[str]) -> Verdict:
    """None of the subnets has a route to an internet gateway.

    Whatever starts in a public subnet with a public address can be reached from anywhere.
    Reads ec2:DescribeVpcs, ec2:DescribeSubnets and ec2:DescribeRouteTables. All arguments are IDs or Name tags.

    Example:
        check: aws.vpc.subnets_private
        with: {vpc: app-prod, subnets: [private-a, private-b]}

    """
    found = _subnets(aws, vpc)
    return every("subnet", subnets, lambda name: private_subnet(aws, _one(found, name)["VpcId"], _one(found, name)["SubnetId"]))


def private_subnet(aws: Aws, vpc_id: str, subnet_id: str) -> Verdict:
    """The subnet has no route to an internet gateway; both are IDs."""
    tables = aws.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    own = [each for each in tables if any(a.get("SubnetId") == subnet_id for a in each["Associations"])]
    # A subnet without a table of its own uses the main one of its VPC.
    used = own or [each for each in tables if any(a.get("Main") for a in each["Associations"])]
    if not used:
        raise EvidenceError(f"No route table was found for subnet {subnet_id}.")
    ways = [
        str(route["GatewayId"]) for each in used for route in each["Routes"] if route.get("GatewayId", "").startswith("igw-")
    ]
    if ways:
        return failed(f"Subnet {subnet_id} has a route to internet gateway {listed(ways)}.")
    return passed(f"Subnet {subnet_id} has no route to an internet gateway.")


def found_vpc(aws: Aws, name: str) -> Answer:
    """The VPC of this ID or Name tag. Raises ``Absent``, and ``EvidenceError`` where several bear the tag."""
    asked = {"VpcIds": [name]} if name.startswith("vpc-") else {"Filters": [{"Name": "tag:Name", "Values": [name]}]}
    found: list[Answer] = aws.ec2.describe_vpcs(**asked)["Vpcs"]
    if not found:
        raise Absent(f"There is no VPC {name}.")
    if len(found) > 1:
        raise EvidenceError(f"There are {len(found)} VPCs named {name}; give the ID.")
    return found[0]


def _subnets(aws: Aws, vpc: str) -> list[Answer]:
    narrowed = [{"Name": "vpc-id", "Values": [found_vpc(aws, vpc)["VpcId"]]}]
    subnets: list[Answer] = aws.ec2.describe_subnets(Filters=narrowed)["Subnets"]
    return subnets


def _one(subnets: list[Answer], name: str) -> Answer:
    for each in subnets:
        if name in (each["SubnetId"], _name(each)):
            return each
    raise Absent(f"There is no subnet {name} in the VPC.")


def _name(subnet: Answer) -> str:
    return str({tag["Key"]: tag["Value"] for tag in subnet.get("Tags", [])}.get("Name", subnet["SubnetId"]))
