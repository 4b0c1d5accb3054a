"""Load balancers: working, in several zones, over TLS, with targets that answer."""

from __future__ import annotations

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import at_least, every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("elasticloadbalancing:DescribeLoadBalancers",)
_SAFE = "ELBSecurityPolicy-TLS13-"


@check(permissions=_READS, remedy="aws elbv2 describe-load-balancers --names <load balancer>")
def active(aws: Aws, *, load_balancers: list[str], zones: int = 2) -> Verdict:
    """Every load balancer is active and stands in several availability zones.

    One that stands in a single zone falls with it.
    Reads elasticloadbalancing:DescribeLoadBalancers once a load balancer, by name. Facts: load_balancer_dns.

    Example:
        check: aws.elb.active
        with: {load_balancers: [app-prod], zones: 2}

    """

    def ready(name: str) -> Verdict:
        seen = _load_balancer(aws, name)
        if seen["State"]["Code"] != "active":
            return failed(f"Load balancer {name} is {seen['State']['Code']}, wanted active.")
        verdict = at_least(f"The number of zones of load balancer {name}", len(seen["AvailabilityZones"]), zones)
        return Verdict(verdict.status, verdict.summary, facts={"load_balancer_dns": str(seen["DNSName"])})

    return every("load balancer", load_balancers, ready)


@check(
    permissions=(*_READS, "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTargetHealth"),
    remedy="aws elbv2 describe-target-health --target-group-arn <arn>",
)
def targets_healthy(aws: Aws, *, load_balancer: str, healthy: int = 1) -> Verdict:
    """Every target group of the load balancer has enough healthy targets and none that is not.

    A target that fails its health check serves nobody; the others carry its load.
    Reads elasticloadbalancing:DescribeTargetGroups and DescribeTargetHealth. Targets that are being taken out do not count.

    Example:
        check: aws.elb.targets_healthy
        with: {load_balancer: app-prod, healthy: 3}

    """
    arn = _load_balancer(aws, load_balancer)["LoadBalancerArn"]

    def well(group: Answer) -> Verdict:
        found = aws.elbv2.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        states = {str(each["Target"]["Id"]): str(each["TargetHealth"]["State"]) for each in found}
        sick = [f"{target} {state}" for target, state in states.items() if state not in ("healthy", "draining")]
        if sick:
            return failed(f"Target group {group['TargetGroupName']} has {listed(sick)}.")
        return at_least(f"Healthy targets of {group['TargetGroupName']}", list(states.values()).count("healthy"), healthy)

    return every("target group", aws.elbv2.describe_target_groups(LoadBalancerArn=arn)["TargetGroups"], well)


@check(
    permissions=(*_READS, "elasticloadbalancing:DescribeListeners"),
    remedy="aws elbv2 modify-listener --listener-arn <arn> --ssl-policy <policy>",
)
def https_only(aws: Aws, *, load_balancer: str, policy: str = _SAFE) -> Verdict:
    """The load balancer serves over TLS, and its plain listeners only send on to it.

    Reads elasticloadbalancing:DescribeListeners. ``policy`` is the beginning of the accepted security policies' names.

    Example:
        check: aws.elb.https_only
        with: {load_balancer: app-prod}

    """
    arn = _load_balancer(aws, load_balancer)["LoadBalancerArn"]
    listeners = aws.elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    if listeners and not any(each["Protocol"] in ("HTTPS", "TLS") for each in listeners):
        return failed(f"No listener of load balancer {load_balancer} serves over TLS.")

    def safe(listener: Answer) -> Verdict:
        what = f"Listener {listener['Port']} of load balancer {load_balancer}"
        if listener["Protocol"] in ("HTTPS", "TLS"):
            seen = str(listener["SslPolicy"])
            return passed(f"{what} has {seen}.") if seen.startswith(policy) else failed(f"{what} has {seen}, wanted {policy}….")
        sends_on = [
            each["Type"] == "redirect" and each["RedirectConfig"]["Protocol"] == "HTTPS" for each in listener["DefaultActions"]
        ]
        return passed(f"{what} sends on to HTTPS.") if any(sends_on) else failed(f"{what} serves without TLS.")

    return every("listener", listeners, safe)


def _load_balancer(aws: Aws, name: str) -> Answer:
    found: Answer = only(
        "load balancer", aws.elbv2.describe_load_balancers(Names=[name])["LoadBalancers"], "LoadBalancerName", name
    )
    return found
