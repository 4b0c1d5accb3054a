"""The answers of a Kubernetes API server, and the errors of its client, in our words: once for every door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from tasks.core.errors import Absent, Denied, EvidenceError, GatesError, Malformed, Throttled, Unreachable

T = TypeVar("T")

_BAD_GATEWAYS = range(500, 600)


def translated(what: str, ask: Callable[[], T]) -> T:
    """``ask()``, with whatever the client raises told as one of our errors. ``what`` is asked of Kubernetes."""
    import urllib3.exceptions as http
    from kubernetes.client.exceptions import OpenApiException
    from kubernetes.config import ConfigException

    try:
        return ask()
    except ConfigException as error:
        raise Denied(f"There is no way into the cluster: {_one_line(error)} Set KUBECONFIG.") from error
    except (http.HTTPError, OSError) as error:
        raise Unreachable(f"Kubernetes was not reached for {what}: {_one_line(error)}") from error
    except OpenApiException as error:
        raise EvidenceError(f"Kubernetes was asked wrongly for {what}: {_one_line(error)}") from error


def parsed(what: str, status: int, body: bytes) -> dict[str, Any]:
    """The answer's JSON. Raises our error for a refusal, and ``Malformed`` for what is no JSON object."""
    try:
        content = json.loads(body)
    except ValueError as error:
        if status >= 400:
            raise _refused(what, status, body.decode("utf-8", "replace")[:200]) from error
        raise Malformed(f"Kubernetes answered {what} with what is not JSON: {error}.") from error
    if status >= 400:
        message = content.get("message") if isinstance(content, dict) else ""
        raise _refused(what, status, str(message or content))
    if not isinstance(content, dict):
        raise Malformed(f"Kubernetes answered {what} with no JSON object.")
    return content


def _refused(what: str, status: int, message: str) -> GatesError:
    told = f"Kubernetes answered {what} with {status}: {_one_line(message)}"
    if status in (401, 403):
        return Denied(told)
    if status == 404:
        return Absent(told)
    if status == 429:
        return Throttled(told)
    return Unreachable(told) if status in _BAD_GATEWAYS else EvidenceError(told)


def _one_line(text: object) -> str:
    line = " ".join(str(text).split())
    return line if line.endswith(".") else f"{line}."
