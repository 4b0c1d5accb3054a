"""An empty cluster satisfies nobody."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tasks.core.registry import Definition, definitions
from tasks.core.verdicts import Status
from tests.tasks.servers.cluster import cluster
from tests.tasks.world import Case

OF_THE_SERVER_ITSELF = {"kubernetes.cluster.reachable", "kubernetes.cluster.version_at_least"}
CHECKS = [each for each in definitions("check") if each.id.startswith("kubernetes.") and each.id not in OF_THE_SERVER_ITSELF]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_no_check_passes_on_an_empty_cluster(check: Definition, tmp_path: Path) -> None:
    arguments = YAML(typ="safe").load(check.example)["with"]
    case = Case("empty", check.id, arguments, Status.FAILED, "", server=cluster())

    assert case.verdict(tmp_path).status.keeps_gate_closed


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_no_check_passes_while_everything_is_denied(check: Definition, tmp_path: Path) -> None:
    arguments = YAML(typ="safe").load(check.example)["with"]
    denied = cluster(faults=[{"name": "everything", "status": 403}])

    assert Case("denied", check.id, arguments, Status.UNKNOWN, "", server=denied).verdict(tmp_path).status is Status.UNKNOWN
