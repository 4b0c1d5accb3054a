from pathlib import Path
from typing import Any

import pytest

from tasks.core.errors import Unreachable
from tasks.core.verdicts import Status
from tests.tasks.servers.databases import DSN, database
from tests.tasks.world import Case

CONFIGURED, WAITS = "pgbouncer.pool_configured", "pgbouncer.nobody_waits"
SHOP = DSN | {"database": "shop"}
GONE = database({"SHOW": Unreachable("Connection refused")})


def console(mode: str | None = None, size: int = 20, default: str = "transaction") -> Any:
    return database({
        "DATABASES": [{"name": "shop", "pool_mode": mode, "pool_size": size}],
        "CONFIG": [{"key": "pool_mode", "value": default}, {"key": "default_pool_size", "value": "20"}],
    })  # fmt: skip


def pools(*waiting: int) -> Any:
    own = {"database": "pgbouncer", "cl_waiting": 9}
    return database({"POOLS": [own, *({"database": "shop", "cl_waiting": count} for count in waiting)]})


CASES = [
    Case("by the default", CONFIGURED, SHOP, Status.PASSED, "Pool mode of shop is 'transaction'", server=console()),
    Case("another kind", CONFIGURED, SHOP, Status.FAILED, "is 'session', wanted 'transaction'", server=console("session")),
    Case(
        "too small", CONFIGURED, SHOP | {"pool_size_at_least": 21}, Status.FAILED, "is 20, wanted at least 21", server=console()
    ),
    Case("no pool", CONFIGURED, DSN | {"database": "other"}, Status.FAILED, "no database named 'other'", server=console()),
    Case("gone", CONFIGURED, SHOP, Status.UNKNOWN, "Connection refused", server=GONE),
    Case("nobody", WAITS, DSN, Status.PASSED, "in 2 pools is 0", server=pools(0, 0)),
    Case("some", WAITS, DSN, Status.FAILED, "is 3, wanted at most 0", server=pools(0, 3)),
    Case("no pool", WAITS, DSN, Status.UNKNOWN, "has no pool yet", server=pools()),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
