"""Faults of the stand-in API: what it refuses, delays or breaks, in the words that Kubernetes uses.

A fault is a JSON object:

    {"name": "no-secrets", "verb": "list", "resource": "secrets", "namespace": "halcytone", "object": "*",
     "status": 403 | 429 | 500 | 503, "latency_ms": 800, "drop": true, "first": 3}

``verb`` (get, list, watch, create, update, patch, delete), ``resource`` (``pods``, ``deployments.apps``), ``namespace`` and
``object`` are globs and default to everything; discovery has the resource ``discovery``. ``first`` limits the fault to so
many requests.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import Any

from .kinds import Address

_REASONS = {
    400: "BadRequest",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    410: "Expired",
    415: "UnsupportedMediaType",
    422: "Invalid",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
}


@dataclass
class Fault:
    """One fault and how many requests it may still meet (None: all of them)."""

    name: str
    verb: str = "*"
    resource: str = "*"
    namespace: str = "*"
    object: str = "*"
    status: int = 0
    latency_ms: int = 0
    drop: bool = False
    first: int | None = None

    def meets(self, verb: str, found: Address | None) -> bool:
        """Whether the fault applies to a request; None is discovery."""
        names = ("discovery", "", "") if found is None else (found.kind.id, found.namespace, found.name)
        globs = (self.resource, self.namespace, self.object)
        return (
            self.first != 0
            and fnmatchcase(verb, self.verb)
            and all(fnmatchcase(name, glob) for name, glob in zip(names, globs, strict=True))
        )

    def spend(self) -> None:
        """Count one request that it met."""
        if self.first is not None:
            self.first -= 1


def read(text: str) -> list[Fault]:
    """Parse a JSON list of faults; ValueError or TypeError when it is not one."""
    return [Fault(**entry) for entry in json.loads(text)]


def as_json(faults: list[Fault]) -> list[dict[str, Any]]:
    """Faults as JSON objects, the form that ``read`` takes."""
    return [asdict(fault) for fault in faults]


def refusal(status: int, verb: str, found: Address | None) -> dict[str, Any]:
    """The Status object of a refused request."""
    resource, group, scope = ("", "", "") if found is None else (found.kind.plural, found.kind.group, found.namespace)
    where = f' in the namespace "{scope}"' if scope else " at the cluster scope"
    name = f' "{found.name}"' if found is not None and found.name else ""
    subject = f"{resource}.{group}" if group else resource
    messages = {
        403: f'{subject}{name} is forbidden: User "release" cannot {verb} resource "{resource}" in API group "{group}"{where}',
        429: "the server has received too many requests and has asked us to try again later",
        503: "the server is currently unable to handle the request",
    }
    return said(status, messages.get(status, "Internal error occurred: the stand-in was told to fail"))


def said(code: int, message: str, **details: Any) -> dict[str, Any]:
    """A Status object."""
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message}
    return status | {"reason": _REASONS.get(code, "Unknown"), "code": code} | ({"details": details} if details else {})
