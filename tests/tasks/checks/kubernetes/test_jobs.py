from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import conditions, thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

SUCCEEDED, RUNS = "kubernetes.jobs.succeeded", "kubernetes.jobs.schedule_runs"
MIGRATE = {"jobs": ["migrate"], "namespace": "shop"}
BACKUP = {"cronjob": "backup", "namespace": "shop"}


def job(**held: str) -> dict[str, object]:
    return thing("batch/v1", "Job", "migrate", spec={}, status={"conditions": conditions(**held)})


def cron(hours: float, *, suspend: bool = False) -> dict[str, object]:
    moment = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    return thing("batch/v1", "CronJob", "backup", spec={"suspend": suspend}, status={"lastSuccessfulTime": moment})


NEVER = thing("batch/v1", "CronJob", "backup", spec={}, status={"lastScheduleTime": "2026-01-01T00:00:00Z"})
UNTIMELY = thing("batch/v1", "CronJob", "backup", spec={}, status={"lastSuccessfulTime": "last night"})
CASES = [
    Case("complete", SUCCEEDED, MIGRATE, Status.PASSED, "is complete", server=cluster(job(Complete="True"))),
    Case("failed", SUCCEEDED, MIGRATE, Status.FAILED, "BackoffLimit", server=cluster(job(Failed="True: BackoffLimitExceeded"))),
    Case("still running", SUCCEEDED, MIGRATE, Status.FAILED, "not ended yet", server=cluster(job())),
    Case("not there", SUCCEEDED, MIGRATE, Status.FAILED, "no migrate", server=cluster()),
    Case("denied", SUCCEEDED, MIGRATE, Status.UNKNOWN, "403", server=refusing("jobs.batch")),
    Case("last night", RUNS, BACKUP, Status.PASSED, "is 9 h", server=cluster(cron(9))),
    Case("a day and more ago", RUNS, BACKUP, Status.FAILED, "wanted at most 24", server=cluster(cron(24.5))),
    Case("suspended", RUNS, BACKUP, Status.FAILED, "is suspended", server=cluster(cron(9, suspend=True))),
    Case("never", RUNS, BACKUP, Status.UNKNOWN, "never ended well", server=cluster(NEVER)),
    Case("no time", RUNS, BACKUP, Status.UNKNOWN, "is no time", server=cluster(UNTIMELY)),
    Case("not there", RUNS, BACKUP, Status.FAILED, "no backup", server=cluster()),
    Case("denied", RUNS, BACKUP, Status.UNKNOWN, "403", server=refusing("cronjobs.batch")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
