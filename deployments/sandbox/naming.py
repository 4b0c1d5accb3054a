"""Which AWS operation an HTTP request is: ``dynamodb.DescribeTable`` from its headers, body, method and path.

The service comes from the scope of the request's signature, the operation from the protocol: a target header, an
Action in a form, the path of the CBOR protocol, or the method and path of the REST services, matched against the
service's botocore model.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.loaders

SCOPE = re.compile(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/aws4_request")
CBOR_PATH = re.compile(r"^/service/[^/]+/operation/(\w+)")
ENDPOINT_NAMES = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "states": "stepfunctions",
    "elasticloadbalancing": "elbv2",
    "elasticfilesystem": "efs",
    "access-analyzer": "accessanalyzer",
    "execute-api": "apigatewaymanagementapi",
}
NOT_AWS = "http"


@dataclass(frozen=True)
class Call:
    """One request: ``service`` and ``operation`` as botocore names them, ``protocol`` as the error must be written."""

    service: str
    operation: str
    protocol: str

    @property
    def name(self) -> str:
        """As it is counted: service.Operation."""
        return f"{self.service}.{self.operation}"


def service_of(headers: Mapping[str, str], path: str) -> str | None:
    """Name of the service as botocore knows it; None for a request without an AWS signature."""
    scope = SCOPE.search(headers.get("Authorization", ""))
    if scope is None:
        return None
    found = ENDPOINT_NAMES.get(scope[1], scope[1])
    return f"{found}v2" if found in ("apigateway", "ses") and path.startswith("/v2/") else found


@functools.cache
def model(service: str) -> dict[str, Any]:
    """Load botocore's description of a service; empty for one that it does not know."""
    loader = botocore.loaders.Loader()
    if service not in loader.list_available_services("service-2"):
        return {"metadata": {"protocol": "json"}, "operations": {}}
    found: dict[str, Any] = loader.load_service_model(service, "service-2")
    return found


def pattern(uri: str) -> re.Pattern[str]:
    """Regular expression of a request URI's path."""
    path = uri.split("?", 1)[0].rstrip("/")
    escaped = re.sub(r"\\\{\w+\\\}", "[^/]+", re.sub(r"\\\{\w+\\\+\\\}", ".+", re.escape(path)))
    return re.compile(f"^{escaped}/?$")


@dataclass(frozen=True)
class RestOperation:
    """How a REST service's operation looks on the wire; ``keys`` and ``headers`` are those it cannot do without."""

    name: str
    method: str
    path: re.Pattern[str]
    keys: frozenset[str]
    headers: frozenset[str]
    deprecated: bool

    @property
    def vagueness(self) -> tuple[int, int, int, bool]:
        """Sorts the operation that asks for most first, and of two that look alike the one still in use."""
        path = self.path.pattern
        return (-len(self.keys) - len(self.headers), path.count("[^/]+") + path.count(".+"), -len(path), self.deprecated)


def required(shape: dict[str, Any], location: str) -> set[str]:
    """Names of an input's required members that travel in ``location``."""
    members = (shape["members"][name] for name in shape.get("required", ()))
    return {member["locationName"] for member in members if member.get("location") == location}


@functools.cache
def rest_operations(service: str) -> list[RestOperation]:
    """List the operations of a service, the most specific first."""
    described = model(service)
    found = []
    for name, operation in described["operations"].items():
        uri = operation["http"]["requestUri"]
        shape = described["shapes"][operation["input"]["shape"]] if "input" in operation else {}
        keys = set(parse_qs(uri.partition("?")[2], keep_blank_values=True)) | required(shape, "querystring")
        headers = frozenset(header.lower() for header in required(shape, "header"))
        old = bool(operation.get("deprecated"))
        found.append(RestOperation(name, operation["http"]["method"], pattern(uri), frozenset(keys), headers, old))
    return sorted(found, key=lambda operation: operation.vagueness)


def rest_operation(service: str, method: str, path: str, query: str, headers: Mapping[str, str]) -> str:
    """Name of a REST service's operation, or method and path when it is none."""
    keys = set(parse_qs(query, keep_blank_values=True))
    names = {name.lower() for name in headers}
    for one in rest_operations(service):
        if one.method == method and one.keys <= keys and one.headers <= names and one.path.match(unquote(path)):
            return one.name
    return f"{method} {path}"


def call(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Call:
    """Name a request. What carries no AWS signature is ``http`` with its method and path."""
    service = service_of(headers, path)
    if service is None:
        return Call(NOT_AWS, f"{method} {path}", "rest-json")
    if cbor := CBOR_PATH.match(path):
        return Call(service, cbor[1], "cbor")
    if target := headers.get("X-Amz-Target"):
        return Call(service, target.rpartition(".")[2], "json")
    if headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        form = parse_qs(body.decode("utf-8", "replace"))
        if "Action" in form:
            return Call(service, form["Action"][0], "ec2" if service == "ec2" else "query")
    return Call(service, rest_operation(service, method, path, query, headers), str(model(service)["metadata"]["protocol"]))
