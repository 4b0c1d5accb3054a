"""Which operations of AWS only read, and which of their answers hold secrets.

What passes is a list of verbs, for AWS names its operations by verb; what is then taken out are the few that are named
like reads and yet hand out access to something, or start something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tasks.core.answers import Answer, answer
from tasks.core.redaction import Unshown, redact

_READ_VERBS = ("describe_", "get_", "list_", "head_", "batch_get_", "lookup_", "search_", "simulate_")
_READS_BY_NAME = {
    ("cognito-idp", "admin_get_user"),
    ("dynamodb", "query"),
    ("dynamodb", "scan"),
    ("logs", "filter_log_events"),
    ("cloudformation", "validate_template"),
}
_HANDS_OUT_ACCESS = re.compile(
    r"""^get_(.*_)?(
        credentials(_(for|with)_\w+)? | id | token | tokens_from_\w+
      | (auth|authorization|access|federation|session|identity|id|client|derived|oauth2|payment)_token(_for_\w+)?
      | password(_data)? | \w*user_password | key_pairs? | access_keys | access_details
      | (login|embed|presigned|upload|authentication|streaming_session|depot|download)_url(_for_layer)? | signed_\w+_url
      | decrypted_\w+ | \w*verification_code | (compute|instance|data|space_data)_access | session_endpoint | stream_key
      | ice_server_config | parameters_for_(import|export) | resource_api_key | vpn_connection_device_sample_configuration
      | attachment_upload_links )$""",
    re.VERBOSE,
)
_NO_READS_BY_NAME = {
    ("stepfunctions", "get_activity_task"),  # takes the task away from the worker that waits for it
    ("codepipeline", "get_job_details"),  # these two hold credentials for the artifacts
    ("codepipeline", "get_third_party_job_details"),
    ("lambda", "get_function"),  # these three hold a signed address of the code
    ("lambda", "get_layer_version"),
    ("lambda", "get_layer_version_by_arn"),
}
# Methods of the SDK's client that are no operations of the service.
_OF_THE_CLIENT = {"get_paginator", "get_waiter"}


def is_read(service: str, operation: str) -> bool:
    """Whether the operation (snake case, as boto3 names it) only reads."""
    if operation in _OF_THE_CLIENT or _HANDS_OUT_ACCESS.search(operation) or (service, operation) in _NO_READS_BY_NAME:
        return False
    return operation.startswith(_READ_VERBS) or (service, operation) in _READS_BY_NAME


def guarded(service: str, operation: str, found: Answer) -> Answer:
    """``found``, with its secrets learnt by the redactor, and what it cannot tell from other texts kept out of evidence."""
    for secret in _secrets(service, operation, found):
        redact.learn(secret)
    return Answer(answer(_unshown(found))) if service in ("lambda", "ssm") else found


def _secrets(service: str, operation: str, found: Answer) -> Iterator[str]:
    if service == "secretsmanager" and "secret_value" in operation:
        for each in found.get("SecretValues", [found]):
            yield from _texts(each.get("SecretString", ""))
    if service == "ssm" and operation.startswith("get_parameter"):
        for each in found.get("Parameters", [found.get("Parameter", {})]):
            if each.get("Type") == "SecureString":
                yield str(each.get("Value", ""))
    if service == "apigateway" and "key" in operation:
        for each in found.get("items", [found]):
            yield str(each.get("value", ""))


def _texts(secret: str) -> Iterator[str]:
    """The secret, and where it is a JSON object each text in it: either may turn up alone."""
    yield secret
    try:
        fields = json.loads(secret)
    except ValueError:
        return
    yield from (value for value in fields.values() if isinstance(value, str)) if isinstance(fields, dict) else ()


def _unshown(value: Any) -> Any:
    """Covers the values of a function's variables and of a SecureString, which may be shorter than what can be learnt."""
    if isinstance(value, dict):
        sealed = value.get("Type") == "SecureString"
        return {name: _covered(name, each, sealed=sealed) for name, each in value.items()}
    return [_unshown(each) for each in value] if isinstance(value, list) else value


def _covered(name: str, value: Any, *, sealed: bool) -> Any:
    if name == "Variables" and isinstance(value, dict):
        return {key: Unshown(text) for key, text in value.items()}
    return Unshown(value) if sealed and name == "Value" and isinstance(value, str) else _unshown(value)
