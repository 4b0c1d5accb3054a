"""Application Auto Scaling: what grows by itself, and whether it did."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_READS = ("application-autoscaling:DescribeScalableTargets", "application-autoscaling:DescribeScalingPolicies")
_REMEDY = "aws application-autoscaling register-scalable-target --service-namespace <service> --resource-id <resource> …"
_BROKEN = ("Failed", "Unfulfilled", "Overridden")


@check(permissions=_READS, remedy=_REMEDY)
def targets_scale(aws: Aws, *, service: str, resources: list[str], at_least_most: int = 1) -> Verdict:
    """Every resource is registered for scaling, has a policy, and may grow large enough.

    Reads application-autoscaling:DescribeScalableTargets and DescribeScalingPolicies. ``service`` is ecs, dynamodb, lambda,
    rds, …; ``resources`` are IDs such as ``service/prod/api``; ``at_least_most`` is the smallest maximum that will do.

    Example:
        check: aws.scaling.targets_scale
        with: {service: ecs, resources: [service/prod/api], at_least_most: 6}

    """
    return every("resource", resources, lambda each: _scales(aws, service, each, at_least_most))


@check(permissions=(*_READS, "dynamodb:DescribeTable"), remedy=_REMEDY)
def tables_scale(aws: Aws, *, tables: list[str]) -> Verdict:
    """The capacity of every table grows and shrinks by itself, for reads and for writes.

    A table of fixed capacity refuses what exceeds it. One that is billed on demand needs no scaling.
    Reads dynamodb:DescribeTable, application-autoscaling:DescribeScalableTargets and DescribeScalingPolicies.

    Example:
        check: aws.scaling.tables_scale
        with: {tables: [Orders-prod]}

    """

    def scales(name: str) -> Verdict:
        summary = aws.dynamodb.describe_table(TableName=name)["Table"].get("BillingModeSummary", {})
        if summary.get("BillingMode") == "PAY_PER_REQUEST":
            return passed(f"Table {name} is billed on demand and needs no scaling.")
        return _scales(aws, "dynamodb", f"table/{name}", 1, ("ReadCapacityUnits", "WriteCapacityUnits"))

    return every("table", tables, scales)


@check(
    permissions=("application-autoscaling:DescribeScalingActivities",),
    remedy="aws application-autoscaling describe-scaling-activities --service-namespace <service>",
)
def activities_succeeded(
    aws: Aws, *, service: str, hours: float = 24, resource: str = "", allow_empty: bool = False
) -> Verdict:
    """What scaled in the last hours did so without a failure.

    Reads application-autoscaling:DescribeScalingActivities. ``service`` is ecs, dynamodb, lambda, …; ``resource`` narrows to
    one resource ID. No activity is unknown unless ``allow_empty``: nothing shows that scaling works before it was needed.

    Example:
        check: aws.scaling.activities_succeeded
        with: {service: dynamodb, hours: 4}

    """
    narrowed = {"ResourceId": resource} if resource else {}
    found = aws.application_autoscaling.describe_scaling_activities(ServiceNamespace=service, **narrowed)
    recent = [each for each in found["ScalingActivities"] if each["StartTime"] >= aws.now - timedelta(hours=hours)]
    what = f"scaling activities of {service} in the last {hours:g} hours"
    broken = [f"{each['ResourceId']}: {each.get('StatusMessage') or each['StatusCode']}" for each in recent if _broke(each)]
    if broken:
        return failed(f"{len(broken)} of {len(recent)} {what} failed: {listed(broken)}.")
    if not recent and not allow_empty:
        return unknown(f"There were no {what}, so nothing shows that it works.")
    shown = listed(dict.fromkeys(str(each["Description"]) for each in recent))
    return passed(f"{len(recent)} {what}, none failed{f': {shown}' if shown else ''}.")


def _scales(aws: Aws, service: str, resource: str, most: int, dimensions: tuple[str, ...] = ()) -> Verdict:
    asked = {"ServiceNamespace": service}
    targets = aws.application_autoscaling.describe_scalable_targets(**asked, ResourceIds=[resource])["ScalableTargets"]
    policies = aws.application_autoscaling.describe_scaling_policies(**asked, ResourceId=resource)["ScalingPolicies"]
    registered = {str(each["ScalableDimension"]).rpartition(":")[2] for each in targets}
    governed = {str(each["ScalableDimension"]).rpartition(":")[2] for each in policies}
    missing = [each for each in dimensions or tuple(registered) if each not in registered & governed]
    if not registered or missing:
        return failed(f"{resource} of {service} does not scale{f' its {listed(missing)}' if missing else ''}.")
    return at_least(f"The maximum that {resource} may grow to", min(int(each["MaxCapacity"]) for each in targets), most)


def _broke(activity: Answer) -> bool:
    return activity["StatusCode"] in _BROKEN
