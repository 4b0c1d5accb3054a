"""AWS Backup: plans that say what is kept, jobs that kept it, copies elsewhere, and restores that worked."""

from __future__ import annotations

from datetime import timedelta

from tasks.connect.aws import Aws
from tasks.core.answers import Answer, only
from tasks.core.judges import at_least, every, listed, recent
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown

_PLANS = ("backup:ListBackupPlans", "backup:GetBackupPlan")
_KEPT_FOR_EVER = 36500
_BROKEN = ("FAILED", "ABORTED", "EXPIRED", "PARTIAL")


@check(
    permissions=(*_PLANS, "backup:ListBackupSelections"), remedy="aws backup list-backup-selections --backup-plan-id <plan id>"
)
def plan_in_force(aws: Aws, *, plan: str, schedule: str = "") -> Verdict:
    """The backup plan has rules that run by a schedule, and something is assigned to it.

    A plan that nothing is assigned to backs up nothing.
    Reads backup:ListBackupPlans, GetBackupPlan and ListBackupSelections. ``plan`` is its name; ``schedule`` is a part of the
    rule's cron expression; empty accepts any. Facts: backup_schedules.

    Example:
        check: aws.backup.plan_in_force
        with: {plan: daily-prod}

    """
    found = _plan(aws, plan)
    schedules = [str(rule["ScheduleExpression"]) for rule in _rules(aws, found) if rule.get("ScheduleExpression")]
    selections = aws.backup.list_backup_selections(BackupPlanId=found["BackupPlanId"])["BackupSelectionsList"]
    if not any(schedule in each for each in schedules):
        return failed(f"Backup plan {plan} runs by {listed(schedules) or 'no schedule'}, wanted {schedule or 'any'}.")
    if not selections:
        return failed(f"Nothing is assigned to backup plan {plan}.")
    names = listed(each["SelectionName"] for each in selections)
    return passed(f"Backup plan {plan} runs by {listed(schedules)} for {names}.", {"backup_schedules": listed(schedules)})


@check(permissions=_PLANS, remedy="aws backup get-backup-plan --backup-plan-id <plan id> --query BackupPlan.Rules")
def retention_at_least(aws: Aws, *, plan: str, days: int) -> Verdict:
    """Every rule of the plan keeps its backups for the wished number of days or longer.

    Damage is often found weeks after it was done.
    Reads backup:ListBackupPlans and backup:GetBackupPlan. ``plan`` is its name. A rule without an end keeps for ever.

    Example:
        check: aws.backup.retention_at_least
        with: {plan: daily-prod, days: 30}

    """

    def long_enough(rule: Answer) -> Verdict:
        kept = int(rule.get("Lifecycle", {}).get("DeleteAfterDays") or _KEPT_FOR_EVER)
        return at_least(f"Retention by rule {rule['RuleName']} of backup plan {plan}", kept, days, "days")

    return every("rule", _rules(aws, _plan(aws, plan)), long_enough)


@check(
    permissions=("backup:ListProtectedResources",),
    remedy="aws backup list-protected-resources --query Results[].[ResourceArn,LastBackupTime]",
)
def resources_covered(aws: Aws, *, resources: list[str], hours: float = 26) -> Verdict:
    """Every resource has a recent backup in AWS Backup.

    What was forgotten in the plan is missed on the day of the restore.
    Reads backup:ListProtectedResources. ``resources`` are ARNs or their ends, such as ``table/Orders-prod``; ``hours`` is the
    oldest that the last backup may be.

    Example:
        check: aws.backup.resources_covered
        with: {resources: [table/Orders-prod], hours: 26}

    """
    found = aws.backup.list_protected_resources()["Results"]

    def covered(name: str) -> Verdict:
        mine = [each for each in found if str(each["ResourceArn"]).endswith(name)]
        if not mine:
            return failed(f"AWS Backup has no backup of {name}.")
        return recent(f"The last backup of {name}", max(each["LastBackupTime"] for each in mine), aws.now, hours)

    return every("resource", resources, covered)


@check(permissions=("backup:ListBackupJobs",), remedy="aws backup list-backup-jobs --by-state FAILED")
def jobs_succeeded(aws: Aws, *, hours: float = 24, resource_type: str = "") -> Verdict:
    """Backup jobs ran in the last hours, and none of them failed.

    A job that fails every night looks like one that works until it is needed. No job at all is unknown.
    Reads backup:ListBackupJobs. ``resource_type`` narrows to DynamoDB, S3, RDS, EBS, EFS, …

    Example:
        check: aws.backup.jobs_succeeded
        with: {hours: 24, resource_type: DynamoDB}

    """
    narrowed = {"ByResourceType": resource_type} if resource_type else {}
    since = aws.now - timedelta(hours=hours)
    jobs = aws.backup.list_backup_jobs(ByCreatedAfter=since, **narrowed)["BackupJobs"]
    return _ended_well("backup", jobs, hours)


@check(permissions=("backup:ListCopyJobs",), remedy="aws backup list-copy-jobs --by-state FAILED")
def copies_succeeded(aws: Aws, *, hours: float = 48, other_region: bool = True) -> Verdict:
    """Backups were copied to another region in the last hours, and no copy failed.

    The copy is what is left when the region, or the account's vault, is not.
    Reads backup:ListCopyJobs. ``other_region`` refuses copies to a vault of the same region.

    Example:
        check: aws.backup.copies_succeeded
        with: {hours: 48}

    """
    jobs = aws.backup.list_copy_jobs(ByCreatedAfter=aws.now - timedelta(hours=hours))["CopyJobs"]
    near = [
        str(each["DestinationBackupVaultArn"])
        for each in jobs
        if other_region and each["DestinationBackupVaultArn"].split(":")[3] == each["SourceBackupVaultArn"].split(":")[3]
    ]
    if near:
        return failed(f"Backups are copied to {listed(dict.fromkeys(near))} of the same region, wanted another.")
    return _ended_well("copy", jobs, hours)


@check(permissions=("backup:ListRestoreJobs",), remedy="aws backup start-restore-job --recovery-point-arn <arn> …")
def restore_tested(aws: Aws, *, days: float = 90, resource_type: str = "") -> Verdict:
    """A backup was restored within the last days.

    A backup that nobody has restored is a hope. Whether the restored data is right, a person must compare.
    Reads backup:ListRestoreJobs. ``resource_type`` narrows to DynamoDB, S3, RDS, EBS, EFS, …

    Example:
        check: aws.backup.restore_tested
        with: {days: 90, resource_type: DynamoDB}

    """
    narrowed = {"ByResourceType": resource_type} if resource_type else {}
    jobs = aws.backup.list_restore_jobs(ByCreatedAfter=aws.now - timedelta(days=days), **narrowed)["RestoreJobs"]
    done = [each for each in jobs if each["Status"] == "COMPLETED"]
    if not done:
        states = listed(dict.fromkeys(each["Status"] for each in jobs))
        return failed(f"No restore was completed in the last {days:g} days{f', only {states}' if states else ''}.")
    made = listed(each.get("CreatedResourceArn", "a resource") for each in done)
    return passed(f"{len(done)} restores were completed in the last {days:g} days, which made {made}.")


def _ended_well(kind: str, jobs: list[Answer], hours: float) -> Verdict:
    states = [str(each["State"]) for each in jobs]
    broken = [
        f"{each['ResourceArn']} ({each.get('StatusMessage') or each['State']})" for each in jobs if each["State"] in _BROKEN
    ]
    if broken:
        return failed(f"{len(broken)} of {len(jobs)} {kind} jobs of the last {hours:g} hours failed: {listed(broken)}.")
    if "COMPLETED" not in states:
        waiting = listed(dict.fromkeys(states))
        return unknown(f"No {kind} job was completed in the last {hours:g} hours{f', only {waiting}' if waiting else ''}.")
    return passed(f"{states.count('COMPLETED')} {kind} jobs were completed in the last {hours:g} hours and none failed.")


def _plan(aws: Aws, name: str) -> Answer:
    plan: Answer = only("backup plan", aws.backup.list_backup_plans()["BackupPlansList"], "BackupPlanName", name)
    return plan


def _rules(aws: Aws, plan: Answer) -> list[Answer]:
    rules: list[Answer] = aws.backup.get_backup_plan(BackupPlanId=plan["BackupPlanId"])["BackupPlan"]["Rules"]
    return rules
