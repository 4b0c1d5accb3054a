"""The types of the trigger form: what the UI asks for, made from the checklists there are.

A run validates them loosely on purpose: a checklist edited while a release waits must not keep that release from going
on. What a new release is given is judged when its plan is frozen.
"""

from typing import Annotated, Any

from checklists.trigger_form import answers_schema, checklist_schema
from pydantic import Field, WithJsonSchema

from tasks.connect.settings import Settings

_FOLDER = Settings.from_environment().checklists

ChecklistName = Annotated[str, WithJsonSchema(checklist_schema(_FOLDER))]
Answers = Annotated[dict[str, Any], WithJsonSchema(answers_schema(_FOLDER))]
EnvironmentName = Annotated[str, Field(title="Environment", description="One of the checklist's environments")]
Version = Annotated[str, Field(title="Version", description="What is released, such as 1.4.0")]
Requester = Annotated[
    str, Field(title="Requested by", description="Your ID in the registry of approvers; you cannot sign this release")
]
Ticket = Annotated[str, Field(title="Change ticket")]
DryRun = Annotated[bool, Field(title="Dry run", description="Show what would run and who would be asked, and stop")]
ReleaseId = Annotated[str, Field(title="Release", description="The release's name, as `gates status` shows it")]
