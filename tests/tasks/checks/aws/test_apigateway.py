from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

EXISTS, PROTOCOL, ROUTE, AUTHORIZER, AUTHORIZED, STAGE, THROTTLING = (
    f"aws.apigateway.{name}"
    for name in (
        "api_exists", "protocol", "route_configured", "authorizer_configured", "route_authorized", "stage_deployed",
        "throttling_configured",
    )
)  # fmt: skip
API = {"ApiId": "a1", "Name": "sessions", "ProtocolType": "WEBSOCKET", "ApiEndpoint": "wss://a1.example.com"}
CONNECT = {"RouteKey": "$connect", "Target": "integrations/i1", "AuthorizationType": "CUSTOM", "AuthorizerId": "z1"}
LIMITS = {"ThrottlingRateLimit": 1000.0, "ThrottlingBurstLimit": 500}
NAMED = {"api": "sessions"}
ON_ROUTE, ON_STAGE = NAMED | {"route": "$connect"}, NAMED | {"stage": "prod"}
NO_STAGE = aws_error("NotFoundException", "Stage 'prod' not found", 404)


def items(*found: dict[str, Any]) -> dict[str, Any]:
    return {"Items": list(found)}


TOKENS = {"AuthorizerId": "z1", "Name": "tokens", "AuthorizerType": "REQUEST", "AuthorizerUri": "arn"}
HEALTHY: dict[str, Any] = {
    "apigatewayv2.get_apis": items(API),
    "apigatewayv2.get_routes": items(CONNECT),
    "apigatewayv2.get_integrations": items({"IntegrationId": "i1", "IntegrationUri": "arn:aws:lambda:connect"}),
    "apigatewayv2.get_authorizers": items(TOKENS),
    "apigatewayv2.get_stage": {"DeploymentId": "d1", "DefaultRouteSettings": LIMITS},
}


def but(operation: str, answer: Any) -> dict[str, Any]:
    return HEALTHY | {f"apigatewayv2.{operation}": answer}


def limits(rate: float, burst: int) -> dict[str, Any]:
    return but("get_stage", {"DefaultRouteSettings": {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst}})


NO_API, TWO_APIS, UNREAD = but("get_apis", items()), but("get_apis", items(API, API)), but("get_apis", DENIED)
JWT = but("get_authorizers", items(TOKENS | {"AuthorizerType": "JWT"}))
WANTS_WEBSOCKET, WANTS_HTTP = NAMED | {"protocol": "WEBSOCKET"}, NAMED | {"protocol": "HTTP"}
WANTS_1000, WANTS_2000 = ON_STAGE | {"rate": 1000, "burst": 500}, ON_STAGE | {"rate": 2000}
IAM = but("get_routes", items({"RouteKey": "$connect", "AuthorizationType": "AWS_IAM"}))

CASES = [
    Case("there", EXISTS, NAMED, Status.PASSED, "exists as a1 at wss:", HEALTHY),
    Case("empty account", EXISTS, NAMED, Status.FAILED, "no API named", NO_API),
    Case("twice", EXISTS, NAMED, Status.UNKNOWN, "2 APIs named", TWO_APIS),
    Case("denied", EXISTS, NAMED, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("as wished", PROTOCOL, WANTS_WEBSOCKET, Status.PASSED, "'WEBSOCKET'", HEALTHY),
    Case("another", PROTOCOL, WANTS_HTTP, Status.FAILED, "'WEBSOCKET', wanted 'HTTP'", HEALTHY),
    Case("not there", PROTOCOL, WANTS_HTTP, Status.FAILED, "no API named", NO_API),
    Case("denied", PROTOCOL, WANTS_HTTP, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("leads to a function", ROUTE, ON_ROUTE, Status.PASSED, "leads to arn:aws:lambda:connect", HEALTHY),
    Case("not there", ROUTE, NAMED | {"route": "heartbeat"}, Status.FAILED, "named 'heartbeat'", HEALTHY),
    Case("leads nowhere", ROUTE, ON_ROUTE, Status.FAILED, "no integration", but("get_routes", items({"RouteKey": "$connect"}))),
    Case("its integration is gone", ROUTE, ON_ROUTE, Status.FAILED, "does not exist", but("get_integrations", items())),
    Case("API is not there", ROUTE, ON_ROUTE, Status.FAILED, "no API named", NO_API),
    Case("denied", ROUTE, ON_ROUTE, Status.UNKNOWN, "AccessDenied", but("get_routes", DENIED)),
    Case("there", AUTHORIZER, NAMED, Status.PASSED, "REQUEST authorizer tokens", HEALTHY),
    Case("none", AUTHORIZER, NAMED, Status.FAILED, "no authorizer at all", but("get_authorizers", items())),
    Case("of another type", AUTHORIZER, NAMED, Status.FAILED, "but only tokens", JWT),
    Case("asks no function", AUTHORIZER, NAMED, Status.FAILED, "asks no function",
         but("get_authorizers", items(TOKENS | {"AuthorizerUri": ""}))),
    Case("a JWT one as wished", AUTHORIZER, NAMED | {"authorizer_type": "JWT"}, Status.PASSED, "JWT authorizer", JWT),
    Case("denied", AUTHORIZER, NAMED, Status.UNKNOWN, "AccessDenied", but("get_authorizers", DENIED)),
    Case("attached", AUTHORIZED, ON_ROUTE, Status.PASSED, "asks authorizer tokens", HEALTHY),
    Case("open to all", AUTHORIZED, ON_ROUTE, Status.FAILED, "is NONE, wanted CUSTOM",
         but("get_routes", items(CONNECT | {"AuthorizationType": "NONE"}))),
    Case("its authorizer is gone", AUTHORIZED, ON_ROUTE, Status.FAILED, "does not exist", but("get_authorizers", items())),
    Case("by AWS_IAM as wished", AUTHORIZED, ON_ROUTE | {"authorization": "AWS_IAM"}, Status.PASSED, "AWS_IAM", IAM),
    Case("denied", AUTHORIZED, ON_ROUTE, Status.UNKNOWN, "AccessDenied", but("get_routes", DENIED)),
    Case("a deployment stands on it", STAGE, ON_STAGE, Status.PASSED, "deployment d1", HEALTHY),
    Case("deploys by itself", STAGE, ON_STAGE, Status.PASSED, "by itself", but("get_stage", {"AutoDeploy": True})),
    Case("nothing deployed", STAGE, ON_STAGE, Status.FAILED, "has no deployment", but("get_stage", {"AutoDeploy": False})),
    Case("last deployment failed", STAGE, ON_STAGE, Status.FAILED, "went wrong",
         but("get_stage", {"AutoDeploy": True, "LastDeploymentStatusMessage": "Deployment attempt failed: no route"})),
    Case("not there", STAGE, ON_STAGE, Status.FAILED, "'prod' not found", but("get_stage", NO_STAGE)),
    Case("denied", STAGE, ON_STAGE, Status.UNKNOWN, "AccessDenied", but("get_stage", DENIED)),
    Case("limited", THROTTLING, ON_STAGE, Status.PASSED, "1000 requests/s, burst 500", HEALTHY),
    Case("limited as wished", THROTTLING, WANTS_1000, Status.PASSED, "1000 requests/s, burst 500", HEALTHY),
    Case("limited otherwise", THROTTLING, WANTS_2000, Status.FAILED, "wanted 2000 requests/s", HEALTHY),
    Case("the lowest limit there is", THROTTLING, ON_STAGE, Status.PASSED, "0.01 requests/s, burst 1", limits(0.01, 1)),
    Case("zero", THROTTLING, ON_STAGE, Status.FAILED, "not limited", limits(0, 0)),
    Case("rate without burst", THROTTLING, ON_STAGE, Status.FAILED, "not limited", limits(1000, 0)),
    Case("no settings", THROTTLING, ON_STAGE, Status.FAILED, "not limited", but("get_stage", {})),
    Case("not there", THROTTLING, ON_STAGE, Status.FAILED, "not found", but("get_stage", NO_STAGE)),
    Case("denied", THROTTLING, ON_STAGE, Status.UNKNOWN, "AccessDenied", but("get_stage", DENIED)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
