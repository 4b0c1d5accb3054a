"""Route 53: hosted zones and the records in them."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_FEW = 50
_ADDRESSES = ["A", "AAAA", "CNAME"]


@check(
    permissions=("route53:ListHostedZones",), remedy="aws route53 create-hosted-zone --name <zone> --caller-reference <text>"
)
def zone_exists(aws: Aws, *, zone: str, private: bool = False) -> Verdict:
    """The hosted zone exists.

    All names of the system stand in it.
    Reads route53:ListHostedZones. ``private`` asks for a zone that only networks of ours see. Two zones of one name are
    unknown. Facts: zone_id.

    Example:
        check: aws.route53.zone_exists
        with: {zone: example.com}

    """
    found = _zone(aws, zone, private=private)
    return passed(f"Hosted zone {zone} exists as {found['Id']}.", {"zone_id": str(found["Id"]).rpartition("/")[2]})


@check(
    permissions=("route53:ListHostedZones", "route53:ListResourceRecordSets"),
    remedy="aws route53 list-resource-record-sets --hosted-zone-id <id>",
)
def record_exists(
    aws: Aws, *, zone: str, record: str, types: list[str] = _ADDRESSES, target: str = "", private: bool = False
) -> Verdict:
    """The hosted zone has the record.

    Whether the public sees it is another question: name servers must also be delegated.
    Reads route53:ListHostedZones and route53:ListResourceRecordSets. ``record`` is the whole name; one of ``types`` will do;
    ``target`` is a part of the value or alias that it must lead to; empty accepts any.

    Example:
        check: aws.route53.record_exists
        with: {zone: example.com, record: api.example.com, target: cloudfront.net}

    """
    asked = {"HostedZoneId": _zone(aws, zone, private=private)["Id"], "StartRecordName": record}
    found = aws.route53.list_resource_record_sets(**asked, PaginationConfig={"MaxItems": _FEW})["ResourceRecordSets"]
    values = [
        value
        for each in found
        if each["Name"].rstrip(".").replace("\\052", "*") == record.rstrip(".") and each["Type"] in types
        for value in _values(each)
    ]
    if not values:
        return failed(f"Hosted zone {zone} has no record {record} of type {' or '.join(types)}.")
    if not any(target in value for value in values):
        return failed(f"Record {record} leads to {listed(values)}, wanted {target}.")
    return passed(f"Record {record} leads to {listed(values)}.")


def _zone(aws: Aws, name: str, *, private: bool) -> Answer:
    zones = aws.route53.list_hosted_zones()["HostedZones"]
    kind = [each for each in zones if each.get("Config", {}).get("PrivateZone", False) is private]
    zone: Answer = only("private hosted zone" if private else "hosted zone", kind, "Name", f"{name.rstrip('.')}.")
    return zone


def _values(record: Answer) -> list[str]:
    alias = record.get("AliasTarget")
    return [str(alias["DNSName"])] if alias else [str(each["Value"]) for each in record["ResourceRecords"]]
