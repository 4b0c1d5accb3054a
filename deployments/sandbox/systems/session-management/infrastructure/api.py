"""The WebSocket API: routes, authorizer, stage, and the permissions that let it call the functions."""

from __future__ import annotations

from settings import Settings

Resource = dict[str, object]

STAGE = "prod"
ROUTES = {
    "$connect": "ConnectionHandler",
    "$disconnect": "DisconnectHandler",
    "heartbeat": "HeartbeatHandler",
    "refreshConnection": "RefreshHandler",
}
AUTHORIZED = ("$connect", "refreshConnection")
LOGICAL = {"$connect": "Connect", "$disconnect": "Disconnect", "heartbeat": "Heartbeat", "refreshConnection": "Refresh"}


def invocation_uri(settings: Settings, function: str) -> dict[str, str]:
    service = f"arn:aws:apigateway:{settings.region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": f"{service}/${{{function}.Arn}}/invocations"}


def integration(settings: Settings, function: str) -> Resource:
    return {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "IntegrationType": "AWS_PROXY",
            "IntegrationUri": invocation_uri(settings, function),
        },
    }


def route(key: str) -> Resource:
    properties: dict[str, object] = {
        "ApiId": {"Ref": "Api"},
        "RouteKey": key,
        "AuthorizationType": "NONE",
        "Target": {"Fn::Sub": f"integrations/${{{LOGICAL[key]}Integration}}"},
    }
    if key in AUTHORIZED:
        properties |= {"AuthorizationType": "CUSTOM", "AuthorizerId": {"Ref": "ConnectAuthorizer"}}
    return {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}


def permission(settings: Settings, function: str) -> Resource:
    source = f"arn:aws:execute-api:{settings.region}:{settings.account}:${{Api}}/*"
    return {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": {"Ref": function},
            "Action": "lambda:InvokeFunction",
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": {"Fn::Sub": source},
        },
    }


def stage(settings: Settings) -> Resource:
    throttling = {"ThrottlingRateLimit": settings.rate_limit, "ThrottlingBurstLimit": settings.burst_limit}
    return {
        "Type": "AWS::ApiGatewayV2::Stage",
        "Properties": {
            "ApiId": {"Ref": "Api"},
            "StageName": STAGE,
            "AutoDeploy": True,
            "DefaultRouteSettings": throttling,
        },
    }


def websocket_api(settings: Settings) -> dict[str, Resource]:
    resources: dict[str, Resource] = {
        "Api": {
            "Type": "AWS::ApiGatewayV2::Api",
            "Properties": {
                "Name": settings.name("session-websocket-api"),
                "ProtocolType": "WEBSOCKET",
                "RouteSelectionExpression": "$request.body.action",
            },
        },
        "ConnectAuthorizer": {
            "Type": "AWS::ApiGatewayV2::Authorizer",
            "Properties": {
                "ApiId": {"Ref": "Api"},
                "Name": settings.name("session-authorizer"),
                "AuthorizerType": "REQUEST",
                "AuthorizerUri": invocation_uri(settings, "Authorizer"),
                "IdentitySource": ["route.request.querystring.token"],
            },
        },
        "AuthorizerPermission": permission(settings, "Authorizer"),
        "Stage": stage(settings),
    }
    for key, function in ROUTES.items():
        resources[f"{LOGICAL[key]}Integration"] = integration(settings, function)
        resources[f"{LOGICAL[key]}Route"] = route(key)
        resources[f"{LOGICAL[key]}Permission"] = permission(settings, function)
    return resources
