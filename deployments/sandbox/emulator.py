"""ministack, taught the parts of AWS that the sandbox's systems lean on and it leaves out.

Runs under the sandbox's own Python: ``python -m deployments.sandbox.emulator``, with ministack's settings in the environment
(``GATEWAY_PORT``, ``BIND_HOST`` …) and ``GATES_SANDBOX_PUBLIC``, the ``host:port`` that clients are told.

ministack's CloudFormation ignores a table's TimeToLiveSpecification and PointInTimeRecoverySpecification, gives its
indexes no status, accepts a function with any amount of memory, loses a stage's throttling, hands out execute-api names
that no resolver on a laptop knows, and does not say which certificates are renewed.
"""

# ruff: noqa: SLF001 - ministack has no extension points; requirements-sandbox.in pins the version this fits
from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import ministack.services.acm as certificates
import ministack.services.apigateway as websocket_apis
import ministack.services.dynamodb as tables
from ministack import app
from ministack.services.cloudformation import provisioners

from . import emulator_services, emulator_templates, emulator_workflows

Properties = dict[str, Any]
LAMBDA_MEMORY_MB = range(128, 10241)


def extend(kind: str, step: str, extra: Callable[..., None], *, before: bool = False) -> None:
    """Let ``extra`` (same arguments) run before or after ministack's own handler of a resource type."""
    handlers = provisioners._RESOURCE_HANDLERS[kind]
    original = handlers[step]

    def extended(*arguments: Any) -> Any:
        if before:
            extra(*arguments)
        answer = original(*arguments)
        if not before:
            extra(*arguments)
        return answer

    handlers[step] = extended


def set_table_options(name: str, wanted: Properties) -> None:
    """Keep what a template says of a table's time to live and point-in-time recovery; say that its indexes are ready."""
    for index in tables._tables[name].get("GlobalSecondaryIndexes", []):
        index.setdefault("IndexStatus", "ACTIVE")
    ttl = wanted.get("TimeToLiveSpecification")
    if ttl and str(ttl.get("Enabled")).lower() == "true":
        tables._ttl_settings[name] = {"TimeToLiveStatus": "ENABLED", "AttributeName": ttl["AttributeName"]}
    else:
        tables._ttl_settings.pop(name, None)
    recovery = wanted.get("PointInTimeRecoverySpecification") or {}
    tables._pitr_settings[name] = str(recovery.get("PointInTimeRecoveryEnabled")).lower() == "true"


def table_created(_logical: str, wanted: Properties, _stack: str) -> None:
    """Follow the creation of a table."""
    set_table_options(wanted["TableName"], wanted)


def table_updated(_physical: str, _old: Properties, wanted: Properties, *_rest: str) -> None:
    """Follow the update of a table."""
    set_table_options(wanted["TableName"], wanted)


def table_deleted(physical: str, _wanted: Properties) -> None:
    """Follow the deletion of a table."""
    tables._ttl_settings.pop(physical, None)
    tables._pitr_settings.pop(physical, None)


def refuse_bad_function(wanted: Properties) -> None:
    """ValueError, in Lambda's words, when a template asks for memory that Lambda does not have."""
    memory = int(wanted.get("MemorySize", 128))
    if memory not in LAMBDA_MEMORY_MB:
        raise ValueError(
            f"1 validation error detected: Value '{memory}' at 'memorySize' failed to satisfy constraint: "
            "Member must have value greater than or equal to 128 (Service: Lambda, Status Code: 400)"
        )


def publish_endpoint(api: Properties, public: str) -> None:
    """API ids resolve nowhere on loopback; ministack's path form of the endpoint does the same work."""
    api["apiEndpoint"] = f"ws://{public}/_aws/execute-api/{api['apiId']}"


def camel(settings: Properties) -> Properties:
    """Spell a template's settings as the API does."""
    return {key[0].lower() + key[1:]: value for key, value in settings.items()}


def set_stage_throttling(wanted: Properties) -> None:
    """Keep a stage's throttling: ministack leaves the template's spelling of the settings out of its answers."""
    stage = websocket_apis._stages[wanted["ApiId"]][wanted["StageName"]]
    stage["defaultRouteSettings"] = camel(wanted.get("DefaultRouteSettings") or {})
    stage["routeSettings"] = {key: camel(value) for key, value in (wanted.get("RouteSettings") or {}).items()}


def teach_apis(public: str) -> None:
    """Give WebSocket APIs an endpoint that resolves, and let any route have an authorizer."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    create = handlers["create"]

    def created(logical: str, wanted: Properties, stack: str) -> tuple[str, Properties]:
        api_id, attributes = create(logical, wanted, stack)
        if wanted.get("ProtocolType") == "WEBSOCKET":
            publish_endpoint(websocket_apis._apis[api_id], public)
            attributes = {**attributes, "ApiEndpoint": websocket_apis._apis[api_id]["apiEndpoint"]}
        return api_id, attributes

    handlers["create"] = created
    # The session team's checklist wants the authorizer on refreshConnection too. Real API Gateway, and ministack
    # with it, refuses authorization anywhere but on $connect; here the setting is kept and has no effect.
    websocket_apis._ws_route_authorization_message = lambda *_: None


def teach_certificates() -> None:
    """Say of certificates, as ACM does, whether they are renewed: those that it issued itself are."""
    shape = certificates._cert_shape

    def shown(certificate: Properties) -> Properties:
        renewed = certificate["Type"] == "AMAZON_ISSUED"
        return {**shape(certificate), "RenewalEligibility": "ELIGIBLE" if renewed else "INELIGIBLE"}

    certificates._cert_shape = shown


def main() -> None:
    """Teach ministack, then be ministack."""
    extend("AWS::DynamoDB::Table", "create", table_created)
    extend("AWS::DynamoDB::Table", "update", table_updated)
    extend("AWS::DynamoDB::Table", "delete", table_deleted)
    extend("AWS::Lambda::Function", "create", lambda _id, wanted, _stack: refuse_bad_function(wanted), before=True)
    extend("AWS::Lambda::Function", "update", lambda _id, _old, wanted, *_: refuse_bad_function(wanted), before=True)
    extend("AWS::ApiGatewayV2::Stage", "create", lambda _id, wanted, _stack: set_stage_throttling(wanted))
    extend("AWS::ApiGatewayV2::Stage", "update", lambda _id, _old, wanted, *_: set_stage_throttling(wanted))
    teach_certificates()
    teach_apis(os.environ["GATES_SANDBOX_PUBLIC"])
    emulator_services.teach()
    emulator_workflows.teach()
    emulator_templates.teach(os.environ["GATES_SANDBOX_PUBLIC"], extend)
    app.main()


if __name__ == "__main__":
    main()
