"""What of a cluster's answers may not be shown: values of secrets, of variables and of configuration."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from tasks.core.answers import Answer
from tasks.core.redaction import HIDDEN, Unshown, redact

_SHORTEST = 8
_CLUTTER = "kubectl.kubernetes.io/last-applied-configuration"


def guarded(found: Any) -> Any:
    """An answer without clutter; secrets in it are learnt, and values of variables and configuration are not shown."""
    learn(found)
    return _shown(found)


def learn(found: Any) -> None:
    """Make the redactor know the values of secrets, and of variables and configuration that are named like one."""
    if isinstance(found, list):
        for each in found:
            learn(each)
        return
    if not isinstance(found, dict):
        return
    kind = str(found.get("kind", ""))
    if kind in ("Secret", "SecretList"):
        for secret in (found.get("items") or []) if kind == "SecretList" else [found]:
            _learn(secret)
        return
    if isinstance(found.get("name"), str) and "value" in found:
        _learn_named(found["name"], found["value"])
    for name, value in found.items():
        if name == "data" and isinstance(value, dict):
            for key, each in value.items():
                _learn_named(key, each)
        else:
            learn(value)


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


def _learn_named(name: str, value: Any) -> None:
    """Learn a value that its name gives away; a short one would hide common words everywhere."""
    if isinstance(value, str) and len(value) >= _SHORTEST and redact({name: value})[name] == HIDDEN:
        redact.learn(value)


def _learn(secret: Mapping[str, Any]) -> None:
    for value in (secret.get("data") or {}).values():
        redact.learn(str(value))
        try:
            redact.learn(base64.b64decode(value, validate=True).decode())
        except (binascii.Error, ValueError):
            continue
    for value in (secret.get("stringData") or {}).values():
        redact.learn(str(value))
