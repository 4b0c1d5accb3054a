"""API Gateway REST APIs, found by name: who may call, how often, and what is logged."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import equal, listed, none
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed

_READS = ("apigateway:GET",)
_STAGE = "aws apigateway get-stage --rest-api-id <id> --stage-name <stage>"
_WITH_BODY = ("POST", "PUT", "PATCH")


@check(permissions=_READS, remedy="aws apigateway create-deployment --rest-api-id <id> --stage-name <stage>")
def stage_deployed(aws: Aws, *, api: str, stage: str) -> Verdict:
    """The REST API exists and a deployment stands on the stage.

    Names of APIs are not unique: two of the same name are unknown, not passed.
    Reads apigateway GetRestApis and GetStage. ``api`` is the API's name. Facts: rest_api_id, rest_api_url.

    Example:
        check: aws.apigateway_rest.stage_deployed
        with: {api: workflow-api-prod, stage: prod}

    """
    identifier, deployment = _id(aws, api), _stage(aws, api, stage)["deploymentId"]
    url = f"https://{identifier}.execute-api.{aws.region}.amazonaws.com/{stage}"
    facts = {"rest_api_id": identifier, "rest_api_url": url}
    return passed(f"Stage {stage} of API {api} carries deployment {deployment}.", facts)


@check(permissions=_READS, remedy="aws apigateway update-method --rest-api-id <id> --resource-id <id> --http-method <method> …")
def methods_authorized(aws: Aws, *, api: str, tolerated: list[str] | None = None, keys_count: bool = True) -> Verdict:
    """Every method of the API asks who is calling: by IAM, Cognito, a function, or an API key.

    One method that was forgotten lets everybody in.
    Reads apigateway GetRestApis and GetResources. ``tolerated`` are methods that are meant to be public, such as
    ``GET /health``; OPTIONS is always. An API key alone counts unless ``keys_count`` is false.

    Example:
        check: aws.apigateway_rest.methods_authorized
        with: {api: workflow-api-prod, tolerated: ["GET /health"]}

    """
    methods = [each for each in _methods(aws, api) if not each[0].startswith("OPTIONS ")]
    public = [
        name
        for name, method in methods
        if method["authorizationType"] == "NONE" and not (keys_count and method.get("apiKeyRequired"))
    ]
    return none(f"public methods of API {api}", [name for name in public if name not in (tolerated or [])], len(methods))


@check(permissions=_READS, remedy="aws apigateway create-request-validator --rest-api-id <id> --validate-request-body …")
def requests_validated(aws: Aws, *, api: str, tolerated: list[str] | None = None) -> Verdict:
    """Every method that takes a body has a validator that looks at it.

    What the gateway refuses never reaches a function, and never a database.
    Reads apigateway GetRestApis, GetResources and GetRequestValidators. POST, PUT and PATCH take a body; ``tolerated`` are
    methods that need no validator, such as ``POST /callback``.

    Example:
        check: aws.apigateway_rest.requests_validated
        with: {api: workflow-api-prod, tolerated: ["POST /callback"]}

    """
    validators = aws.apigateway.get_request_validators(restApiId=_id(aws, api))["items"]
    bodies = {str(each["id"]) for each in validators if each["validateRequestBody"]}
    methods = [each for each in _methods(aws, api) if each[0].startswith(_WITH_BODY)]
    bare = [name for name, method in methods if method.get("requestValidatorId") not in bodies]
    return none(
        f"methods of API {api} without validation", [each for each in bare if each not in (tolerated or [])], len(methods)
    )


@check(
    permissions=_READS,
    remedy="aws apigateway update-stage --patch-operations op=replace,path=/*/*/throttling/rateLimit,value=<rate> …",
)
def throttling_configured(aws: Aws, *, api: str, stage: str, rate: float = 0, burst: int = 0) -> Verdict:
    """The stage limits how many requests come through.

    Without a limit of its own one client can use up what the whole account may.
    Reads apigateway GetStage. ``rate`` is in requests a second, ``burst`` in requests; 0 accepts any limit.

    Example:
        check: aws.apigateway_rest.throttling_configured
        with: {api: workflow-api-prod, stage: prod, rate: 100, burst: 200}

    """
    settings = _stage(aws, api, stage).get("methodSettings", {}).get("*/*", {})
    # Unset limits are left out, or -1.
    seen = (float(settings.get("throttlingRateLimit", -1)), int(settings.get("throttlingBurstLimit", -1)))
    what = f"Throttling of stage {stage} of API {api} is {seen[0]:g} requests/s, burst {seen[1]}"
    if min(seen) <= 0:
        return failed(f"Stage {stage} of API {api} is not limited.")
    if seen != (rate or seen[0], burst or seen[1]):
        return failed(f"{what}, wanted {rate or seen[0]:g} requests/s, burst {burst or seen[1]}.")
    return passed(f"{what}.")


@check(
    permissions=_READS,
    remedy="aws apigateway update-stage --patch-operations op=replace,path=/cacheClusterEnabled,value=true …",
)
def caching_on(aws: Aws, *, api: str, stage: str) -> Verdict:
    """The stage has a cache, and its methods use it.

    A cache that no method uses costs its price by the hour.
    Reads apigateway GetStage.

    Example:
        check: aws.apigateway_rest.caching_on
        with: {api: workflow-api-prod, stage: prod}

    """
    seen = _stage(aws, api, stage)
    if seen.get("cacheClusterEnabled") is not True or seen.get("cacheClusterStatus") != "AVAILABLE":
        return failed(
            f"The cache of stage {stage} of API {api} is {seen.get('cacheClusterStatus', 'absent')}, wanted AVAILABLE."
        )
    users = [path for path, settings in seen.get("methodSettings", {}).items() if settings.get("cachingEnabled")]
    if not users:
        return failed(f"Stage {stage} of API {api} has a cache that no method uses.")
    return passed(f"The cache of stage {stage} of API {api} is AVAILABLE for {listed(users)}.")


@check(permissions=_READS, remedy=_STAGE + " --query accessLogSettings")
def access_logging_on(aws: Aws, *, api: str, stage: str) -> Verdict:
    """The stage logs who calls what.

    Reads apigateway GetStage.

    Example:
        check: aws.apigateway_rest.access_logging_on
        with: {api: workflow-api-prod, stage: prod}

    """
    target = _stage(aws, api, stage).get("accessLogSettings", {}).get("destinationArn")
    what = f"Stage {stage} of API {api}"
    return passed(f"{what} logs accesses to {target}.") if target else failed(f"{what} logs no access.")


@check(permissions=_READS, remedy="aws apigateway update-stage --patch-operations op=replace,path=/tracingEnabled,value=true …")
def tracing_on(aws: Aws, *, api: str, stage: str) -> Verdict:
    """Requests to the stage are traced by X-Ray.

    Reads apigateway GetStage.

    Example:
        check: aws.apigateway_rest.tracing_on
        with: {api: workflow-api-prod, stage: prod}

    """
    return equal(f"Tracing of stage {stage} of API {api}", bool(_stage(aws, api, stage).get("tracingEnabled")), wanted=True)


@check(permissions=_READS, remedy="aws apigateway create-usage-plan-key --usage-plan-id <id> --key-id <id> --key-type API_KEY")
def api_key_usable(aws: Aws, *, api: str, stage: str, key: str) -> Verdict:
    """The API key is enabled and in a usage plan of the stage.

    A key without a plan for the stage is refused by it.
    Reads apigateway GetApiKeys, GetUsagePlans and GetUsagePlanKeys; the key's value is not read. ``key`` is its name.

    Example:
        check: aws.apigateway_rest.api_key_usable
        with: {api: workflow-api-prod, stage: prod, key: jira}

    """
    found = only("API key", aws.apigateway.get_api_keys(nameQuery=key)["items"], "name", key)
    if found["enabled"] is not True:
        return failed(f"API key {key} is disabled.")
    here = {"apiId": _id(aws, api), "stage": stage}
    plans = [
        each
        for each in aws.apigateway.get_usage_plans()["items"]
        if any(here.items() <= on.items() for on in each.get("apiStages", []))
    ]
    for plan in plans:
        keys = aws.apigateway.get_usage_plan_keys(usagePlanId=plan["id"])["items"]
        if found["id"] in [each["id"] for each in keys]:
            return passed(f"API key {key} is enabled in usage plan {plan['name']} of stage {stage} of API {api}.")
    return failed(f"API key {key} is in none of {len(plans)} usage plans of stage {stage} of API {api}.")


@check(
    permissions=_READS,
    remedy="aws apigateway create-base-path-mapping --domain-name <domain> --rest-api-id <id> --stage <stage>",
)
def domain_mapped(aws: Aws, *, domain: str, api: str, stage: str) -> Verdict:
    """The custom domain leads to the stage of the API.

    Reads apigateway GetDomainName and GetBasePathMappings. That the name resolves to it is another question. Facts:
    domain_target, the name that DNS must point to.

    Example:
        check: aws.apigateway_rest.domain_mapped
        with: {domain: api.example.com, api: workflow-api-prod, stage: prod}

    """
    seen = aws.apigateway.get_domain_name(domainName=domain)
    target = str(seen.get("regionalDomainName") or seen.get("distributionDomainName") or "")
    if seen.get("domainNameStatus", "AVAILABLE") != "AVAILABLE":
        return failed(f"Domain {domain} is {seen['domainNameStatus']}, wanted AVAILABLE.")
    mappings = aws.apigateway.get_base_path_mappings(domainName=domain)["items"]
    if not any((each["restApiId"], each.get("stage", stage)) == (_id(aws, api), stage) for each in mappings):
        return failed(f"Domain {domain} has {len(mappings)} mappings and none to stage {stage} of API {api}.")
    return passed(f"Domain {domain} leads to stage {stage} of API {api}.", {"domain_target": target})


def _id(aws: Aws, name: str) -> str:
    return str(only("REST API", aws.apigateway.get_rest_apis()["items"], "name", name)["id"])


def _stage(aws: Aws, api: str, stage: str) -> Answer:
    return aws.apigateway.get_stage(restApiId=_id(aws, api), stageName=stage)


def _methods(aws: Aws, api: str) -> Iterator[tuple[str, Answer]]:
    """Each method of the API as ``GET /path`` with its settings."""
    for resource in aws.apigateway.get_resources(restApiId=_id(aws, api), embed=["methods"])["items"]:
        for verb, method in resource.get("resourceMethods", {}).items():
            yield f"{verb} {resource['path']}", method
