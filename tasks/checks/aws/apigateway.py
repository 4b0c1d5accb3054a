"""API Gateway HTTP and WebSocket APIs, found by name: routes, authorizers, stages."""

from __future__ import annotations

from typing import Literal

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import equal, listed
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("apigateway:GET",)


@check(permissions=_READS, remedy="aws apigatewayv2 get-apis --query Items[].Name")
def api_exists(aws: Aws, *, api: str) -> Verdict:
    """The API exists.

    Names of APIs are not unique: two of the same name are unknown, not passed.
    Reads apigatewayv2 GetApis. ``api`` is the API's name. Facts: api_id, api_endpoint.

    Example:
        check: aws.apigateway.api_exists
        with: {api: session-websocket-api-prod}

    """
    found = _api(aws, api)
    facts = {"api_id": str(found["ApiId"]), "api_endpoint": str(found["ApiEndpoint"])}
    return passed(f"API {api} exists as {found['ApiId']} at {found['ApiEndpoint']}.", facts)


@check(permissions=_READS, remedy="aws apigatewayv2 get-apis --query Items[].[Name,ProtocolType]")
def protocol(aws: Aws, *, api: str, protocol: Literal["WEBSOCKET", "HTTP"]) -> Verdict:
    """The API speaks the wished protocol.

    The protocol of an API cannot be changed: a wrong one means a new API and a new address.
    Reads apigatewayv2 GetApis. ``api`` is the API's name.

    Example:
        check: aws.apigateway.protocol
        with: {api: session-websocket-api-prod, protocol: WEBSOCKET}

    """
    return equal(f"Protocol of API {api}", _api(aws, api)["ProtocolType"], protocol)


@check(permissions=_READS, remedy="aws apigatewayv2 get-routes --api-id <api id>")
def route_configured(aws: Aws, *, api: str, route: str) -> Verdict:
    """The route exists and leads to an integration that exists.

    A route without a target answers every message with an error.
    Reads apigatewayv2 GetApis, GetRoutes and GetIntegrations. ``api`` is the API's name, ``route`` the route's key.

    Example:
        check: aws.apigateway.route_configured
        with: {api: session-websocket-api-prod, route: $connect}

    """
    identifier = _api(aws, api)["ApiId"]
    target = str(_route(aws, identifier, api, route).get("Target") or "")
    integrations = aws.apigatewayv2.get_integrations(ApiId=identifier)["Items"]
    if not target:
        return failed(f"Route {route} of API {api} has no integration as its target.")
    found = [each for each in integrations if target == f"integrations/{each['IntegrationId']}"]
    if not found:
        return failed(f"Route {route} of API {api} leads to {target}, which does not exist.")
    return passed(f"Route {route} of API {api} leads to {found[0].get('IntegrationUri') or target}.")


@check(permissions=_READS, remedy="aws apigatewayv2 get-authorizers --api-id <api id>")
def authorizer_configured(aws: Aws, *, api: str, authorizer_type: Literal["REQUEST", "JWT"] = "REQUEST") -> Verdict:
    """The API has an authorizer of the wished type.

    It decides who may connect; REQUEST is one that asks a Lambda function.
    Reads apigatewayv2 GetApis and GetAuthorizers. ``api`` is the API's name.

    Example:
        check: aws.apigateway.authorizer_configured
        with: {api: session-websocket-api-prod}

    """
    every = _authorizers(aws, _api(aws, api)["ApiId"])
    found = [each for each in every if each["AuthorizerType"] == authorizer_type]
    if not found:
        others = f"only {listed(each['Name'] for each in every)}" if every else "no authorizer at all"
        return failed(f"API {api} has no {authorizer_type} authorizer, but {others}.")
    if authorizer_type == "REQUEST" and not all(each.get("AuthorizerUri") for each in found):
        return failed(f"An authorizer of API {api} asks no function: {listed(each['Name'] for each in found)}.")
    return passed(f"API {api} has the {authorizer_type} authorizer {listed(each['Name'] for each in found)}.")


@check(
    permissions=_READS,
    remedy="aws apigatewayv2 update-route --api-id <id> --route-id <id> --authorization-type CUSTOM --authorizer-id <id>",
)
def route_authorized(
    aws: Aws, *, api: str, route: str, authorization: Literal["CUSTOM", "JWT", "AWS_IAM"] = "CUSTOM"
) -> Verdict:
    """The route asks the wished kind of authorizer, and that authorizer exists.

    A route without one lets everybody in.
    Reads apigatewayv2 GetApis, GetRoutes and GetAuthorizers. ``authorization`` is CUSTOM for a Lambda authorizer.

    Example:
        check: aws.apigateway.route_authorized
        with: {api: session-websocket-api-prod, route: $connect}

    """
    identifier = _api(aws, api)["ApiId"]
    found = _route(aws, identifier, api, route)
    if found["AuthorizationType"] != authorization:
        return failed(f"Authorization of route {route} of API {api} is {found['AuthorizationType']}, wanted {authorization}.")
    if authorization == "AWS_IAM":
        return passed(f"Route {route} of API {api} is authorized by AWS_IAM.")
    names = {each["AuthorizerId"]: each["Name"] for each in _authorizers(aws, identifier)}
    if found["AuthorizerId"] not in names:
        return failed(f"Route {route} of API {api} asks authorizer {found['AuthorizerId']}, which does not exist.")
    return passed(f"Route {route} of API {api} asks authorizer {names[found['AuthorizerId']]}.")


@check(permissions=_READS, remedy="aws apigatewayv2 create-deployment --api-id <api id> --stage-name <stage>")
def stage_deployed(aws: Aws, *, api: str, stage: str) -> Verdict:
    """The stage exists and a deployment stands on it.

    Changes to an API reach nobody until they are deployed to the stage that clients use.
    Reads apigatewayv2 GetApis and GetStage. ``api`` is the API's name.

    Example:
        check: aws.apigateway.stage_deployed
        with: {api: session-websocket-api-prod, stage: prod}

    """
    found = aws.apigatewayv2.get_stage(ApiId=_api(aws, api)["ApiId"], StageName=stage)
    trouble = str(found.get("LastDeploymentStatusMessage") or "")
    if "fail" in trouble.lower():
        return failed(f"The last deployment of stage {stage} of API {api} went wrong: {trouble}")
    if found.get("DeploymentId"):
        return passed(f"Stage {stage} of API {api} carries deployment {found['DeploymentId']}.")
    if found.get("AutoDeploy"):
        return passed(f"Stage {stage} of API {api} deploys every change by itself.")
    return failed(f"Stage {stage} of API {api} has no deployment.")


@check(
    permissions=_READS,
    remedy="aws apigatewayv2 update-stage --api-id <id> --stage-name <stage> --default-route-settings ThrottlingRateLimit=…",
)
def throttling_configured(aws: Aws, *, api: str, stage: str, rate: float = 0, burst: int = 0) -> Verdict:
    """The stage limits how many requests come through.

    Without a limit of its own one client can use up what the whole account may.
    Reads apigatewayv2 GetApis and GetStage. ``rate`` is in requests a second, ``burst`` in requests; 0 accepts any limit.

    Example:
        check: aws.apigateway.throttling_configured
        with: {api: session-websocket-api-prod, stage: prod, rate: 1000, burst: 500}

    """
    settings = aws.apigatewayv2.get_stage(ApiId=_api(aws, api)["ApiId"], StageName=stage).get("DefaultRouteSettings", {})
    # API Gateway leaves unset limits out, or answers 0 for them.
    seen = (float(settings.get("ThrottlingRateLimit") or 0), int(settings.get("ThrottlingBurstLimit") or 0))
    what = f"Throttling of stage {stage} of API {api} is {seen[0]:g} requests/s, burst {seen[1]}"
    if not all(seen):
        return failed(f"{what}, so it is not limited.")
    if seen[0] != (rate or seen[0]) or seen[1] != (burst or seen[1]):
        return failed(f"{what}, wanted {rate or seen[0]:g} requests/s, burst {burst or seen[1]}.")
    return passed(f"{what}.")


def _api(aws: Aws, name: str) -> Answer:
    api: Answer = only("API", aws.apigatewayv2.get_apis()["Items"], "Name", name)
    return api


def _route(aws: Aws, identifier: str, api: str, key: str) -> Answer:
    routes = aws.apigatewayv2.get_routes(ApiId=identifier)["Items"]
    route: Answer = only(f"route of API {api}", routes, "RouteKey", key)
    return route


def _authorizers(aws: Aws, identifier: str) -> list[Answer]:
    authorizers: list[Answer] = aws.apigatewayv2.get_authorizers(ApiId=identifier)["Items"]
    return authorizers
