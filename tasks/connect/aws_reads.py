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
      | (login|embed|presigned|upload|authentication|streaming_session)_url | decrypted_\w+ | \w*verification_code )$""",
    re.VERBOSE,
)
# Methods of the SDK's client that are no operations of the service.
_OF_THE_CLIENT = {"get_paginator", "get_waiter"}


def is_read(service: str, operation: str) -> bool:
    """Whether the operation (snake case, as boto3 names it) only reads."""
    if operation in _OF_THE_CLIENT or _HANDS_OUT_ACCESS.search(operation):
        return False
    return operation.startswith(_READ_VERBS) or (service, operation) in _READS_BY_NAME


def guarded(service: str, operation: str, found: Answer) -> Answer:
    """``found``, with its secrets learnt by the redactor and the values of Lambda's variables kept out of evidence."""
    for secret in _secrets(service, operation, found):
        redact.learn(secret)
    return Answer(answer(_unshown(found))) if service == "lambda" else found


def _secrets(service: str, operation: str, found: Answer) -> Iterator[str]:
    if service == "secretsmanager" and "secret_value" in operation:
        for each in found.get("SecretValues", [found]):
            yield from _texts(each.get("SecretString", ""))
    if service == "ssm" and operation.startswith("get_parameter"):
        for each in found.get("Parameters", [found.get("Parameter", {})]):
            if each.get("Type") == "SecureString":
                yield str(each.get("Value", ""))


def _texts(secret: str) -> Iterator[str]:
    """The secret, and where it is a JSON object each text in it: either may turn up alone."""
    yield secret
    try:
        fields = json.loads(secret)
    except ValueError:
        return
    yield from (value for value in fields.values() if isinstance(value, str)) if isinstance(fields, dict) else ()


def _unshown(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: {key: Unshown(text) for key, text in each.items()}
            if name == "Variables" and isinstance(each, dict)
            else _unshown(each)
            for name, each in value.items()
        }
    return [_unshown(each) for each in value] if isinstance(value, list) else value
