"""Backups and snapshots on demand, and what CloudFront forgets: waited for, settled, and kept or repeated when undone."""

from typing import Any

import pytest

from tasks.actions.aws import cloudfront, dynamodb, rds
from tasks.core.errors import ActionError
from tests.tasks.actions.aws.accounts import Backups, Invalidations, Snapshots
from tests.tasks.actions.aws.clouds import writer

TABLES: dict[str, Any] = {"tables": ["orders", "users"], "name": "before-2"}
SNAPSHOT = {"instance": "shop", "snapshot": "shop-before-2"}
PAGES: dict[str, Any] = {"distribution": "E1", "paths": ["/*"]}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


def test_tables_are_backed_up_and_the_backups_kept() -> None:
    backups = Backups()
    aws = writer(dynamodb=backups)
    noted = dynamodb.before(aws, **TABLES)
    done = dynamodb.create_backup(aws, **TABLES)

    assert done.facts == {"orders": "arn:0", "users": "arn:1"}
    assert dynamodb.undo(aws, before=noted, **TABLES) == "Backup before-2 of orders, users is kept."
    assert set(backups.made) == {"arn:0", "arn:1"}


def test_a_backup_that_does_not_become_available_failed() -> None:
    with pytest.raises(ActionError, match="is DELETED, wanted AVAILABLE"):
        dynamodb.create_backup(writer(dynamodb=Backups(status="DELETED")), **TABLES)


def test_backing_up_nothing_is_refused() -> None:
    with pytest.raises(ActionError, match="no table"):
        dynamodb.create_backup(writer(dynamodb=Backups()), tables=[], name="x")


@pytest.mark.parametrize(
    ("tables", "expected"),
    [([], "not done"), (["orders"], "not done"), (["orders", "users"], "done")],
    ids=["before anything", "in the middle", "after the last"],
)
def test_an_interrupted_backup_is_settled(tables: list[str], expected: str) -> None:
    backups = Backups()
    aws = writer(dynamodb=backups)
    backups.create_backup("users", "before-2")  # of an earlier attempt with another release
    noted = dynamodb.before(aws, **TABLES)
    for table in tables:
        backups.create_backup(table, "before-2")

    assert dynamodb.settled(aws, before=noted, **TABLES) == expected


def test_a_snapshot_is_made_and_kept() -> None:
    snapshots = Snapshots()
    aws = writer(rds=snapshots)
    noted = rds.before(aws, **SNAPSHOT)
    done = rds.create_snapshot(aws, **SNAPSHOT)

    assert done.facts == {"snapshot": "shop-before-2"}
    assert rds.undo(aws, before=noted, **SNAPSHOT) == "Snapshot shop-before-2 is kept."
    assert set(snapshots.made) == {"shop-before-2"}


def test_an_old_snapshot_does_not_pass_for_the_new_one() -> None:
    with pytest.raises(ActionError, match="There is a snapshot shop-before-2 already"):
        rds.before(writer(rds=Snapshots(made={"shop-before-2": 9})), **SNAPSHOT)


@pytest.mark.parametrize(
    ("snapshots", "expected"),
    [
        (Snapshots(), "not done"),
        (Snapshots(made={"shop-before-2": 0}), "done"),
        (Snapshots("failed", {"shop-before-2": 0}), "unknown"),
    ],
    ids=["before it began", "while it is made", "it failed"],
)
def test_an_interrupted_snapshot_is_settled(snapshots: Snapshots, expected: str) -> None:
    assert rds.settled(writer(rds=snapshots), before={}, **SNAPSHOT) == expected


def test_a_snapshot_that_fails_is_told() -> None:
    with pytest.raises(ActionError, match="is failed, wanted available"):
        rds.create_snapshot(writer(rds=Snapshots("failed")), **SNAPSHOT)


def test_pages_are_forgotten_and_after_an_undo_once_more() -> None:
    pages = Invalidations()
    aws = writer(cloudfront=pages)
    cloudfront.invalidate(aws, **PAGES)

    assert cloudfront.settled(aws, before={}, **PAGES) == "not done"

    cloudfront.undo(aws, before={}, **PAGES)

    assert pages.asked == [["/*"], ["/*"]]


def test_forgetting_nothing_is_refused() -> None:
    with pytest.raises(ActionError, match="no path"):
        cloudfront.invalidate(writer(cloudfront=Invalidations()), distribution="E1", paths=[])
