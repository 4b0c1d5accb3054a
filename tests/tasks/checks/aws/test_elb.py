from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

ACTIVE, TARGETS, HTTPS = (f"aws.elb.{name}" for name in ("active", "targets_healthy", "https_only"))
APPS = {"load_balancers": ["app"]}
APP = {"load_balancer": "app"}
GONE = {"elbv2.describe_load_balancers": aws_error("LoadBalancerNotFound", "Load balancers '[app]' not found")}
UNREAD = {"elbv2.describe_load_balancers": DENIED}
TLS = {"Port": 443, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06", "DefaultActions": []}
REDIRECT = {"Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}]}
PLAIN = {"Port": 80, "Protocol": "HTTP", "DefaultActions": [{"Type": "forward"}]}


def balancer(state: str = "active", zones: int = 2) -> dict[str, Any]:
    found = {
        "LoadBalancerName": "app", "LoadBalancerArn": "arn", "DNSName": "app.elb", "State": {"Code": state},
        "AvailabilityZones": [{}] * zones,
    }  # fmt: skip
    return {"elbv2.describe_load_balancers": {"LoadBalancers": [found]}}


def targets(*states: str) -> dict[str, Any]:
    found = [{"Target": {"Id": f"i-{place}"}, "TargetHealth": {"State": state}} for place, state in enumerate(states)]
    return balancer() | {
        "elbv2.describe_target_groups": {"TargetGroups": [{"TargetGroupArn": "tg", "TargetGroupName": "web"}]},
        "elbv2.describe_target_health": {"TargetHealthDescriptions": found},
    }


def listeners(*found: dict[str, Any]) -> dict[str, Any]:
    return balancer() | {"elbv2.describe_listeners": {"Listeners": list(found)}}


CASES = [
    Case("active", ACTIVE, APPS, Status.PASSED, "is 2", balancer()),
    Case("in one zone", ACTIVE, APPS, Status.FAILED, "wanted at least 2", balancer(zones=1)),
    Case("being made", ACTIVE, APPS, Status.FAILED, "provisioning", balancer("provisioning")),
    Case("not there", ACTIVE, APPS, Status.FAILED, "not found", GONE),
    Case("none named", ACTIVE, {"load_balancers": []}, Status.UNKNOWN, "nothing could be judged", GONE),
    Case("denied", ACTIVE, APPS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("healthy", TARGETS, APP, Status.PASSED, "is 2", targets("healthy", "healthy", "draining")),
    Case("one is not", TARGETS, APP, Status.FAILED, "i-1 unhealthy", targets("healthy", "unhealthy")),
    Case("too few", TARGETS, APP | {"healthy": 3}, Status.FAILED, "wanted at least 3", targets("healthy", "healthy")),
    Case("no target", TARGETS, APP, Status.FAILED, "is 0", targets()),
    Case("no group", TARGETS, APP, Status.UNKNOWN, "nothing could be judged",
         balancer() | {"elbv2.describe_target_groups": {"TargetGroups": []}}),
    Case("denied", TARGETS, APP, Status.UNKNOWN, "AccessDenied", targets() | {"elbv2.describe_target_health": DENIED}),
    Case("TLS and a redirect", HTTPS, APP, Status.PASSED, "sends on to HTTPS", listeners(TLS, REDIRECT)),
    Case("plain beside it", HTTPS, APP, Status.FAILED, "serves without TLS", listeners(TLS, PLAIN)),
    Case("plain only", HTTPS, APP, Status.FAILED, "No listener", listeners(PLAIN)),
    Case("old policy", HTTPS, APP, Status.FAILED, "has ELBSecurityPolicy-2016-08",
         listeners(TLS | {"SslPolicy": "ELBSecurityPolicy-2016-08"})),
    Case("no listener", HTTPS, APP, Status.UNKNOWN, "nothing could be judged", listeners()),
    Case("denied", HTTPS, APP, Status.UNKNOWN, "AccessDenied", balancer() | {"elbv2.describe_listeners": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
