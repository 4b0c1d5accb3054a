"""The API as OpenAPI 3: ``python3 -m gennet.openapi`` prints it."""

from __future__ import annotations

import json
import sys
from typing import Any

from .operations import OPERATIONS, Operation

_ERROR = {
    "type": "object",
    "required": ["error", "message"],
    "properties": {"error": {"type": "string"}, "message": {"type": "string"}},
}


def document() -> dict[str, Any]:
    """The whole of it."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "GenNet", "version": "1", "description": "Gene networks and what is inferred from them."},
        "paths": {each.address: {"get": _described(each)} for each in OPERATIONS},
        "components": {"schemas": {"Error": _ERROR}, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _described(operation: Operation) -> dict[str, Any]:
    errors = {"503": ("not_ready", "The service lacks something.")}
    if not operation.public:
        errors["401"] = ("unauthorized", "The token is not good.")
    answers = {"200": _answer(operation.summary, dict(operation.example))}
    answers |= {code: _answer(text, {"error": name, "message": text}) for code, (name, text) in errors.items()}
    return {
        "operationId": operation.path.strip("/").replace("/", "-"),
        "summary": operation.summary,
        "description": f"{operation.summary}. Answered by {operation.service}.",
        "security": [] if operation.public else [{"token": []}],
        "responses": answers,
    }


def _answer(description: str, example: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(document(), indent=2) + "\n")
