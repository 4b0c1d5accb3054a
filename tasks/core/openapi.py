"""Reading an OpenAPI 3 description: its operations, and what each of them leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.core.answers import record
from tasks.core.errors import Malformed

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def operations(content: Any) -> list[tuple[str, dict[str, Any]]]:
    """``("GET /users", operation)`` of every path. Raises ``Malformed`` for what is no OpenAPI 3 description."""
    if not isinstance(content, dict) or not str(content.get("openapi", "")).startswith("3"):
        raise Malformed("The file is no OpenAPI 3 description.")
    paths = record(content.get("paths") or {}, "'paths'")
    return [
        (f"{method.upper()} {path}", record(operation, f"{method.upper()} {path}"))
        for path, item in paths.items()
        for method, operation in record(item, str(path)).items()
        if method in _METHODS
    ]


def gaps(operation: Mapping[str, Any], sought: Sequence[str]) -> list[str]:
    """Which of ``description``, ``example`` and ``error code`` the operation lacks, as the end of a sentence."""
    answers = record(operation.get("responses") or {}, "'responses'")
    has = {
        "description": bool(str(operation.get("summary") or operation.get("description") or "").strip()),
        "example": bool(answers) and all(_exemplified(each) for each in answers.values()),
        "error code": any(str(code)[:1] in "45" or code == "default" for code in answers),
    }
    words = {"description": "a description", "example": "an example of its answers", "error code": "its error codes"}
    return [words[name] for name in sought if not has[name]]


def _exemplified(answer: Any) -> bool:
    """Whether every content of an answer has an example; an answer without content needs none."""
    contents = record(record(answer, "An answer").get("content") or {}, "'content'")
    return all(_has_example(record(content, str(kind))) for kind, content in contents.items())


def _has_example(content: Mapping[str, Any]) -> bool:
    schema = record(content.get("schema") or {}, "'schema'")
    return any(name in place for name in ("example", "examples") for place in (content, schema))
