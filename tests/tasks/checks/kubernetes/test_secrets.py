from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

EXIST, KEYS = "kubernetes.secrets.exist", "kubernetes.secrets.keys_set"
NAMED = {"secrets": ["web"], "namespace": "shop"}
WANTED = {"secret": "web", "keys": ["DATABASE_URL"], "namespace": "shop"}
VALUE = "cG9zdGdyZXM6Ly91c2VyOnBhc3NAaG9zdC9kYg=="
SECRET = thing("v1", "Secret", "web", data={"DATABASE_URL": VALUE, "EMPTY": ""})
CASES = [
    Case("there", EXIST, NAMED, Status.PASSED, "Secret web is there", server=cluster(SECRET)),
    Case("not there", EXIST, NAMED, Status.FAILED, 'secrets "web" not found', server=cluster()),
    Case("none named", EXIST, {**NAMED, "secrets": []}, Status.UNKNOWN, "nothing could be judged", server=cluster()),
    Case("denied", EXIST, NAMED, Status.UNKNOWN, 'cannot get resource "secrets"', server=refusing("secrets")),
    Case("has the key", KEYS, WANTED, Status.PASSED, "has DATABASE_URL", server=cluster(SECRET)),
    Case("lacks the key", KEYS, {**WANTED, "keys": ["API_KEY"]}, Status.FAILED, "lacks API_KEY", server=cluster(SECRET)),
    Case("key is empty", KEYS, {**WANTED, "keys": ["EMPTY"]}, Status.FAILED, "lacks EMPTY", server=cluster(SECRET)),
    Case("no key wanted", KEYS, {**WANTED, "keys": []}, Status.UNKNOWN, "does not say what", server=cluster(SECRET)),
    Case("not there", KEYS, WANTED, Status.FAILED, "not found", server=cluster()),
    Case("denied", KEYS, WANTED, Status.UNKNOWN, "403", server=refusing("secrets")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
