"""The JSON schema of checklist files, from the model and the catalogue: `python -m checklists.schema [--check]`.

An editor that reads it completes keys, checks and their arguments, and shows what each of them is about.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from checklists.arguments import adapter
from checklists.model import Checklist
from tasks.core.registry import Argument, Definition, definitions

FILE = Path(__file__).with_name("checklist.schema.json")

_TEMPLATE = {"type": "string", "pattern": r"\{\{"}
_KINDS: tuple[Literal["check", "action"], ...] = ("check", "action")


def schema() -> dict[str, Any]:
    """The schema as JSON types, draft 2020-12."""
    shape = Checklist.model_json_schema(by_alias=True)
    parts = shape["$defs"]
    for kind in _KINDS:
        every = definitions(kind)
        told = [{"const": name, "description": sentence} for each in every for name, sentence in _names(each)]
        parts[kind] = {"enum": [each["const"] for each in told]} | ({"oneOf": told} if told else {})
        for each in every:
            parts[f"with.{each.id}"] = _arguments(each)
    parts["Item"]["allOf"] = [rule for kind in _KINDS for rule in _rules(kind)]
    parts["BoundCheck"]["allOf"] = list(_rules("check"))
    for part, kind in (("Item", "check"), ("Item", "action"), ("BoundCheck", "check")):
        described = parts[part]["properties"][kind].get("description", "")
        parts[part]["properties"][kind] = {"description": described, "$ref": f"#/$defs/{kind}"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **shape}


def written() -> str:
    """The text of the file."""
    return json.dumps(schema(), indent=1, ensure_ascii=False, default=str) + "\n"


def main(arguments: list[str]) -> int:
    """Write the file; with ``--check`` only say whether it is up to date. The exit status is 0 or 1."""
    text = written()
    if arguments != ["--check"]:
        FILE.write_text(text, encoding="utf-8")
        return 0
    fresh = FILE.is_file() and FILE.read_text(encoding="utf-8") == text
    if not fresh:
        sys.stderr.write(f"{FILE.name} is not what the code says; run `python -m checklists.schema`.\n")
    return 0 if fresh else 1


def _names(definition: Definition) -> Iterator[tuple[str, str]]:
    yield definition.id, f"{definition.title}."
    yield from ((alias, f"Now called {definition.id}. {definition.title}.") for alias in definition.aliases)


def _rules(kind: Literal["check", "action"]) -> Iterator[dict[str, Any]]:
    for definition in definitions(kind):
        names = [definition.id, *definition.aliases]
        needs = {"required": ["with"]} if any(argument.required for argument in definition.arguments) else {}
        yield {
            "if": {"properties": {kind: {"enum": names}}, "required": [kind]},
            "then": {"properties": {"with": {"$ref": f"#/$defs/with.{definition.id}"}}, **needs},
        }


def _arguments(definition: Definition) -> dict[str, Any]:
    return {
        "type": "object",
        "description": definition.why,
        "properties": {argument.name: _argument(argument) for argument in definition.arguments},
        "required": [argument.name for argument in definition.arguments if argument.required],
        "additionalProperties": False,
    }


def _argument(argument: Argument) -> dict[str, Any]:
    shape = adapter(argument.type).json_schema()
    templated = shape if shape.get("type") == "string" and "enum" not in shape else {"anyOf": [shape, _TEMPLATE]}
    return templated if argument.required or argument.default is None else {**templated, "default": argument.default}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
