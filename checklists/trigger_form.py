"""The part of the trigger form that the checklists decide: which there are, and what each asks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from checklists.loader import load, names
from checklists.model import Checklist, Parameter
from checklists.parameters import default
from tasks.core.errors import DefinitionError

_TYPES = {"text": "string", "choice": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
_DEFAULTS = "Defaults"


def sound(folder: Path) -> list[Checklist]:
    """The checklists to offer. One with mistakes is left out, so that the others can still be released."""
    return list(_whole(folder))


def checklist_schema(checklists: Sequence[Checklist]) -> dict[str, Any]:
    """JSON schema of the dropdown."""
    every = [each.checklist for each in checklists]
    schema: dict[str, Any] = {"type": "string", "title": "Checklist", "description": "The system and its checklist"}
    # An empty enum is no valid JSON schema.
    return schema | ({"enum": every} if every else {}) | ({"default": every[0]} if len(every) == 1 else {})


def environment_schema(checklists: Sequence[Checklist]) -> dict[str, Any]:
    """JSON schema of the dropdown with the environments of every checklist; whether the chosen one has it is judged later."""
    every = list(dict.fromkeys(name for each in checklists for name in each.environments))
    schema: dict[str, Any] = {"type": "string", "description": "Where it is released to, or looked at"}
    return schema | ({"enum": every} if every else {})


def reasons_schema(checklists: Sequence[Checklist]) -> dict[str, Any]:
    """JSON schema of the reasons that the checklists offer to who starts a rollback."""
    offered = [each.rollback.offered for each in checklists if each.rollback]
    every = list(dict.fromkeys(reason for reasons in offered for reason in reasons))
    described = "The checklist's own reasons, where one of them applies"
    return {"type": "array", "description": described, "items": {"type": "string"} | ({"enum": every} if every else {})}


def answers_schema(checklists: Sequence[Checklist]) -> dict[str, Any]:
    """JSON schema of the answers: an object with one object a checklist, and in it one property a parameter.

    Where several checklists ask, the form shows a tab for each (``anyOf``), and first one that asks nothing.
    """
    every = {each.checklist: _questions(each) for each in checklists if each.parameters}
    schema = {"type": "object", "title": "Answers", "properties": every, "default": {}}
    if len(every) < 2:
        return schema | {"description": "What is left as it is keeps its default."}
    tabs = [{"title": each["title"], "type": "object", "properties": {name: each}} for name, each in every.items()]
    described = "The questions of each checklist. Choose the tab of yours, or let every question keep its default."
    # The properties stay beside the tabs: by them an answer that does not fit is refused at its own field.
    return schema | {"description": described, "anyOf": [{"title": _DEFAULTS, "type": "object", "properties": {}}, *tabs]}


def answers_for(checklist: Checklist, answers: Mapping[str, Any], others: Collection[str] | None = None) -> dict[str, Any]:
    """The answers to this checklist, given flat or under its name.

    Mappings under another name are answers to checklists that were not chosen. With ``others``, the names there are, a mapping
    under an unknown name is kept, so that the binding refuses it; and ``DefinitionError`` says when only others were answered.
    """
    own = answers.get(checklist.checklist, {})
    groups = [name for name, value in answers.items() if isinstance(value, Mapping) and (others is None or name in others)]
    foreign = [name for name in groups if name != checklist.checklist]
    if others is not None and foreign and len(foreign) == len(answers):
        told = f"The answers are those of '{foreign[0]}', and '{checklist.checklist}' is released"
        raise DefinitionError(f"{told}: answer the questions of the same checklist, or keep every default.")
    flat = {name: value for name, value in answers.items() if name not in (checklist.checklist, *foreign)}
    return {**flat, **own} if isinstance(own, Mapping) else {**flat, checklist.checklist: own}


def _whole(folder: Path) -> Iterator[Checklist]:
    for name in names(folder):
        try:
            yield load(folder / f"{name}.yaml").checklist
        except DefinitionError:
            continue  # told by `gates check` and when it is released


def _questions(checklist: Checklist) -> dict[str, Any]:
    # Nothing is `required` here: the form sends, and Prefect validates, the parts of unchosen checklists too.
    return {
        "type": "object",
        "title": checklist.title,
        "properties": {name: _question(name, each) for name, each in checklist.parameters.items()},
    }


def _question(name: str, parameter: Parameter) -> dict[str, Any]:
    given = {
        "title": parameter.title or name.replace("_", " ").capitalize(),
        "description": " ".join(filter(None, (parameter.description, "Must be given." if parameter.required else ""))),
        "type": _TYPES[parameter.type],
        "default": None if parameter.required else default(parameter),
        "enum": list(parameter.choices),
        # JSON schema searches anywhere in the text; the checklist means the whole of it.
        "pattern": f"^(?:{parameter.pattern})$" if parameter.pattern else "",
        "minimum": parameter.minimum,
        "maximum": parameter.maximum,
    }
    return {
        key: value for key, value in given.items() if value is not None and (value or key in ("default", "minimum", "maximum"))
    }
