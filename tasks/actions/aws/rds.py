"""Snapshots of database instances, made on demand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tasks.actions.aws.waiting import until
from tasks.connect.aws import AwsWriter
from tasks.core.errors import Absent, ActionError
from tasks.core.registry import Done, Settled, action


def before(aws: AwsWriter, *, snapshot: str, **_rest: Any) -> dict[str, Any]:
    """Nothing; raises ``ActionError`` when there is a snapshot of that name, for it would pass for the new one."""
    if _status(aws, snapshot):
        raise ActionError(f"There is a snapshot {snapshot} already; choose a name that no release had before.")
    return {}


def settled(
    aws: AwsWriter,
    *,
    before: Mapping[str, Any],  # noqa: ARG001  the end is told from what there is now
    snapshot: str,
    timeout_minutes: float = 60,
    **_rest: Any,
) -> Settled:
    """Done when the snapshot is, not done when there is none."""
    if not _status(aws, snapshot):
        return "not done"
    return "done" if _ended(aws, snapshot, timeout_minutes) == "available" else "unknown"


def undo(_aws: AwsWriter, *, before: Mapping[str, Any], snapshot: str, **_rest: Any) -> str:  # noqa: ARG001
    """Nothing: a snapshot changes nothing, and is wanted the more when a release is taken back."""
    return f"Snapshot {snapshot} is kept."


@action(
    remedy="aws rds describe-db-snapshots --db-snapshot-identifier <snapshot>",
    before=before,
    settled=settled,
    undo=undo,
    permissions=("rds:CreateDBSnapshot", "rds:DescribeDBSnapshots"),
)
def create_snapshot(aws: AwsWriter, *, instance: str, snapshot: str, timeout_minutes: float = 60) -> Done:
    """Make a snapshot of the database instance as it is now, and wait until it can be restored from.

    ``instance`` and ``snapshot`` are identifiers; the snapshot's must be new. Rolling back keeps the snapshot. Facts: snapshot.

    Example:
        action: aws.rds.create_snapshot
        with: {instance: gennet-prod, snapshot: gennet-prod-before-1-4-0}

    """
    aws.rds.create_db_snapshot(DBInstanceIdentifier=instance, DBSnapshotIdentifier=snapshot)
    state = _ended(aws, snapshot, timeout_minutes)
    if state != "available":
        raise ActionError(f"Snapshot {snapshot} of {instance} is {state}, wanted available.")
    return Done(f"Snapshot {snapshot} of {instance} is available.", {"snapshot": snapshot})


def _ended(aws: AwsWriter, snapshot: str, minutes: float) -> str:
    return until(
        f"making snapshot {snapshot}", lambda: _status(aws, snapshot), lambda seen: seen not in ("", "creating"), minutes * 60
    )


def _status(aws: AwsWriter, snapshot: str) -> str:
    """The snapshot's status; empty when there is none."""
    try:
        found = aws.rds.describe_db_snapshots(DBSnapshotIdentifier=snapshot)["DBSnapshots"]
    except Absent:
        return ""
    return str(found[0]["Status"]) if found else ""
