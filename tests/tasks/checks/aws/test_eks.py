from pathlib import Path
from typing import Any

import pytest

from tasks.core.verdicts import Status
from tests.tasks.world import DENIED, Case, aws_error

CLUSTER, GROUPS, ADDONS = (f"aws.eks.{name}" for name in ("cluster_active", "node_groups_active", "addons_active"))
APP = {"cluster": "app"}
CNI = APP | {"addons": ["vpc-cni"]}
GONE = aws_error("ResourceNotFoundException", "No cluster found for name: app.", 404)


def cluster(**changes: Any) -> dict[str, Any]:
    return {"eks.describe_cluster": {"cluster": {"status": "ACTIVE", "version": "1.33", "endpoint": "https://x"} | changes}}


def group(*names: str, **changes: Any) -> dict[str, Any]:
    found = {"status": "ACTIVE", "instanceTypes": ["m6i.large"], "scalingConfig": {"desiredSize": 3}} | changes
    return {"eks.list_nodegroups": {"nodegroups": names}, "eks.describe_nodegroup": {"nodegroup": found}}


CASES = [
    Case("active", CLUSTER, APP, Status.PASSED, "version 1.33", cluster()),
    Case("wished version", CLUSTER, APP | {"versions": ["1.33"]}, Status.PASSED, "ACTIVE", cluster()),
    Case("another version", CLUSTER, APP | {"versions": ["1.34"]}, Status.FAILED, "wanted 1.34", cluster()),
    Case("being made", CLUSTER, APP, Status.FAILED, "CREATING", cluster(status="CREATING")),
    Case("secrets sealed", CLUSTER, APP | {"secrets_encrypted": True}, Status.PASSED, "ACTIVE",
         cluster(encryptionConfig=[{"resources": ["secrets"]}])),
    Case("secrets not sealed", CLUSTER, APP | {"secrets_encrypted": True}, Status.FAILED, "not encrypted", cluster()),
    Case("not there", CLUSTER, APP, Status.FAILED, "No cluster found", {"eks.describe_cluster": GONE}),
    Case("denied", CLUSTER, APP, Status.UNKNOWN, "AccessDenied", {"eks.describe_cluster": DENIED}),
    Case("all active", GROUPS, APP, Status.PASSED, "2 in all", group("a", "b")),
    Case("just large enough", GROUPS, APP | {"nodes": 3}, Status.PASSED, "3 nodes", group("a")),
    Case("too small", GROUPS, APP | {"nodes": 4}, Status.FAILED, "wanted at least 4", group("a")),
    Case("other machines", GROUPS, APP | {"instance_types": ["c6i.large"]}, Status.FAILED, "has m6i.large", group("a")),
    Case("sick", GROUPS, APP, Status.FAILED, "AccessDenied", group("a", health={"issues": [{"code": "AccessDenied"}]})),
    Case("degraded", GROUPS, APP, Status.FAILED, "DEGRADED", group("a", status="DEGRADED")),
    Case("none", GROUPS, APP, Status.UNKNOWN, "nothing could be judged", group()),
    Case("the named is not there", GROUPS, APP | {"node_groups": ["x"]}, Status.FAILED, "found",
         group() | {"eks.describe_nodegroup": GONE}),
    Case("denied", GROUPS, APP, Status.UNKNOWN, "AccessDenied", {"eks.list_nodegroups": DENIED}),
    Case("active", ADDONS, CNI, Status.PASSED, "is ACTIVE", {"eks.describe_addon": {"addon": {"status": "ACTIVE"}}}),
    Case("degraded", ADDONS, CNI, Status.FAILED, "DEGRADED", {"eks.describe_addon": {"addon": {"status": "DEGRADED"}}}),
    Case("not there", ADDONS, CNI, Status.FAILED, "found", {"eks.describe_addon": GONE}),
    Case("denied", ADDONS, CNI, Status.UNKNOWN, "AccessDenied", {"eks.describe_addon": DENIED}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verdict(case: Case, tmp_path: Path) -> None:
    verdict = case.verdict(tmp_path)

    assert (verdict.status, True) == (case.status, case.says in verdict.summary), verdict.summary
