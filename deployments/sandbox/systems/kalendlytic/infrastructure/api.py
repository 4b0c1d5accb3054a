"""The REST API: resources, methods, who may call, what is validated, the stage."""

from __future__ import annotations

import hashlib
import json

from functions import FUNCTIONS
from settings import Resource, Settings

WITH_BODY = ("POST", "PUT")
PUBLIC = ("GET /health",)
PATHS = {"/health": "HealthPath", "/events": "EventsPath", "/files": "FilesPath", "/invitations": "InvitationsPath"}
BELOW = {"/events/{id}": ("EventPath", "EventsPath", "{id}"), "/files/{name}": ("FilePath", "FilesPath", "{name}")}


def path(parent: object, part: str) -> Resource:
    properties = {"RestApiId": {"Ref": "Api"}, "ParentId": parent, "PathPart": part}
    return {"Type": "AWS::ApiGateway::Resource", "Properties": properties}


def paths() -> dict[str, Resource]:
    root = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    first = {logical: path(root, part.removeprefix("/")) for part, logical in PATHS.items()}
    return first | {logical: path({"Ref": parent}, part) for logical, parent, part in BELOW.values()}


def logical_path(route: str) -> str:
    return PATHS[route] if route in PATHS else BELOW[route][0]


def integration(settings: Settings, function: str) -> dict[str, object]:
    service = f"arn:aws:apigateway:{settings.region}:lambda:path/2015-03-31/functions"
    uri = {"Fn::Sub": f"{service}/${{{function}.Arn}}/invocations"}
    return {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": uri}


def method(settings: Settings, route: str, function: str) -> Resource:
    verb, where = route.split()
    properties: dict[str, object] = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Ref": logical_path(where)},
        "HttpMethod": verb,
        "AuthorizationType": "NONE",
        "Integration": integration(settings, function),
    }
    if route not in PUBLIC and verb != "OPTIONS":
        properties |= {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": {"Ref": "Authorizer"}}
    if verb in WITH_BODY:
        properties |= {
            "RequestValidatorId": {"Ref": "Validator"},
            "RequestModels": {"application/json": {"Ref": "Body"}},
        }
    return {"Type": "AWS::ApiGateway::Method", "Properties": properties}


def methods(settings: Settings) -> dict[str, Resource]:
    found = {}
    for function in FUNCTIONS:
        for route in function.routes:
            verb, where = route.split()
            found[f"{logical_path(where)}{verb.title()}"] = method(settings, route, function.logical)
    for where in (*PATHS, *BELOW):
        if where != "/files":
            found[f"{logical_path(where)}Options"] = method(settings, f"OPTIONS {where}", "Health")
    return found


def permissions(settings: Settings) -> dict[str, Resource]:
    source = {"Fn::Sub": settings.arn("execute-api", "${Api}/*")}
    return {
        f"{function.logical}Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Ref": function.logical},
                "Action": "lambda:InvokeFunction",
                "Principal": "apigateway.amazonaws.com",
                "SourceArn": source,
            },
        }
        for function in FUNCTIONS
    }


def stage(settings: Settings, deployment: str) -> Resource:
    every = {
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "MetricsEnabled": True,
        "ThrottlingRateLimit": settings.rate,
        "ThrottlingBurstLimit": settings.burst,
        "CachingEnabled": settings.cache,
    }
    cache: dict[str, object] = {"CacheClusterEnabled": True, "CacheClusterSize": "0.5"} if settings.cache else {}
    return {
        "Type": "AWS::ApiGateway::Stage",
        "Properties": {
            "RestApiId": {"Ref": "Api"},
            "DeploymentId": {"Ref": deployment},
            "StageName": settings.environment,
            "TracingEnabled": True,
            "MethodSettings": [every],
            **cache,
        },
    }


def api(settings: Settings) -> dict[str, Resource]:
    validator = {
        "RestApiId": {"Ref": "Api"},
        "Name": "body",
        "ValidateRequestBody": True,
        "ValidateRequestParameters": True,
    }
    body = {
        "RestApiId": {"Ref": "Api"},
        "Name": "Body",
        "ContentType": "application/json",
        "Schema": {"type": "object"},
    }
    authorizer = {
        "RestApiId": {"Ref": "Api"},
        "Name": "users",
        "Type": "COGNITO_USER_POOLS",
        "IdentitySource": "method.request.header.Authorization",
        "ProviderARNs": [{"Fn::GetAtt": ["UserPool", "Arn"]}],
    }
    served = paths() | methods(settings)
    # A deployment is a snapshot: one with another name is made whenever the methods change.
    deployment = f"Deployment{hashlib.sha256(json.dumps(served, sort_keys=True).encode()).hexdigest()[:8]}"
    return {
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": settings.name("kalendlytic-api")}},
        "Validator": {"Type": "AWS::ApiGateway::RequestValidator", "Properties": validator},
        "Body": {"Type": "AWS::ApiGateway::Model", "Properties": body},
        "Authorizer": {"Type": "AWS::ApiGateway::Authorizer", "Properties": authorizer},
        **served,
        **permissions(settings),
        deployment: {
            "Type": "AWS::ApiGateway::Deployment",
            "DependsOn": sorted(methods(settings)),
            "Properties": {"RestApiId": {"Ref": "Api"}},
        },
        "Stage": stage(settings, deployment),
    }
