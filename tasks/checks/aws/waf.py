"""WAF: web ACLs that stand before what the public reaches, with rules that do more than count."""

from __future__ import annotations

from tasks.checks.aws.cloudfront import found_distribution
from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import every, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("wafv2:GetWebACLForResource", "wafv2:GetWebACL")
_REMEDY = "aws wafv2 associate-web-acl --web-acl-arn <arn> --resource-arn <arn>"
_GLOBAL = "us-east-1"  # CloudFront's web ACLs live there, whatever the region of all else


@check(permissions=_READS, remedy=_REMEDY)
def resources_protected(aws: Aws, *, resources: list[str]) -> Verdict:
    """A web ACL with rules in force stands before every resource.

    Without one each request of the public reaches the application.
    Reads wafv2:GetWebACLForResource once a resource. ``resources`` are ARNs of load balancers, API stages or user pools; rules
    that only count requests are not in force.

    Example:
        check: aws.waf.resources_protected
        with: {resources: ["arn:aws:apigateway:us-east-1::/restapis/a1b2c3/stages/prod"]}

    """
    return every("resource", resources, lambda arn: _protected(aws, arn, arn))


@check(permissions=(*_READS, "apigateway:GET"), remedy=_REMEDY)
def rest_api_protected(aws: Aws, *, api: str, stage: str) -> Verdict:
    """A web ACL with rules in force stands before the stage of the REST API.

    Without one each request of the public reaches the application.
    Reads apigateway GetRestApis and wafv2:GetWebACLForResource. ``api`` is the API's name. HTTP and WebSocket APIs cannot have
    one: put CloudFront before them.

    Example:
        check: aws.waf.rest_api_protected
        with: {api: workflow-api-prod, stage: prod}

    """
    identifier = only("REST API", aws.apigateway.get_rest_apis()["items"], "name", api)["id"]
    arn = f"arn:aws:apigateway:{aws.region}::/restapis/{identifier}/stages/{stage}"
    return _protected(aws, arn, f"stage {stage} of API {api}")


@check(permissions=(*_READS, "elasticloadbalancing:DescribeLoadBalancers"), remedy=_REMEDY)
def load_balancer_protected(aws: Aws, *, load_balancer: str) -> Verdict:
    """A web ACL with rules in force stands before the load balancer.

    Without one each request of the public reaches the application.
    Reads elasticloadbalancing:DescribeLoadBalancers and wafv2:GetWebACLForResource. ``load_balancer`` is its name.

    Example:
        check: aws.waf.load_balancer_protected
        with: {load_balancer: app-prod}

    """
    found = aws.elbv2.describe_load_balancers(Names=[load_balancer])["LoadBalancers"]
    arn = only("load balancer", found, "LoadBalancerName", load_balancer)["LoadBalancerArn"]
    return _protected(aws, arn, f"load balancer {load_balancer}")


@check(
    permissions=("cloudfront:ListDistributions", "wafv2:GetWebACL"),
    remedy="aws cloudfront update-distribution --id <id> --distribution-config … (WebACLId)",
)
def distribution_protected(aws: Aws, *, distribution: str) -> Verdict:
    """A web ACL with rules in force stands before the distribution.

    Without one each request of the public reaches the application.
    Reads cloudfront:ListDistributions and wafv2:GetWebACL. ``distribution`` is an ID, an alias or a ``….cloudfront.net`` name.

    Example:
        check: aws.waf.distribution_protected
        with: {distribution: app.example.com}

    """
    arn = str(found_distribution(aws, distribution).get("WebACLId") or "")  # empty where there is none
    if not arn:
        return failed(f"No web ACL stands before distribution {distribution}.")
    name, identifier = arn.split("/")[-2:]
    found = aws.in_region(_GLOBAL).wafv2.get_web_acl(Name=name, Id=identifier, Scope="CLOUDFRONT")["WebACL"]
    return _armed(found, f"distribution {distribution}")


def _protected(aws: Aws, arn: str, what: str) -> Verdict:
    found = aws.wafv2.get_web_acl_for_resource(ResourceArn=arn).get("WebACL")  # omitted where there is none
    return _armed(found, what) if found else failed(f"No web ACL stands before {what}.")


def _armed(acl: Answer, what: str) -> Verdict:
    rules = acl["Rules"]
    armed = [str(each["Name"]) for each in rules if _acts(each)]
    if not armed:
        return failed(f"Web ACL {acl['Name']} before {what} has {len(rules)} rules and none that does more than count.")
    return passed(f"Web ACL {acl['Name']} stands before {what} with {listed(armed)} in force.")


def _acts(rule: Answer) -> bool:
    """A rule has an action of its own, or leaves a group's actions as they are unless it overrides them to count."""
    action: Answer = rule.get("Action") or rule.get("OverrideAction") or Answer()
    return bool(action) and "Count" not in action
