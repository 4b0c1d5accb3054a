from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case

PLAN, KEPT, COVERED, JOBS, COPIES, RESTORED = (
    f"aws.backup.{name}"
    for name in (
        "plan_in_force", "retention_at_least", "resources_covered", "jobs_succeeded", "copies_succeeded", "restore_tested",
    )
)  # fmt: skip
DAILY = {"plan": "daily"}
TABLE = {"resources": ["table/Orders"]}
UNREAD = {"backup.list_backup_plans": DENIED}
RULE = {"RuleName": "nightly", "ScheduleExpression": "cron(0 5 * * ? *)", "Lifecycle": {"DeleteAfterDays": 30}}


def plan(*rules: dict[str, Any], selections: int = 1, name: str = "daily") -> dict[str, Any]:
    return {
        "backup.list_backup_plans": {"BackupPlansList": [{"BackupPlanId": "p1", "BackupPlanName": name}]},
        "backup.get_backup_plan": {"BackupPlan": {"Rules": list(rules)}},
        "backup.list_backup_selections": {"BackupSelectionsList": [{"SelectionName": "tables"}] * selections},
    }


def protected(hours: float) -> dict[str, Any]:
    moment = datetime.now(UTC) - timedelta(hours=hours)
    found = [{"ResourceArn": "arn:aws:dynamodb:us-east-1:1:table/Orders", "LastBackupTime": moment}]
    return {"backup.list_protected_resources": {"Results": found}}


def jobs(*states: str) -> dict[str, Any]:
    found = [{"State": state, "ResourceArn": f"table/{place}", "StatusMessage": "why"} for place, state in enumerate(states)]
    return {"backup.list_backup_jobs": {"BackupJobs": found}}


def copies(*states: str, to: str = "eu-west-1") -> dict[str, Any]:
    vaults = {"SourceBackupVaultArn": "arn:aws:backup:us-east-1:1:v", "DestinationBackupVaultArn": f"arn:aws:backup:{to}:1:v"}
    return {"backup.list_copy_jobs": {"CopyJobs": [{"State": state, "ResourceArn": "table/0"} | vaults for state in states]}}


def restores(*states: str) -> dict[str, Any]:
    return {
        "backup.list_restore_jobs": {"RestoreJobs": [{"Status": state, "CreatedResourceArn": "table/x"} for state in states]}
    }


CASES = [
    Case("in force", PLAN, DAILY, Status.PASSED, "for tables", plan(RULE)),
    Case("at the wished hour", PLAN, DAILY | {"schedule": "cron(0 5"}, Status.PASSED, "cron(0 5", plan(RULE)),
    Case("at another hour", PLAN, DAILY | {"schedule": "cron(0 3"}, Status.FAILED, "wanted cron(0 3", plan(RULE)),
    Case("by no schedule", PLAN, DAILY, Status.FAILED, "no schedule", plan({"RuleName": "x"})),
    Case("for nothing", PLAN, DAILY, Status.FAILED, "Nothing is assigned", plan(RULE, selections=0)),
    Case("empty account", PLAN, DAILY, Status.FAILED,
         "no backup plan named", {"backup.list_backup_plans": {"BackupPlansList": []}}),
    Case("denied", PLAN, DAILY, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("just long enough", KEPT, DAILY | {"days": 30}, Status.PASSED, "30 days", plan(RULE)),
    Case("too short", KEPT, DAILY | {"days": 31}, Status.FAILED, "wanted at least 31", plan(RULE)),
    Case("for ever", KEPT, DAILY | {"days": 31}, Status.PASSED, "36500", plan({"RuleName": "x", "Lifecycle": {}})),
    Case("no rule", KEPT, DAILY | {"days": 1}, Status.UNKNOWN, "nothing could be judged", plan()),
    Case("no plan", KEPT, DAILY | {"days": 1}, Status.FAILED, "no backup plan named", plan(RULE, name="other")),
    Case("denied", KEPT, DAILY | {"days": 1}, Status.UNKNOWN, "AccessDenied", UNREAD),
    Case("covered", COVERED, TABLE, Status.PASSED, "25 hours ago", protected(25)),
    Case("just too old", COVERED, TABLE, Status.FAILED, "wanted at most 26 hours", protected(26.1)),
    Case("not covered", COVERED, {"resources": ["table/Users"]}, Status.FAILED, "no backup of table/Users", protected(1)),
    Case("none named", COVERED, {"resources": []}, Status.UNKNOWN, "nothing could be judged", protected(1)),
    Case("denied", COVERED, TABLE, Status.UNKNOWN, "AccessDenied", {"backup.list_protected_resources": DENIED}),
    Case("ran", JOBS, {}, Status.PASSED, "1 backup jobs", jobs("COMPLETED", "RUNNING")),
    Case("one failed", JOBS, {}, Status.FAILED, "1 of 2 backup jobs of the last 24 hours failed: table/1 (why)",
         jobs("COMPLETED", "FAILED")),
    Case("one ended half way", JOBS, {"resource_type": "S3"}, Status.FAILED, "1 of 1", jobs("PARTIAL")),
    Case("still running", JOBS, {}, Status.UNKNOWN, "only RUNNING", jobs("RUNNING")),
    Case("none", JOBS, {}, Status.UNKNOWN, "No backup job", jobs()),
    Case("denied", JOBS, {}, Status.UNKNOWN, "AccessDenied", {"backup.list_backup_jobs": DENIED}),
    Case("copied", COPIES, {}, Status.PASSED, "1 copy jobs", copies("COMPLETED")),
    Case("to the same region", COPIES, {}, Status.FAILED, "of the same region", copies("COMPLETED", to="us-east-1")),
    Case("same region will do", COPIES, {"other_region": False}, Status.PASSED, "1 copy", copies("COMPLETED", to="us-east-1")),
    Case("one failed", COPIES, {}, Status.FAILED, "1 of 2 copy jobs", copies("COMPLETED", "FAILED")),
    Case("none", COPIES, {}, Status.UNKNOWN, "No copy job", copies()),
    Case("denied", COPIES, {}, Status.UNKNOWN, "AccessDenied", {"backup.list_copy_jobs": DENIED}),
    Case("restored", RESTORED, {}, Status.PASSED, "1 restores", restores("COMPLETED", "FAILED")),
    Case("only tried", RESTORED, {"resource_type": "S3"}, Status.FAILED, "only FAILED", restores("FAILED")),
    Case("never tried", RESTORED, {}, Status.FAILED, "No restore was completed in the last 90 days.", restores()),
    Case("denied", RESTORED, {}, Status.UNKNOWN, "AccessDenied", {"backup.list_restore_jobs": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
