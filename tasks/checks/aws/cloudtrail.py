"""CloudTrail: who did what in the account is written down."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.errors import Absent
from tasks.core.judges import every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed


@check(
    permissions=("cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus"), remedy="aws cloudtrail start-logging --name <trail>"
)
def logging_on(aws: Aws, *, trail: str = "", all_regions: bool = True, validated: bool = False) -> Verdict:
    """A trail records what is done in the account and delivers it.

    After an incident it is the only witness; a trail whose bucket refuses it looks as if it were on.
    Reads cloudtrail:DescribeTrails and cloudtrail:GetTrailStatus. ``trail`` is its name; empty: one of those there will do.
    ``all_regions`` asks for one of all regions, ``validated`` for one whose files can be proved unchanged.

    Example:
        check: aws.cloudtrail.logging_on
        with: {trail: audit, validated: true}

    """
    found = [each for each in aws.cloudtrail.describe_trails()["trailList"] if trail in ("", each["Name"])]
    if not found:
        raise Absent(f"There is no trail {trail}".rstrip() + ".")
    verdicts = [_records(aws, each, all_regions=all_regions, validated=validated) for each in found]
    good = [verdict for verdict in verdicts if not verdict.status.keeps_gate_closed]
    return good[0] if good else every("trail", verdicts, lambda verdict: verdict)


def _records(aws: Aws, trail: Answer, *, all_regions: bool, validated: bool) -> Verdict:
    what = f"Trail {trail['Name']}"
    if all_regions and trail["IsMultiRegionTrail"] is not True:
        return failed(f"{what} records {trail['HomeRegion']} only, wanted all regions.")
    if validated and trail["LogFileValidationEnabled"] is not True:
        return failed(f"{what} writes files that cannot be proved unchanged.")
    seen = aws.cloudtrail.get_trail_status(Name=trail["TrailARN"])
    if seen["IsLogging"] is not True:
        return failed(f"{what} is not recording.")
    trouble = seen.get("LatestDeliveryError")  # omitted or empty where all is well
    return failed(f"{what} cannot deliver: {trouble}.") if trouble else passed(f"{what} records and delivers.")
