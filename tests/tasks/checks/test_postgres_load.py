from pathlib import Path
from typing import Any

import pytest

from tasks.core.errors import Denied
from tasks.core.verdicts import Status
from tests.tasks.servers.databases import DSN, database
from tests.tasks.world import Case

CONNECTIONS, TRANSACTIONS, CACHE, SLOW = (
    f"postgres_load.{name}"
    for name in ("connections_below", "no_long_transactions", "cache_hit_at_least", "slow_queries_below")
)
DENIED = database({"SELECT": Denied("permission denied")})


def taken(count: int) -> Any:
    return database({"max_connections": [{"taken": count, "most": 100}]})


def sessions(*found: tuple[str | None, float]) -> Any:
    rows = [{"name": "web of app", "state": state, "minutes": minutes} for state, minutes in found]
    return database({"pg_stat_activity": rows})


def cache(hits: int, reads: int) -> Any:
    return database({"pg_stat_database": [{"hits": hits, "reads": reads}]})


def queries(*means: float, installed: bool = True) -> Any:
    rows = [{"query": "SELECT *\n  FROM orders", "calls": 7, "mean_ms": mean} for mean in means]
    return database({"pg_extension": [{"there": 1}] if installed else [], "pg_stat_statements": rows})


CASES = [
    Case("at the limit", CONNECTIONS, DSN, Status.PASSED, "(80 of 100) is 80 %", server=taken(80)),
    Case("above it", CONNECTIONS, DSN, Status.FAILED, "wanted at most 80 %", server=taken(81)),
    Case("denied", CONNECTIONS, DSN, Status.UNKNOWN, "permission denied", server=DENIED),
    Case("short ones", TRANSACTIONS, DSN, Status.PASSED, "among 2", server=sessions(("active", 5), ("idle", 0))),
    Case("a long one", TRANSACTIONS, DSN, Status.FAILED, "web of app (6 minutes, idle in transaction)",
         server=sessions(("idle in transaction", 6), ("active", 0))),
    Case("others are hidden", TRANSACTIONS, DSN, Status.UNKNOWN, "may not see 1 of 2 sessions",
         server=sessions(("active", 0), (None, 0))),
    Case("just enough", CACHE, DSN, Status.PASSED, "is 90 %", server=cache(90, 10)),
    Case("too little", CACHE, DSN, Status.FAILED, "is 89 %", server=cache(89, 11)),
    Case("nothing was read", CACHE, DSN, Status.UNKNOWN, "has no value", server=cache(0, 0)),
    Case("fast", SLOW, DSN, Status.PASSED, "500 ms in 7 calls of SELECT * FROM orders", server=queries(500, 20)),
    Case("slow", SLOW, DSN, Status.FAILED, "1 queries take more than 500 ms", server=queries(501, 20)),
    Case("not installed", SLOW, DSN, Status.FAILED, "is not installed", server=queries(installed=False)),
    Case("none ran", SLOW, DSN, Status.UNKNOWN, "nothing could be judged", server=queries()),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
