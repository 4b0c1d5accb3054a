"""Jobs and what starts them: migrations, backups."""

from __future__ import annotations

from datetime import datetime

from tasks.connect.kubernetes import Kubernetes
from tasks.core.errors import Malformed
from tasks.core.judges import at_most, every
from tasks.core.registry import check
from tasks.core.verdicts import Verdict, failed, passed, unknown
from tasks.core.workloads import condition


@check(permissions=("kubernetes:list batch/v1/jobs",), remedy="kubectl logs job/<job> -n <namespace>")
def succeeded(cluster: Kubernetes, *, jobs: list[str], namespace: str) -> Verdict:
    """Every job has ended well.

    Lists jobs of the namespace. One that still runs fails the check.

    Example:
        check: kubernetes.jobs.succeeded
        with: {jobs: [migrate-database], namespace: shop}

    """

    def ended_well(name: str) -> Verdict:
        job = cluster.get("batch/v1/jobs", name, namespace)
        if condition(job, "Complete").get("status") == "True":
            return passed(f"Job {name} is complete.")
        broken = condition(job, "Failed")
        if broken.get("status") == "True":
            return failed(f"Job {name} failed: {broken.get('reason', 'no reason given')}.")
        return failed(f"Job {name} has not ended yet.")

    return every("job", jobs, ended_well)


@check(permissions=("kubernetes:list batch/v1/cronjobs",), remedy="kubectl get cronjob <cronjob> -n <namespace>")
def schedule_runs(cluster: Kubernetes, *, cronjob: str, namespace: str, hours: float = 24) -> Verdict:
    """The scheduled job is not suspended and has ended well lately.

    A backup that is scheduled and fails every night looks well until it is wanted.
    Lists cronjobs of the namespace. ``hours`` is how long ago its last success may be.

    Example:
        check: kubernetes.jobs.schedule_runs
        with: {cronjob: database-backup, namespace: shop, hours: 24}

    """
    thing = cluster.get("batch/v1/cronjobs", cronjob, namespace)
    if thing["spec"].get("suspend"):
        return failed(f"CronJob {cronjob} is suspended.")
    text = thing["status"].get("lastSuccessfulTime")
    if text is None:
        return unknown(f"CronJob {cronjob} has never ended well, or the cluster does not tell.")
    try:
        passed_hours = (cluster.now - datetime.fromisoformat(text)).total_seconds() / 3600
    except ValueError as error:
        raise Malformed(f"The last success of CronJob {cronjob}, '{text}', is no time.") from error
    return at_most(f"Age of the last success of CronJob {cronjob}", round(passed_hours, 1), hours, "h")
