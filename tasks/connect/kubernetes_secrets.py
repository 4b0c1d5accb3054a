"""What of a cluster's answers may not be shown: values of secrets, of variables and of configuration."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from tasks.core.answers import Answer
from tasks.core.redaction import Unshown, redact

_CLUTTER = "kubectl.kubernetes.io/last-applied-configuration"


def guarded(found: Any) -> Any:
    """An answer without clutter; secrets in it are learnt, and values of variables and configuration are not shown."""
    learn(found)
    return _shown(found)


def learn(found: Any) -> None:
    """Make the redactor know the values of the secret, or of the secrets of a list."""
    if not isinstance(found, dict):
        return
    secrets = (
        found.get("items") or [] if found.get("kind") == "SecretList" else [found] if found.get("kind") == "Secret" else []
    )
    for secret in secrets:
        _learn(secret)


def learnt_keys(secret: Answer) -> dict[str, bool]:
    """The keys of a secret whose values have been learnt, and whether each holds anything."""
    return {name: bool(value) for name, value in (secret.get("data") or {}).items()}


def _shown(found: Any) -> Any:
    if isinstance(found, list):
        return [_shown(each) for each in found]
    if not isinstance(found, dict):
        return found
    return {name: _value(name, each) for name, each in found.items() if name != "managedFields"}


def _value(name: str, value: Any) -> Any:
    if name == "annotations" and isinstance(value, dict):
        return {key: each for key, each in value.items() if key != _CLUTTER}
    if name in ("data", "binaryData", "stringData") and isinstance(value, dict):
        return {key: Unshown(each) if isinstance(each, str) else _shown(each) for key, each in value.items()}
    if name == "env" and isinstance(value, list):
        return [
            {**each, "value": Unshown(each["value"])} if isinstance(each, dict) and "value" in each else each for each in value
        ]
    return _shown(value)


def _learn(secret: Mapping[str, Any]) -> None:
    for value in (secret.get("data") or {}).values():
        redact.learn(str(value))
        try:
            redact.learn(base64.b64decode(value, validate=True).decode())
        except (binascii.Error, ValueError):
            continue
    for value in (secret.get("stringData") or {}).values():
        redact.learn(str(value))
