"""Runs that a release leaves behind: its later checks, and what a rollback leaves to people. Each is scheduled once."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterIdempotencyKey,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Scheduled

from flows.journey import Journey

log = logging.getLogger("gates.flow")


def schedule_later_checks(journey: Journey, finished: datetime) -> None:
    """Schedule every post-deployment block of the plan, counted from the end of the release."""
    for block in journey.plan.post_deployment:
        for turn, seconds in enumerate(block.times, start=1):
            parameters = {"release_id": journey.id, "block": block.id, "turn": turn}
            at = finished + timedelta(seconds=seconds)
            run = schedule(journey, "post-deployment", parameters, at=at, key=f"{block.id}-{turn}", title=block.title)
            _note(journey, block.title, f"{block.id}-{turn}", run, at)


def schedule_follow_up(journey: Journey) -> None:
    """Schedule the run in which people see to what a rollback leaves them; it waits as long as they need."""
    if journey.plan.rollback.follow_up.items:
        now, title = datetime.now(UTC), "Follow-up of the rollback"
        run = schedule(journey, "follow-up", {"release_id": journey.id}, at=now, key="follow-up", title=title)
        _note(journey, title, "follow-up", run, now)


def schedule_rollback(journey: Journey, reason: str, asked_by: str) -> UUID | None:
    """Start the rollback of a finished release as a run of its own, once for each that asks."""
    parameters = {"release_id": journey.id, "reason": reason}
    return schedule(journey, "rollback", parameters, at=datetime.now(UTC), key=f"rollback-{asked_by}", title="Rollback")


def wake_at(journey: Journey, run: UUID, at: datetime, key: str) -> None:
    """Have a suspended run woken when its hold expires: expired by Prefect itself, it would end with nobody to roll back."""
    schedule(journey, "wake", {"flow_run_id": str(run)}, at=at, key=key, title="Expiry of a hold")


def forget_wakes(journey: Journey) -> None:
    """Remove the runs that would wake a release which has ended: nobody needs to see them among the scheduled ones."""
    keys = [f"{journey.id}-{hold}" for hold in dict.fromkeys(entry.body["hold"] for entry in journey.record.of("held"))]
    if not keys:
        return
    scheduled = FlowRunFilter(
        idempotency_key=FlowRunFilterIdempotencyKey(any_=keys),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
    )
    with get_client(sync_client=True) as client:
        for run in client.read_flow_runs(flow_run_filter=scheduled):
            client.delete_flow_run(run.id)


def set_waiting(run: UUID, roles: list[str]) -> None:
    """Tag a run with those whom it waits for, so that the UI's filter by tag is an inbox; no role: it waits for nobody."""
    with get_client(sync_client=True) as client:
        tags = set(client.read_flow_run(run).tags)
        wanted = {tag for tag in tags if not tag.startswith("waiting")} | ({"waiting"} if roles else set())
        wanted |= {f"waiting for {role}" for role in roles}
        if wanted != tags:
            client.update_flow_run(run, tags=sorted(wanted))


def schedule(journey: Journey, flow: str, parameters: Mapping[str, Any], *, at: datetime, key: str, title: str) -> UUID | None:
    """A run of ``flow/<environment>`` at a time, once per key. None, and a log entry, where there is no such deployment."""
    name = f"{flow}/{journey.plan.environment}"
    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(name)
        except ObjectNotFound:
            log.warning("There is no deployment %s, so it was not scheduled; run `gates deploy` and start it by hand.", name)
            return None
        run = client.create_flow_run_from_deployment(
            deployment.id,
            parameters=dict(parameters),
            state=Scheduled(scheduled_time=at),
            idempotency_key=f"{journey.id}-{key}",
            name=f"{title}: {journey.plan.title} {journey.plan.version} in {journey.plan.environment}",
        )
    return run.id


def _note(journey: Journey, title: str, name: str, run: UUID | None, at: datetime) -> None:
    if run is None:
        return
    if journey.record.last("scheduled", where=lambda body: body["name"] == name) is None:
        journey.record.append("scheduled", {"name": name, "title": title, "flow_run": str(run), "at": at.isoformat()})
