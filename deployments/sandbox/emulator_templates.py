"""What ministack's CloudFormation leaves out of templates, and the sandbox's systems lean on.

It ignores how tables and buckets are encrypted, where buckets are copied to, of functions the dead letter queue, the network
and the reserved concurrency, of methods who validates their requests, and of stages the cache; it does not know backup
selections, nor resources of services that it does not have. Those are made by their own APIs, behind the gateway.
"""

# ruff: noqa: SLF001 - ministack has no extension points; requirements-sandbox.in pins the version this fits
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

import ministack.services.apigateway_v1 as apis
import ministack.services.backup as backups
import ministack.services.dynamodb as tables
import ministack.services.lambda_svc as functions
import ministack.services.s3 as buckets
from ministack.services.cloudformation import provisioners, stacks

from . import emulator_services

Properties = dict[str, Any]
Made = tuple[str, Properties]
_FUNCTION_SETTINGS = ("DeadLetterConfig", "VpcConfig", "TracingConfig")


def set_table_encryption(name: str, wanted: Properties) -> None:
    """Keep how a template wants a table encrypted, and how far back it can be restored."""
    sealed = wanted.get("SSESpecification") or {}
    spec = {"Enabled": sealed.get("SSEEnabled", False), "KMSMasterKeyId": sealed.get("KMSMasterKeyId")}
    tables._tables[name]["SSEDescription"] = tables._sse_description_from_spec(spec) if sealed else None
    emulator_services.keep_recovery_period(name, wanted.get("PointInTimeRecoverySpecification") or {})


def as_xml(name: str, content: Any) -> str:
    """One element; the entries of a list are elements of the same name."""
    if isinstance(content, list):
        return "".join(as_xml(name, each) for each in content)
    if isinstance(content, dict):
        return f"<{name}>{''.join(as_xml(key, each) for key, each in content.items())}</{name}>"
    return f"<{name}>{escape(str(content).lower() if isinstance(content, bool) else str(content))}</{name}>"


def set_bucket_options(name: str, wanted: Properties) -> None:
    """Keep a bucket's encryption and replication, in the API's words."""
    sealed = (wanted.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration")
    if sealed:
        body = as_xml("ServerSideEncryptionConfiguration", {"Rule": [_sealing(rule) for rule in sealed]})
        buckets._put_bucket_encryption(name, body.encode())
    else:
        buckets._bucket_encryption.pop(name, None)
    copied = wanted.get("ReplicationConfiguration")
    if copied:
        rules = [{"ID": rule["Id"], **{key: each for key, each in rule.items() if key != "Id"}} for rule in copied["Rules"]]
        answer = buckets._put_bucket_replication(
            name, as_xml("ReplicationConfiguration", {"Role": copied["Role"], "Rule": rules}).encode()
        )
        if answer[0] >= 300:
            raise ValueError(f"AWS::S3::Bucket replication failed: {answer[2]!r}")
    else:
        buckets._bucket_replication.pop(name, None)


def _sealing(rule: Properties) -> Properties:
    by = rule["ServerSideEncryptionByDefault"]
    return {"ApplyServerSideEncryptionByDefault": {key: by[key] for key in ("SSEAlgorithm", "KMSMasterKeyID") if key in by}}


def set_function_options(name: str, wanted: Properties) -> None:
    """Keep what a template says of a function's failures, network, tracing and concurrency."""
    function = functions._functions[name]
    for key in _FUNCTION_SETTINGS:
        if key in wanted:
            value = wanted[key]
            function["config"][key] = functions._vpc_config_with_id(value) if key == "VpcConfig" else value
        else:
            function["config"].pop(key, None)
    reserved = wanted.get("ReservedConcurrentExecutions")
    function["concurrency"] = None if reserved is None else int(reserved)


def _watch(_logical: str, wanted: Properties, _stack: str) -> Made:
    options = ("Name", "ValidateRequestBody", "ValidateRequestParameters")
    apis._create_request_validator(wanted["RestApiId"], {key[0].lower() + key[1:]: wanted.get(key) for key in options})
    identifier = next(reversed(list(apis._request_validators[wanted["RestApiId"]])))
    return identifier, {"RequestValidatorId": identifier}


def _unwatch(physical: str, wanted: Properties) -> None:
    apis._request_validators.get(wanted["RestApiId"], {}).pop(physical, None)


def set_validator(wanted: Properties) -> None:
    """Keep which validator looks at a method's requests."""
    method = apis._resources[wanted["RestApiId"]][wanted["ResourceId"]]["resourceMethods"][wanted["HttpMethod"]]
    method["requestValidatorId"] = wanted.get("RequestValidatorId")


def set_cache(wanted: Properties) -> None:
    """Keep a stage's cache."""
    cached = bool(wanted.get("CacheClusterEnabled"))
    stage = apis._stages_v1[wanted["RestApiId"]][wanted["StageName"]]
    status = "AVAILABLE" if cached else "NOT_AVAILABLE"
    stage |= {"cacheClusterEnabled": cached, "cacheClusterSize": wanted.get("CacheClusterSize"), "cacheClusterStatus": status}


def _select(_logical: str, wanted: Properties, _stack: str) -> Made:
    answer = backups._create_selection(wanted["BackupPlanId"], {"BackupSelection": wanted["BackupSelection"]})
    if answer[0] >= 300:
        raise ValueError(f"AWS::Backup::BackupSelection failed: {answer[2]!r}")
    identifier = next(reversed(list(backups._selections)))
    return identifier, {"SelectionId": identifier, "BackupPlanId": wanted["BackupPlanId"]}


def _unselect(physical: str, _wanted: Properties) -> None:
    backups._selections.pop(physical, None)


@dataclass(frozen=True)
class Elsewhere:
    """A resource that another service's own API makes, changes and removes.

    ``named`` is the resource's physical ID, ``kept`` the arguments that removing it takes.
    """

    service: str
    make: str
    remove: str
    named: Callable[[Properties], str]
    kept: Callable[[Properties], Properties]


_SCALED = ("ServiceNamespace", "ResourceId", "ScalableDimension")
ELSEWHERE = {
    "AWS::XRay::SamplingRule": Elsewhere(
        "xray",
        "create_sampling_rule",
        "delete_sampling_rule",
        lambda wanted: str(wanted["SamplingRule"]["RuleName"]),
        lambda wanted: {"RuleName": wanted["SamplingRule"]["RuleName"]},
    ),
    "AWS::ApplicationAutoScaling::ScalableTarget": Elsewhere(
        "application-autoscaling",
        "register_scalable_target",
        "deregister_scalable_target",
        lambda wanted: "|".join(wanted[key] for key in _SCALED),
        lambda wanted: {key: wanted[key] for key in _SCALED},
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Elsewhere(
        "application-autoscaling",
        "put_scaling_policy",
        "delete_scaling_policy",
        lambda wanted: str(wanted["PolicyName"]),
        lambda wanted: {key: wanted[key] for key in ("PolicyName", *_SCALED)},
    ),
}


def made_by_api(kind: str, there: Elsewhere) -> None:
    """Let a resource type be provisioned elsewhere."""

    def put(wanted: Properties) -> Made:
        getattr(_client(there.service), there.make)(**wanted)
        return there.named(wanted), {}

    def delete(_physical: str, wanted: Properties) -> None:
        client = _client(there.service)
        try:
            getattr(client, there.remove)(**there.kept(wanted))
        except client.exceptions.ClientError as error:
            if "NotFound" not in str(error):
                raise

    provisioners._RESOURCE_HANDLERS[kind] = {
        "create": lambda _logical, wanted, _stack: put(wanted),
        "update": lambda _physical, _old, wanted, *_rest: put(wanted),
        "delete": delete,
    }


_public: list[str] = []


def _client(service: str) -> Any:
    import boto3

    return boto3.session.Session(region_name="us-east-1").client(service, endpoint_url=f"http://{_public[0]}")  # type: ignore[call-overload]


def teach_addresses(public: str) -> None:
    """Names of REST APIs resolve nowhere on loopback; ministack's path form of the address does the same work."""
    resolve = stacks._resolve_stack_outputs

    def resolved(*arguments: Any) -> Any:
        outputs, exports = resolve(*arguments)
        for output in outputs:
            host, found, path = output["OutputValue"].removeprefix("https://").partition("/")
            if found and ".execute-api." in host:
                output["OutputValue"] = f"http://{public}/_aws/execute-api/{host.split('.')[0]}/{path}"
        return outputs, exports

    stacks._resolve_stack_outputs = resolved


def teach(public: str, extend: Callable[..., None]) -> None:
    """All of it; ``extend`` lets a function run after ministack's own handler of a resource type."""
    _public[:] = [public]
    for kind, name, options in (
        ("AWS::DynamoDB::Table", "TableName", set_table_encryption),
        ("AWS::S3::Bucket", "BucketName", set_bucket_options),
        ("AWS::Lambda::Function", "FunctionName", set_function_options),
    ):
        extend(kind, "create", _after_create(name, options))
        extend(kind, "update", _after_update(options))
    for kind, keep in (("AWS::ApiGateway::Method", set_validator), ("AWS::ApiGateway::Stage", set_cache)):
        extend(kind, "create", partial(_created, keep))
        extend(kind, "update", partial(_updated, keep))
    provisioners._RESOURCE_HANDLERS["AWS::ApiGateway::RequestValidator"] |= {"create": _watch, "delete": _unwatch}
    provisioners._RESOURCE_HANDLERS["AWS::Backup::BackupSelection"] = {"create": _select, "delete": _unselect}
    for kind, there in ELSEWHERE.items():
        made_by_api(kind, there)
    teach_addresses(public)


def _created(keep: Callable[[Properties], None], _logical: str, wanted: Properties, _stack: str) -> None:
    keep(wanted)


def _updated(keep: Callable[[Properties], None], _physical: str, _old: Properties, wanted: Properties, *_rest: str) -> None:
    keep(wanted)


def _after_create(name: str, options: Callable[[str, Properties], None]) -> Callable[..., None]:
    def created(_logical: str, wanted: Properties, _stack: str) -> None:
        if name in wanted:
            options(wanted[name], wanted)

    return created


def _after_update(options: Callable[[str, Properties], None]) -> Callable[..., None]:
    def updated(physical: str, _old: Properties, wanted: Properties, *_rest: str) -> None:
        options(physical, wanted)

    return updated
