from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

DEPLOYED, AUTHORIZED, VALIDATED, THROTTLED, CACHED, LOGGED, TRACED, KEY, DOMAIN = (
    f"aws.apigateway_rest.{name}"
    for name in (
        "stage_deployed", "methods_authorized",
        "requests_validated", "throttling_configured", "caching_on", "access_logging_on",
        "tracing_on", "api_key_usable", "domain_mapped",
    )
)  # fmt: skip
FLOW = {"api": "flow"}
PROD = {"api": "flow", "stage": "prod"}
JIRA = PROD | {"key": "jira"}
NAME = PROD | {"domain": "api.example.com"}
API: dict[str, Any] = {"apigateway.get_rest_apis": {"items": [{"name": "flow", "id": "a1"}]}}
NO_API: dict[str, Any] = {"apigateway.get_rest_apis": {"items": []}}
NO_STAGE = API | {"apigateway.get_stage": aws_error("NotFoundException", "Invalid stage identifier specified", 404)}
UNREAD = API | {"apigateway.get_stage": DENIED}


def stage(**fields: Any) -> dict[str, Any]:
    return API | {"apigateway.get_stage": {"deploymentId": "d1"} | fields}


def methods(**found: dict[str, Any]) -> dict[str, Any]:
    resources = [{"path": "/"}, {"path": "/jobs", "resourceMethods": found}]
    validators = [{"id": "v1", "validateRequestBody": True}, {"id": "v2", "validateRequestBody": False}]
    return API | {
        "apigateway.get_resources": {"items": resources},
        "apigateway.get_request_validators": {"items": validators},
    }


def limits(rate: float, burst: int) -> dict[str, Any]:
    return stage(methodSettings={"*/*": {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}})


def key(*, enabled: bool = True, plan_stage: str = "prod", member: str = "k1") -> dict[str, Any]:
    plan = {"id": "p1", "name": "partners", "apiStages": [{"apiId": "a1", "stage": plan_stage}]}
    return API | {
        "apigateway.get_api_keys": {"items": [{"name": "jira", "id": "k1", "enabled": enabled}]},
        "apigateway.get_usage_plans": {"items": [plan]},
        "apigateway.get_usage_plan_keys": {"items": [{"id": member}]},
    }


def domain(mapped: str = "prod", status: str = "AVAILABLE") -> dict[str, Any]:
    return API | {
        "apigateway.get_domain_name": {"regionalDomainName": "d-1.execute-api", "domainNameStatus": status},
        "apigateway.get_base_path_mappings": {"items": [{"restApiId": "a1", "stage": mapped}]},
    }


IAM, OPEN, KEYED = (
    {"authorizationType": "AWS_IAM"},
    {"authorizationType": "NONE"},
    {"authorizationType": "NONE", "apiKeyRequired": True},
)
CACHE = {"cacheClusterEnabled": True, "cacheClusterStatus": "AVAILABLE", "methodSettings": {"*/*": {"cachingEnabled": True}}}
CASES = [
    Case("deployed", DEPLOYED, PROD, Status.PASSED, "carries deployment d1", stage()),
    Case("no stage", DEPLOYED, PROD, Status.FAILED, "Invalid stage", NO_STAGE),
    Case("empty account", DEPLOYED, PROD, Status.FAILED, "no REST API named", NO_API),
    Case("denied", DEPLOYED, PROD, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("all ask", AUTHORIZED, FLOW, Status.PASSED, "among 2", methods(GET=IAM, POST=KEYED, OPTIONS=OPEN)),
    Case("one is open", AUTHORIZED, FLOW, Status.FAILED, "POST /jobs", methods(GET=IAM, POST=OPEN)),
    Case("meant to be open", AUTHORIZED, FLOW | {"tolerated": ["GET /jobs"]}, Status.PASSED, "among 1", methods(GET=OPEN)),
    Case("a key is not enough", AUTHORIZED, FLOW | {"keys_count": False}, Status.FAILED, "GET /jobs", methods(GET=KEYED)),
    Case("no method", AUTHORIZED, FLOW, Status.UNKNOWN, "Nothing was there", methods()),
    Case("denied", AUTHORIZED, FLOW, Status.UNKNOWN, "AccessDenied", API | {"apigateway.get_resources": DENIED}),
    Case("validated", VALIDATED, FLOW, Status.PASSED, "among 1", methods(GET=IAM, POST=IAM | {"requestValidatorId": "v1"})),
    Case("parameters only", VALIDATED, FLOW, Status.FAILED, "POST /jobs", methods(POST=IAM | {"requestValidatorId": "v2"})),
    Case("not validated", VALIDATED, FLOW, Status.FAILED, "POST /jobs", methods(POST=IAM)),
    Case("need not be", VALIDATED, FLOW | {"tolerated": ["POST /jobs"]}, Status.PASSED, "among 1", methods(POST=IAM)),
    Case("no body to look at", VALIDATED, FLOW, Status.UNKNOWN, "Nothing was there", methods(GET=IAM)),
    Case("denied", VALIDATED, FLOW, Status.UNKNOWN, "AccessDenied", API | {"apigateway.get_request_validators": DENIED}),
    Case("limited", THROTTLED, PROD, Status.PASSED, "100 requests/s, burst 200", limits(100.0, 200)),
    Case("as wished", THROTTLED, PROD | {"rate": 100, "burst": 200}, Status.PASSED, "burst 200", limits(100.0, 200)),
    Case("otherwise", THROTTLED, PROD | {"rate": 50}, Status.FAILED, "wanted 50", limits(100.0, 200)),
    Case("not limited", THROTTLED, PROD, Status.FAILED, "is not limited", limits(-1, -1)),
    Case("denied", THROTTLED, PROD, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("used", CACHED, PROD, Status.PASSED, "AVAILABLE for */*", stage(**CACHE)),
    Case("not used", CACHED, PROD, Status.FAILED, "no method uses", stage(**CACHE | {"methodSettings": {}})),
    Case("being made", CACHED, PROD, Status.FAILED, "CREATE_IN", stage(**CACHE | {"cacheClusterStatus": "CREATE_IN_PROGRESS"})),
    Case("none", CACHED, PROD, Status.FAILED, "absent", stage()),
    Case("denied", CACHED, PROD, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("logged", LOGGED, PROD, Status.PASSED, "to arn:log", stage(accessLogSettings={"destinationArn": "arn:log"})),
    Case("not logged", LOGGED, PROD, Status.FAILED, "logs no access", stage()),
    Case("denied", LOGGED, PROD, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("traced", TRACED, PROD, Status.PASSED, "True", stage(tracingEnabled=True)),
    Case("not traced", TRACED, PROD, Status.FAILED, "wanted True", stage()),
    Case("denied", TRACED, PROD, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("usable", KEY, JIRA, Status.PASSED, "in usage plan partners", key()),
    Case("disabled", KEY, JIRA, Status.FAILED, "is disabled", key(enabled=False)),
    Case("not in the plan", KEY, JIRA, Status.FAILED, "none of 1 usage plans", key(member="k2")),
    Case("plan of another stage", KEY, JIRA, Status.FAILED, "none of 0 usage plans", key(plan_stage="dev")),
    Case("not there", KEY, JIRA, Status.FAILED, "no API key named", API | {"apigateway.get_api_keys": {"items": []}}),
    Case("denied", KEY, JIRA, Status.UNKNOWN, "AccessDenied", API | {"apigateway.get_api_keys": DENIED}),
    Case("mapped", DOMAIN, NAME, Status.PASSED, "leads to stage prod", domain()),
    Case("to another stage", DOMAIN, NAME, Status.FAILED, "none to stage prod", domain("dev")),
    Case("being changed", DOMAIN, NAME, Status.FAILED, "UPDATING", domain(status="UPDATING")),
    Case("not there", DOMAIN, NAME, Status.FAILED,
         "NotFound", API | {"apigateway.get_domain_name": aws_error("NotFoundException")}),
    Case("denied", DOMAIN, NAME, Status.UNKNOWN, "AccessDenied", API | {"apigateway.get_domain_name": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
