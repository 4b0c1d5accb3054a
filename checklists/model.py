"""The checklist file as data: what `checklists/<name>.yaml` may say.

Field descriptions below are the documentation of the format: the JSON schema that editors use is generated from them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from checklists.durations import seconds

PhaseKind = Literal["bootstrap", "secrets", "deploy", "validate", "monitor"]
PHASE_KINDS: tuple[PhaseKind, ...] = ("bootstrap", "secrets", "deploy", "validate", "monitor")


def _duration(text: str) -> str:
    seconds(text)
    return text


Duration = Annotated[str, AfterValidator(_duration), Field(description="`90s`, `15m`, `24h`, `7d`, `4w`", examples=["24h"])]
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]


class Part(BaseModel):
    """What all parts of a checklist have in common: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class BoundCheck(Part):
    """One check of an item that has several."""

    check: str = Field(description="ID of a check of the catalogue")
    arguments: dict[str, Any] = Field(
        default_factory=dict, alias="with", description="The check's arguments; templates are allowed in any text"
    )


class FormField(Part):
    """A blank that a signer fills."""

    name: Identifier
    title: str
    required: bool = True
    pattern: str = Field(default="", description="Regular expression that the whole answer must match")


class Approval(Part):
    """A decision that only a person can make."""

    by: str = Field(description="Role that may sign the item")
    fields: tuple[FormField, ...] = Field(default=(), description="Blanks that the signer fills")
    review: bool = Field(
        default=False, description="The item's checks collect evidence for the person and do not close the gate"
    )
    why: str = Field(default="", description="Why a person decides this and not a check")


class Item(Part):
    """One line of the checklist (`item`), or an obligation of it that has no box (`step`)."""

    item: str = Field(default="", description="The line, word for word as the team wrote it")
    step: str = Field(default="", description="What is done or checked without a box of its own in the team's document")
    line: int | None = Field(default=None, ge=1, description="Line of the source document")
    id: Identifier | None = Field(default=None, description="Stable name; made from the words when absent")
    when: str = Field(default="", description="Condition over parameters, environment and earlier outcomes")
    environments: tuple[str, ...] = Field(default=(), description="Only in these environments; empty: in all")
    check: str = Field(default="", description="ID of the check that decides the item")
    checks: tuple[BoundCheck, ...] = Field(default=(), description="Several checks; the worst verdict counts")
    action: str = Field(default="", description="ID of the action that the item stands for")
    arguments: dict[str, Any] = Field(default_factory=dict, alias="with", description="Arguments of `check` or `action`")
    approve: Approval | None = None
    trouble: bool | None = Field(
        default=None, description="A tick here means trouble: met when it is not so; its checks state the good case"
    )
    capture: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], str] = Field(
        default_factory=dict, description="Names for facts of this item, usable later as `{{ captured.<name> }}`"
    )
    items: tuple[Item, ...] = Field(default=(), description="Children; the item is met when they are")

    @property
    def title(self) -> str:
        """The words, whichever key they came under."""
        return self.item or self.step


class Section(Part):
    """A heading with its items."""

    title: str
    when: str = ""
    environments: tuple[str, ...] = ()
    trouble: bool = Field(
        default=False, description="A tick in this list means trouble: its items are met when they are not so"
    )
    decision: Literal["", "go/no-go"] = Field(
        default="",
        description="With the sections beside it that say so too: one gate of its own, opened by people who say go",
    )
    items: tuple[Item, ...] = Field(min_length=1)


class Phase(Part):
    """An ordered part of the checklist, run by the phase flow of its kind."""

    phase: PhaseKind
    title: str
    sections: tuple[Section, ...] = Field(min_length=1)


class Parameter(Part):
    """A value that the person who triggers the release gives, or leaves at its default."""

    title: str = ""
    description: str = ""
    type: Literal["text", "integer", "number", "boolean", "choice"] = "text"
    default: Any = None
    required: bool = Field(default=False, description="Must be given at trigger time; otherwise the default stands")
    choices: tuple[str, ...] = ()
    pattern: str = Field(default="", description="Regular expression that the whole text must match")
    minimum: float | None = None
    maximum: float | None = None


class Environment(Part):
    """Where a release may go, and how strict it is there."""

    values: dict[str, Any] = Field(default_factory=dict, description="Values for templates, such as a name suffix")
    on_failure: Literal["roll back", "ask"] = Field(
        default="roll back", description="After the first change: roll back at once, or ask a person first"
    )
    recheck_every: Duration = Field(default="10s", description="Pause between two samples of a closed gate")
    recheck_for: Duration = Field(default="30s", description="How long a closed gate is sampled again before a person is asked")
    recheck_after: Duration = Field(default="30m", description="A wait longer than this has the gate checked again")
    hold_expires: Duration = Field(default="7d", description="A hold that nobody decided by then ends the release")


class Rollback(Part):
    """What happens when the release must be taken back, beside the undoing of its actions."""

    decide_by: str = Field(description="Role that decides on a rollback where a person does")
    reasons: tuple[str, ...] = Field(default=(), description="Offered when a person starts a rollback")
    triggers: tuple[Section, ...] = Field(
        default=(),
        description="What calls for a rollback: offered as reasons; those with checks are looked at by every later block",
    )
    diagnosis: tuple[Section, ...] = Field(
        default=(),
        description="Before anything is undone: actions that prepare for it, such as stopping what is new; then a look",
    )
    steps: tuple[Section, ...] = Field(
        default=(), description="The team's own rollback commands, after the undoing of the actions"
    )
    verification: tuple[Section, ...] = Field(default=(), description="Checked when everything is undone")
    follow_up: tuple[Section, ...] = Field(default=(), description="Left to people, in a run of their own")

    @property
    def offered(self) -> tuple[str, ...]:
        """What a person who starts a rollback may give as the reason, in whichever environment."""
        return self.reasons + tuple(item.title for section in self.triggers for item in section.items)


class Block(Part):
    """Checks of the finished release at a later time."""

    title: str
    id: Identifier
    after: Duration = Field(description="Time from the end of the release to the first run")
    every: Duration | None = Field(default=None, description="Repeat at this interval …")
    until: Duration | None = Field(default=None, description="… until this long after the end of the release")
    on_failure: Literal["notify", "offer rollback", "roll back"] = "offer rollback"
    decide_by: str = Field(default="", description="Role that decides on an offered rollback; rollback.decide_by when empty")
    sections: tuple[Section, ...] = Field(min_length=1)


class Checklist(Part):
    """The whole file."""

    checklist: Identifier = Field(description="The file's own name, without .yaml")
    title: str
    description: str = ""
    source: str = Field(default="", description="The team's document that the lines come from")
    workspace: str = Field(
        default="", description="Folder of the system's checkout, below GATES_WORKSPACES; default: the checklist's name"
    )
    parameters: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], Parameter] = Field(default_factory=dict)
    environments: dict[Identifier, Environment] = Field(min_length=1)
    roles: dict[str, str] = Field(description="Every role that items name, with what it stands for")
    waive_by: str = Field(default="", description="Role that may open a gate over a failed check; empty: nobody may")
    phases: tuple[Phase, ...] = Field(min_length=1)
    sign_off: tuple[Section, ...] = Field(default=(), description="Signed when all phases are through")
    rollback: Rollback | None = None
    post_deployment: tuple[Block, ...] = ()
