"""A REST API with its stage, its key, and what stands before it."""

from __future__ import annotations

import json
import os
from typing import Any

from .kind import REGION, Clients, Settings, found, removed

_VALIDATOR = "body and parameters"


class Api:
    """``methods`` are words such as ``POST /executions`` with ``function`` (an ARN), ``key`` (asked for?) and ``model``.

    ``models`` are JSON schemas by name; ``stage`` is the stage's name, with ``rate``, ``burst``, ``log_to`` (the ARN of a
    log group) and ``tracing``; ``client`` is the name of an API key with a usage plan; ``web_acl`` is the ARN of what stands
    before it, ``domain`` a custom domain that exists.
    """

    def put(self, clients: Clients, name: str, settings: Settings) -> str:
        """Build the API, or build it anew inside the one there is; its address."""
        gateway = clients("apigateway")
        api = _named(gateway, name) or gateway.create_rest_api(name=name)
        one = api["id"]
        self._methods(gateway, one, settings)
        self._stage(gateway, one, settings)
        self._client(gateway, one, settings)
        for each in (_api_arn(one), _stage_arn(one, settings["stage"])):
            gateway.tag_resource(resourceArn=each, tags=settings["tags"])
        if settings["web_acl"]:
            clients("wafv2").associate_web_acl(WebACLArn=settings["web_acl"], ResourceArn=_stage_arn(one, settings["stage"]))
        else:
            removed(lambda: clients("wafv2").disassociate_web_acl(ResourceArn=_stage_arn(one, settings["stage"])))
        self._domain(gateway, one, settings)
        endpoint = os.environ.get("AWS_ENDPOINT_URL", f"https://execute-api.{REGION}.amazonaws.com")
        return f"{endpoint}/restapis/{one}/{settings['stage']}/_user_request_"

    def seen(self, clients: Clients, name: str, settings: Settings) -> Settings | None:
        """What the API, its stage, key and usage plan are like."""
        gateway = clients("apigateway")
        api = _named(gateway, name)
        if api is None:
            return None
        stage = found(lambda: gateway.get_stage(restApiId=api["id"], stageName=settings["stage"]))
        limits = (stage or {}).get("methodSettings", {}).get("*/*", {})
        keys = gateway.get_api_keys()["items"]
        acl = found(lambda: clients("wafv2").get_web_acl_for_resource(ResourceArn=_stage_arn(api["id"], settings["stage"])))
        mappings = found(lambda: gateway.get_base_path_mappings(domainName=settings["domain"])) if settings["domain"] else None
        ours = [each for each in (mappings or {}).get("items", []) if each["restApiId"] == api["id"]]
        every = {
            "methods": _methods(gateway, api["id"], settings),
            "models": {
                each["name"]: json.loads(each["schema"])
                for each in gateway.get_models(restApiId=api["id"])["items"]
                if each["name"] in settings["models"]
            },
            "stage": settings["stage"] if stage else "",
            "rate": int(limits.get("throttlingRateLimit", 0)),
            "burst": int(limits.get("throttlingBurstLimit", 0)),
            "log_to": (stage or {}).get("accessLogSettings", {}).get("destinationArn", ""),
            "tracing": (stage or {}).get("tracingEnabled", False),
            "client": next((each["name"] for each in keys if each["name"] == settings["client"] and each["enabled"]), ""),
            "web_acl": ((acl or {}).get("WebACL") or {}).get("ARN", ""),
            "domain": settings["domain"] if ours else "",
            "tags": gateway.get_tags(resourceArn=_api_arn(api["id"]))["tags"],
        }
        return {key: every[key] for key in settings}

    def remove(self, clients: Clients, name: str) -> None:
        """Delete the API with its key, usage plan and mappings."""
        gateway = clients("apigateway")
        api = _named(gateway, name)
        if api is None:
            return
        for plan in gateway.get_usage_plans()["items"]:
            if plan["name"] == name:
                _empty(gateway, plan)
                gateway.delete_usage_plan(usagePlanId=plan["id"])
        for domain in gateway.get_domain_names()["items"]:
            for each in gateway.get_base_path_mappings(domainName=domain["domainName"]).get("items", []):
                if each["restApiId"] == api["id"]:
                    gateway.delete_base_path_mapping(domainName=domain["domainName"], basePath=each["basePath"])
        removed(lambda: gateway.delete_rest_api(restApiId=api["id"]))

    def _methods(self, gateway: Any, api: str, settings: Settings) -> None:
        """Resources, methods, integrations, models and the validator, from nothing; then a deployment of them."""
        resources = gateway.get_resources(restApiId=api, limit=500)["items"]
        for each in resources:
            if each["path"] != "/":
                removed(lambda one=each: gateway.delete_resource(restApiId=api, resourceId=one["id"]))  # type: ignore[misc]
        root = next(each["id"] for each in resources if each["path"] == "/")
        for model, schema in settings["models"].items():
            removed(lambda one=model: gateway.delete_model(restApiId=api, modelName=one))  # type: ignore[misc]
            gateway.create_model(restApiId=api, name=model, contentType="application/json", schema=json.dumps(schema))
        validators = gateway.get_request_validators(restApiId=api)["items"]
        validator = (
            next((each["id"] for each in validators if each["name"] == _VALIDATOR), "")
            or gateway.create_request_validator(
                restApiId=api, name=_VALIDATOR, validateRequestBody=True, validateRequestParameters=True
            )["id"]
        )
        made: dict[str, str] = {}
        for words, method in settings["methods"].items():
            verb, _, path = words.partition(" ")
            if path not in made:
                made[path] = gateway.create_resource(restApiId=api, parentId=root, pathPart=path.strip("/"))["id"]
            checked = {"requestModels": {"application/json": method["model"]}, "requestValidatorId": validator}
            gateway.put_method(
                restApiId=api,
                resourceId=made[path],
                httpMethod=verb,
                authorizationType="NONE",
                apiKeyRequired=method["key"],
                **(checked if method["model"] else {}),
            )
            gateway.put_integration(
                restApiId=api,
                resourceId=made[path],
                httpMethod=verb,
                type="AWS_PROXY",
                integrationHttpMethod="POST",
                uri=f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{method['function']}/invocations",
            )

    def _stage(self, gateway: Any, api: str, settings: Settings) -> None:
        deployment = gateway.create_deployment(restApiId=api)["id"]
        stage = settings["stage"]
        if found(lambda: gateway.get_stage(restApiId=api, stageName=stage)) is None:
            gateway.create_stage(restApiId=api, stageName=stage, deploymentId=deployment)
        wished = {
            "/deploymentId": deployment,
            "/*/*/throttling/rateLimit": str(settings["rate"]),
            "/*/*/throttling/burstLimit": str(settings["burst"]),
            "/accessLogSettings/destinationArn": settings["log_to"],
            "/accessLogSettings/format": '{"request": "$context.requestId", "status": "$context.status"}',
            "/tracingEnabled": "true" if settings["tracing"] else "false",
        }
        patches = [{"op": "replace", "path": path, "value": value} for path, value in wished.items()]
        gateway.update_stage(restApiId=api, stageName=stage, patchOperations=patches)

    def _client(self, gateway: Any, api: str, settings: Settings) -> None:
        """A key of the client's name, enabled, in a usage plan of the stage."""
        keys = [each for each in gateway.get_api_keys()["items"] if each["name"] == settings["client"]]
        key = keys[0] if keys else gateway.create_api_key(name=settings["client"], enabled=True)
        if not key["enabled"]:
            gateway.update_api_key(apiKey=key["id"], patchOperations=[{"op": "replace", "path": "/enabled", "value": "true"}])
        name = gateway.get_rest_api(restApiId=api)["name"]
        plans = [each for each in gateway.get_usage_plans()["items"] if each["name"] == name]
        if not plans:
            plan = gateway.create_usage_plan(name=name, apiStages=[{"apiId": api, "stage": settings["stage"]}])
            gateway.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")

    def _domain(self, gateway: Any, api: str, settings: Settings) -> None:
        if not settings["domain"]:
            return
        mappings = gateway.get_base_path_mappings(domainName=settings["domain"]).get("items", [])
        if not any(each["restApiId"] == api for each in mappings):
            gateway.create_base_path_mapping(domainName=settings["domain"], restApiId=api, stage=settings["stage"])


def _named(gateway: Any, name: str) -> dict[str, Any] | None:
    apis: list[dict[str, Any]] = gateway.get_rest_apis(limit=500)["items"]
    return next((each for each in apis if each["name"] == name), None)


def _api_arn(api: str) -> str:
    return f"arn:aws:apigateway:{REGION}::/restapis/{api}"


def _stage_arn(api: str, stage: str) -> str:
    return f"{_api_arn(api)}/stages/{stage}"


def _empty(gateway: Any, plan: dict[str, Any]) -> None:
    for key in gateway.get_usage_plan_keys(usagePlanId=plan["id"])["items"]:
        gateway.delete_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"])
        removed(lambda one=key: gateway.delete_api_key(apiKey=one["id"]))  # type: ignore[misc]


def _methods(gateway: Any, api: str, settings: Settings) -> Settings:
    """The methods as the configuration writes them."""
    now: Settings = {}
    for resource in gateway.get_resources(restApiId=api, limit=500)["items"]:
        for verb in resource.get("resourceMethods", {}):
            method = gateway.get_method(restApiId=api, resourceId=resource["id"], httpMethod=verb)
            uri = method.get("methodIntegration", {}).get("uri", "")
            model = method.get("requestModels", {}).get("application/json", "") if method.get("requestValidatorId") else ""
            now[f"{verb} {resource['path']}"] = {
                "function": uri.partition("/functions/")[2].removesuffix("/invocations"),
                "key": method.get("apiKeyRequired", False),
                "model": model,
            }
    return now if now.keys() != settings["methods"].keys() else {words: now[words] for words in settings["methods"]}
