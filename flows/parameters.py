"""The types of the trigger forms: what the UI asks for, made from the checklists there are.

A run validates them loosely on purpose: a checklist edited while a release waits must not keep that release from going
on. What a new release is given is judged when its plan is frozen. Prefect's form shows a parameter's name and the
description of its schema; titles of ours it overwrites.
"""

from typing import Annotated, Any

from pydantic import WithJsonSchema

from checklists.request import VERSION
from checklists.trigger_form import answers_schema, checklist_schema, environment_schema, reasons_schema, sound
from tasks.connect.settings import Settings, environment

# A process that carries out a run shows nobody a form, and reading every checklist is most of its start.
_CARRIES_OUT = bool(environment(("PREFECT__FLOW_RUN_ID",)))
_OFFERED = [] if _CARRIES_OUT else sound(Settings.from_environment().checklists)


def _text(description: str, **more: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description, **more})


def _switch(description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "boolean", "description": description})


ChecklistName = Annotated[str, WithJsonSchema(checklist_schema(_OFFERED))]
EnvironmentName = Annotated[str, WithJsonSchema(environment_schema(_OFFERED))]
# Nothing at all is what the API may send; the form always sends an object.
Answers = Annotated[dict[str, Any] | None, WithJsonSchema(answers_schema(_OFFERED))]
Version = Annotated[str, _text("The version that is released, such as 1.4.0", pattern=f"^{VERSION}$")]
Requester = Annotated[str, _text("Your ID in the registry of approvers; you cannot sign this release yourself")]
Ticket = Annotated[str, _text("The change request that this release carries out, such as CHG-1042")]
DryRun = Annotated[bool, _switch("Show what would run and who would be asked, and change nothing")]
CheckedVersion = Annotated[str, _text("The version that should be there; only checks of the version itself look at it")]
Asker = Annotated[str, _text("Who wants to know")]
Act = Annotated[bool, _switch("Also perform the phase's actions; otherwise it only looks")]
ReleaseId = Annotated[
    str, _text("The release's name, such as session-management-production-1a2b3c4d5e6f; gates status lists them")
]
ReleaseRun = Annotated[str, _text("Instead of the release's name: the ID of its run, from the address of the run's page")]
Reason = Annotated[str, _text("Why the release is taken back; it goes into the incident note")]
Because = Annotated[list[str] | None, WithJsonSchema(reasons_schema(_OFFERED))]
BlockId = Annotated[str, _text("ID of one of the checklist's post-deployment blocks, such as first-day")]
Turn = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1, "description": "Counts the repetitions of a block"})]

NO_ANSWERS: dict[str, Any] = {}
"""The default of ``answers``: the form then opens with every question at its own default."""
