from pathlib import Path

import pytest

from tasks.core.verdicts import Status
from tests.tasks.objects import thing
from tests.tasks.servers.cluster import cluster, refusing
from tests.tasks.world import Case

EXIST, KEYS = "kubernetes.configmaps.exist", "kubernetes.configmaps.keys_set"
NAMED = {"configmaps": ["web"], "namespace": "shop"}
WANTED = {"configmap": "web", "keys": ["LOG_LEVEL"], "namespace": "shop"}
CONFIG = thing("v1", "ConfigMap", "web", data={"LOG_LEVEL": "INFO", "EMPTY": ""})
CASES = [
    Case("there", EXIST, NAMED, Status.PASSED, "ConfigMap web is there", server=cluster(CONFIG)),
    Case("not there", EXIST, NAMED, Status.FAILED, "no web among the configmaps", server=cluster()),
    Case("denied", EXIST, NAMED, Status.UNKNOWN, "403", server=refusing("configmaps")),
    Case("has the key", KEYS, WANTED, Status.PASSED, "has LOG_LEVEL", server=cluster(CONFIG)),
    Case("key is empty", KEYS, {**WANTED, "keys": ["EMPTY"]}, Status.FAILED, "lacks EMPTY", server=cluster(CONFIG)),
    Case("not there", KEYS, WANTED, Status.FAILED, "no web", server=cluster()),
    Case("denied", KEYS, WANTED, Status.UNKNOWN, "403", server=refusing("configmaps")),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
