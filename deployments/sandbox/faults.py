"""Faults that the gateway puts between a client and the emulated AWS, and how AWS would word each refusal.

A fault is a JSON object:

    {"name": "denied", "service": "dynamodb", "operation": "Describe*", "body": "Sessions-prod",
     "deny": true | "throttle": true | "error500": true | "drop": true,
     "latency_ms": 1500, "rewrite": [["pattern", "replacement"]], "first": 3, "unless": ["sts.*"]}

``service`` and ``operation`` are globs and default to everything; ``body`` must occur in the request; ``first``
limits the fault to so many requests; ``unless`` are globs of ``service.Operation`` that it spares. ``rewrite`` changes
the text of the answer.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from xml.sax.saxutils import escape

from .naming import Call

KINDS = ("deny", "throttle", "error500")
CODES = {
    "deny": {"query": "AccessDenied", "ec2": "UnauthorizedOperation", "rest-xml": "AccessDenied"},
    "throttle": {"query": "Throttling", "ec2": "RequestLimitExceeded", "rest-xml": "SlowDown"},
    "error500": {"query": "InternalFailure", "ec2": "InternalError", "rest-xml": "InternalError"},
}
JSON_CODES = {"deny": "AccessDeniedException", "throttle": "ThrottlingException", "error500": "InternalServerError"}
STATUS = {
    "deny": {"query": 403, "ec2": 403, "rest-xml": 403, "rest-json": 403},
    "throttle": {"rest-xml": 503, "ec2": 503, "rest-json": 429},
    "error500": {},
}
DEFAULT_STATUS = {"deny": 400, "throttle": 400, "error500": 500}


@dataclass
class Fault:
    """One fault and how many requests it may still meet (None: all of them)."""

    name: str
    service: str = "*"
    operation: str = "*"
    body: str = ""
    deny: bool = False
    throttle: bool = False
    error500: bool = False
    drop: bool = False
    latency_ms: int = 0
    rewrite: list[tuple[str, str]] = field(default_factory=list)
    first: int | None = None
    unless: list[str] = field(default_factory=list)

    def meets(self, call: Call, body: bytes) -> bool:
        """Whether this fault applies to a call."""
        return (
            self.first != 0
            and fnmatchcase(call.service, self.service)
            and fnmatchcase(call.operation, self.operation)
            and (not self.body or self.body.encode() in body)
            and not any(fnmatchcase(call.name, spared) for spared in self.unless)
        )

    def spend(self) -> None:
        """Count one call that it met."""
        if self.first is not None:
            self.first -= 1

    @property
    def refusal(self) -> str | None:
        """What kind of refusal it is, if any."""
        return next((kind for kind in KINDS if getattr(self, kind)), None)


def read(text: str) -> list[Fault]:
    """Parse a JSON list of faults; ValueError or TypeError when it is not one."""
    return [Fault(**entry) for entry in json.loads(text)]


@dataclass(frozen=True)
class Refusal:
    """An HTTP answer in the protocol of the call it refuses."""

    status: int
    headers: dict[str, str]
    body: bytes


def message(kind: str, call: Call) -> str:
    """Words of a refusal, as AWS says them."""
    if kind == "deny":
        return f"User: arn:aws:iam::123456789012:user/release is not authorized to perform: {call.service}:{call.operation}"
    return "Rate exceeded" if kind == "throttle" else "We encountered an internal error. Please try again."


def cbor_text(text: str) -> bytes:
    """One CBOR text string of up to 65535 bytes (RFC 8949, major type 3)."""
    content = text.encode()
    return b"\x79" + len(content).to_bytes(2, "big") + content


def xml_body(protocol: str, code: str, text: str) -> str:
    """Body of a refusal in one of the XML protocols."""
    detail = f"<Code>{code}</Code><Message>{escape(text)}</Message>"
    if protocol == "rest-xml":
        return f"<Error>{detail}</Error>"
    if protocol == "ec2":
        return f"<Response><Errors><Error>{detail}</Error></Errors><RequestID>fault</RequestID></Response>"
    return f"<ErrorResponse><Error><Type>Sender</Type>{detail}</Error><RequestId>fault</RequestId></ErrorResponse>"


def refusal(kind: str, call: Call) -> Refusal:
    """Word the refusal of ``call``: ``kind`` is deny, throttle or error500."""
    protocol, text = call.protocol, message(kind, call)
    status = STATUS[kind].get(protocol, DEFAULT_STATUS[kind])
    code = CODES[kind].get(protocol, JSON_CODES[kind])
    if protocol == "cbor":
        body = b"\xa2" + b"".join(map(cbor_text, ("__type", code, "message", text)))
        return Refusal(status, {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, body)
    if protocol in CODES[kind]:
        return Refusal(status, {"Content-Type": "text/xml"}, xml_body(protocol, code, text).encode())
    answer = json.dumps({"__type": code, "message": text, "Message": text}).encode()
    return Refusal(status, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}, answer)


def rewritten(faults: list[Fault], body: bytes) -> bytes:
    """Apply the rewrites, in order, to an answer's text."""
    rules = [rule for fault in faults for rule in fault.rewrite]
    if not rules:
        return body
    text = body.decode("utf-8", "replace")
    for old, new in rules:
        text = re.sub(old, new, text)
    return text.encode()


def as_json(faults: list[Fault]) -> list[dict[str, Any]]:
    """Faults as JSON objects, the form that ``read`` takes."""
    return [dict(vars(fault)) for fault in faults]
