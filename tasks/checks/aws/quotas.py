"""Service quotas: enough allowed, and enough of it left."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer
from tasks.core.judges import at_least, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, unknown

_READS = ("servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota")
_REMEDY = "aws service-quotas request-service-quota-increase --service-code <service> --quota-code <code> --desired-value <n>"


@check(permissions=_READS, remedy=_REMEDY)
def granted(aws: Aws, *, quotas: dict[str, int]) -> Verdict:
    """AWS allows the account as much as the release needs.

    A quota that is too small shows when the last of the new things cannot be made; a raise takes days.
    Reads servicequotas:GetServiceQuota, and the default where the account has no quota of its own. ``quotas`` maps
    ``service/code`` to the smallest value.

    Example:
        check: aws.quotas.granted
        with: {quotas: {eks/L-1194D53C: 5, rds/L-7B6409FD: 10}}

    """

    def enough(pair: tuple[str, int]) -> Verdict:
        found = _quota(aws, pair[0])
        return at_least(f"Quota {found['QuotaName']} ({pair[0]})", found["Value"], pair[1])

    return every("quota", quotas.items(), enough)


@check(permissions=(*_READS, "cloudwatch:GetMetricStatistics"), remedy=_REMEDY)
def headroom(aws: Aws, *, quotas: dict[str, int], hours: float = 24) -> Verdict:
    """Enough of every quota is left.

    Reads servicequotas:GetServiceQuota and the most that was used in the last ``hours``, from CloudWatch. ``quotas`` maps
    ``service/code`` to how much must be free. A quota whose use AWS does not measure is unknown: use ``granted``.

    Example:
        check: aws.quotas.headroom
        with: {quotas: {ec2/L-1216C47A: 32}}

    """

    def free(pair: tuple[str, int]) -> Verdict:
        found = _quota(aws, pair[0])
        what = f"What is left of quota {found['QuotaName']} ({pair[0]}) of {found['Value']:g}"
        if not found.get("UsageMetric"):
            return unknown(f"{what} is not measured by AWS.")
        used = _most_used(aws, found["UsageMetric"], hours)
        return at_least(what, None if used is None else found["Value"] - used, pair[1])

    return every("quota", quotas.items(), free)


def _quota(aws: Aws, name: str) -> Answer:
    service, _, code = name.partition("/")
    asked = {"ServiceCode": service, "QuotaCode": code}
    own = aws.service_quotas.get_service_quota.or_none(**asked)
    quota: Answer = (own or aws.service_quotas.get_aws_default_service_quota(**asked))["Quota"]
    return quota


def _most_used(aws: Aws, metric: Answer, hours: float) -> float | None:
    found = aws.cloudwatch.get_metric_statistics(
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()],
        StartTime=aws.now - timedelta(hours=hours),
        EndTime=aws.now,
        Period=3600,
        Statistics=["Maximum"],
    )["Datapoints"]
    return max((float(each["Maximum"]) for each in found), default=None)
