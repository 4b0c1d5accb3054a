"""What people see of a release on its page in the Prefect UI: the checklist with ticks, a progress bar, links."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId, ArtifactFilterKey
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.settings import PREFECT_UI_URL
from prefect.states import Completed

from checklists.plan import Plan
from checklists.preview import preview
from checklists.report import OPEN, headline, tally, ticked
from checklists.standing import Standing
from flows.journey import Journey
from flows.later import with_later
from tasks.approvals import Registry
from tasks.connect.settings import Settings
from tasks.core.redaction import redact


def show_checklist(journey: Journey) -> None:
    """Put the checklist as it stands on the page of the current run, with its progress, in place of what stood there."""
    run = UUID(str(flow_run.get_id()))
    text, described = _checklist(journey, journey.standings())
    key = artifact_key("checklist", journey.id)
    if not _replaced(run, key, text, described):
        create_markdown_artifact(key=key, markdown=text, description=described)
    counts = tally(journey.plan.lines(), journey.standings())
    key, share, told = artifact_key("progress", journey.id), _share(counts), headline(counts)
    if not _replaced(run, key, share, told):
        create_progress_artifact(key=key, progress=share, description=told)


def show_later(released: Journey) -> None:
    """Put what later checks have found on the page of the release's own run, in place of when they are due."""
    run = released.record.entries[0].body.get("flow_run")
    if run:
        found = with_later(released.store, released.id, released.plan, released.standings())
        _replaced(UUID(run), artifact_key("checklist", released.id), *_checklist(released, found))


class ChecklistPage:
    """The checklist of a release on its page, shown anew only when something was written down since."""

    def __init__(self, journey: Journey) -> None:
        self._journey = journey
        self._shown = len(journey.record.entries) if journey.record.last("sampled") else 0
        self.refresh()

    def refresh(self) -> None:
        """Show it, unless this very standing has been shown before: a replayed phase says nothing new."""
        self._journey.record.refresh()
        if len(self._journey.record.entries) > self._shown:
            self._shown = len(self._journey.record.entries)
            show_checklist(self._journey)


def show_preview(plan: Plan) -> State[Any]:
    """Put what a release would do on the page of a dry run, which ends here."""
    people = Registry.load(Settings.from_environment().approvers)
    create_markdown_artifact(key="dry-run", markdown=preview(plan, people), description=f"{plan.title}: what would run")
    return Completed(name="Dry run", message=f"{len(plan.lines())} lines; nothing was run.")


def show_text(journey: Journey, name: str, markdown: str, description: str) -> None:
    """Put a text of our own on the page of the current run, such as an incident note."""
    create_markdown_artifact(key=artifact_key(name, journey.id), markdown=redact(markdown), description=description)


def link_to_run(journey: Journey, name: str, run: UUID, text: str) -> None:
    """Put a link to another run on the page of the current one."""
    create_link_artifact(key=artifact_key(name, journey.id), link=run_url(run), link_text=text)


def run_url(run: UUID | str) -> str:
    """The page of a run in the UI."""
    base = (PREFECT_UI_URL.value() or "").rstrip("/")
    return f"{base}/runs/flow-run/{run}"


def this_run_url() -> str:
    """The page of the current run."""
    return run_url(str(flow_run.get_id()))


def artifact_key(name: str, release_id: str) -> str:
    """Artifact keys hold lower-case letters, digits and dashes only."""
    return f"{name}-{release_id}".lower().replace(".", "-").replace("_", "-").replace("+", "-")


def _checklist(journey: Journey, found: Mapping[str, Standing]) -> tuple[str, str]:
    """The checklist and what it is described as."""
    plan = journey.plan
    told = headline(tally(plan.lines(), found))
    return redact(ticked(plan, found, record=_kept(journey))), f"{plan.title} {plan.version} → {plan.environment}. {told}."


def _kept(journey: Journey) -> str:
    """The record's last digest, once it has ended: kept elsewhere, it shows later that nobody has changed it."""
    last = journey.record.entries[-1]
    return f"Record `{journey.id}`, {len(journey.record.entries)} entries, digest `{last.digest}`" if journey.ended else ""


def _share(counts: Mapping[str, int]) -> float:
    """Percent of the lines that are decided; 100 only when none is open."""
    total = sum(counts.values())
    return math.floor(1000 * (total - counts.get(OPEN, 0)) / max(1, total)) / 10


def _replaced(run: UUID, key: str, data: str | float, description: str) -> bool:
    """Whether the run has an artifact of this key, which then shows the new data: one card, not one a phase."""
    mine = ArtifactFilter(key=ArtifactFilterKey(any_=[key]), flow_run_id=ArtifactFilterFlowRunId(any_=[run]))
    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=mine, limit=1)
        if found:
            client.update_artifact(found[0].id, ArtifactUpdate(data=data, description=description))
    return bool(found)
