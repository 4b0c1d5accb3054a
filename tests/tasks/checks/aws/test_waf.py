from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

RESOURCES, REST, BALANCER, DISTRIBUTION = (
    f"aws.waf.{name}"
    for name in ("resources_protected", "rest_api_protected", "load_balancer_protected", "distribution_protected")
)
POOL = "arn:aws:cognito-idp:us-east-1:1:userpool/1"
LB_ARN = "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/1"
ARNS = {"resources": [POOL]}
API = {"api": "flow", "stage": "prod"}
LB = {"load_balancer": "app"}
CDN = {"distribution": "E1"}
BLOCKS = {"Name": "block-bots", "Action": {"Block": {}}}
GROUP = {"Name": "common", "OverrideAction": {"None": {}}}
COUNTS = {"Name": "watch", "Action": {"Count": {}}}
COUNTED_GROUP = {"Name": "common", "OverrideAction": {"Count": {}}}
FLOW = {"apigateway.get_rest_apis": {"items": [{"name": "flow", "id": "a1"}]}}
APP = {"elbv2.describe_load_balancers": {"LoadBalancers": [{"LoadBalancerName": "app", "LoadBalancerArn": LB_ARN}]}}
UNREAD = {"wafv2.get_web_acl_for_resource": DENIED}


def acl(*rules: dict[str, Any]) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        assert asked["ResourceArn"] in (POOL, LB_ARN, "arn:aws:apigateway:us-east-1::/restapis/a1/stages/prod")
        return {"WebACL": {"Name": "shield", "Rules": list(rules)}}

    return {"wafv2.get_web_acl_for_resource": found}


def distribution(arn: str, *rules: dict[str, Any]) -> dict[str, Any]:
    def found(**asked: Any) -> dict[str, Any]:
        assert asked == {"Name": "shield", "Id": "1", "Scope": "CLOUDFRONT"}
        return {"WebACL": {"Name": "shield", "Rules": list(rules)}}

    items = [{"Id": "E1", "DomainName": "d1", "WebACLId": arn}]
    return {"cloudfront.list_distributions": {"DistributionList": {"Items": items}}, "wafv2.get_web_acl": found}


NO_ACL: dict[str, Any] = {"wafv2.get_web_acl_for_resource": {}}
SHIELD = "arn:aws:wafv2:us-east-1:1:global/webacl/shield/1"
CASES = [
    Case("a rule that blocks", RESOURCES, ARNS, Status.PASSED, "block-bots in force", acl(BLOCKS, COUNTS)),
    Case("a managed group", RESOURCES, ARNS, Status.PASSED, "common in force", acl(GROUP)),
    Case("rules that count", RESOURCES, ARNS, Status.FAILED, "2 rules and none", acl(COUNTS, COUNTED_GROUP)),
    Case("no rule", RESOURCES, ARNS, Status.FAILED, "0 rules", acl()),
    Case("no ACL", RESOURCES, ARNS, Status.FAILED, "No web ACL stands", NO_ACL),
    Case("no such resource", RESOURCES, ARNS, Status.UNKNOWN, "WAFNonexistentItem",
         {"wafv2.get_web_acl_for_resource": aws_error("WAFNonexistentItemException")}),
    Case("none named", RESOURCES, {"resources": []}, Status.UNKNOWN, "nothing could be judged", NO_ACL),
    Case("denied", RESOURCES, ARNS, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("protected", REST, API, Status.PASSED, "stage prod of API flow", FLOW | acl(BLOCKS)),
    Case("no ACL", REST, API, Status.FAILED, "No web ACL stands", FLOW | NO_ACL),
    Case("no API", REST, API, Status.FAILED, "no REST API named", {"apigateway.get_rest_apis": {"items": []}}),
    Case("denied", REST, API, Status.UNKNOWN, "AccessDenied", FLOW | UNREAD),
    Case("protected", BALANCER, LB, Status.PASSED, "load balancer app", APP | acl(BLOCKS)),
    Case("no ACL", BALANCER, LB, Status.FAILED, "No web ACL stands", APP | NO_ACL),
    Case("no load balancer", BALANCER, LB, Status.FAILED, "LoadBalancerNotFound",
         {"elbv2.describe_load_balancers": aws_error("LoadBalancerNotFound")}),
    Case("denied", BALANCER, LB, Status.UNKNOWN, "AccessDenied", APP | UNREAD),
    Case("protected", DISTRIBUTION, CDN, Status.PASSED, "distribution E1", distribution(SHIELD, BLOCKS)),
    Case("only counts", DISTRIBUTION, CDN, Status.FAILED, "1 rules and none", distribution(SHIELD, COUNTS)),
    Case("no ACL", DISTRIBUTION, CDN, Status.FAILED, "No web ACL stands", distribution("")),
    Case("denied", DISTRIBUTION, CDN, Status.UNKNOWN, "AccessDenied", distribution(SHIELD) | {"wafv2.get_web_acl": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
