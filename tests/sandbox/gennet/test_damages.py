"""Each damage is seen by the line that it is about, in words that name it; repairing it takes that away."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from deployments.sandbox.damages import break_, repair
from deployments.sandbox.gennet import project
from deployments.sandbox.gennet.damages_after import AFTER
from deployments.sandbox.gennet.damages_before import BEFORE
from deployments.sandbox.world import WorldError
from tasks.core.verdicts import Status
from tests.end_to_end.accidents import until
from tests.sandbox.gennet.conftest import Released

pytestmark = pytest.mark.sandbox


@dataclass(frozen=True)
class Seen:
    """The damage, the check and the line that see it, and what the verdict says of it."""

    damage: str
    check: str
    line: int
    says: str
    status: Status = Status.FAILED

    def __str__(self) -> str:
        return self.damage


SEEN_BEFORE = (
    Seen("policy-missing", "kubernetes.networkpolicies.default_deny", 49, "gennet-system"),
    Seen("mesh-permissive", "kubernetes.mesh.mtls_strict", 50, "is not STRICT"),
    Seen("firewall-missing", "aws.waf.load_balancer_protected", 51, "No WebACL associated", Status.UNKNOWN),
    Seen("database-open", "aws.ec2.security_groups_restricted", 29, "gennet-prod-database opens 5432"),
    Seen("critical-vulnerability", "aws.ecr.images_scanned", 54, "1 CRITICAL"),
    Seen("quota-small", "aws.quotas.granted", 13, "is 1, wanted at least 5"),
    Seen("certificate-expired", "tls.certificate_valid", 45, "expired"),
    Seen("restore-failed", "backup.restore_verified", 96, "17"),
    Seen("blocking-issue", "tracker.open_issues_at_most", 184, "412"),
    Seen("node-lost", "kubernetes.nodes.ready", 24, "node-b"),
    Seen("cluster-denied", "kubernetes.deployments.ready", 25, "forbidden", Status.UNKNOWN),
    Seen("eks-denied", "aws.eks.cluster_active", 22, "AccessDenied", Status.UNKNOWN),
    Seen("probe-missing", "command.succeeds", 120, "has no livenessProbe"),
    Seen("setting-missing", "file.settings_match", 115, "INFERENCE_URL"),
    Seen("runbook-missing", "document.covers", 161, "DatabaseDown"),
)
SEEN_AFTER = (
    Seen("service-leads-nowhere", "kubernetes.services.endpoints_ready", 207, "ready addresses of service gateway"),
    Seen("ingress-elsewhere", "kubernetes.ingresses.ready", 209, "api.gennet.example.com"),
    Seen("numbers-lost", "command.succeeds", 221, "answered 503, wanted 200"),
    Seen("limits-dropped", "kubernetes.workloads.resources_set", 0, "limits"),
    Seen("version-stuck", "kubernetes.deployments.image_is_version", 207, "'1.0.0', wanted '1.1.0'"),
    Seen("inference-gone", "http.all_answer", 222, "inference/health is 502"),
)


def test_every_damage_is_tested() -> None:
    apart = {"inference-crashes", "setting-taken", "pool-too-small"}

    assert {each.damage for each in SEEN_BEFORE} == {damage.name for damage in BEFORE}
    assert {each.damage for each in SEEN_AFTER} | apart == {damage.name for damage in AFTER}


@pytest.mark.parametrize("seen", SEEN_BEFORE, ids=str)
def test_a_damage_before_the_deployment_closes_the_gate_until_it_is_repaired(released: Released, seen: Seen) -> None:
    whole = released.verdict(seen.check, seen.line)
    break_(released.world, seen.damage)
    try:
        broken = released.verdict(seen.check, seen.line)
    finally:
        repair(released.world, seen.damage)
    repaired = released.verdict(seen.check, seen.line)

    assert (whole.status, broken.status, repaired.status) == (Status.PASSED, seen.status, Status.PASSED), broken.summary
    assert seen.says in broken.summary


@pytest.mark.parametrize("seen", SEEN_AFTER, ids=str)
def test_a_damage_that_a_deployment_carries_shows_in_what_runs(released: Released, seen: Seen) -> None:
    carried = seen.damage != "inference-gone"
    released.deploy()
    break_(released.world, seen.damage)
    try:
        if carried:
            released.deploy()
        broken = released.verdict(seen.check, seen.line or None)
    finally:
        repair(released.world, seen.damage)
    released.deploy()
    repaired = released.verdict(seen.check, seen.line or None)

    assert (broken.status, repaired.status) == (Status.FAILED, Status.PASSED), broken.summary
    assert seen.says in broken.summary


def test_a_pool_that_is_too_small_makes_answers_too_slow(released: Released) -> None:
    def slow() -> bool:
        return released.verdict("promql.at_most", 235).status is Status.FAILED

    released.deploy()
    break_(released.world, "pool-too-small")
    released.deploy()
    until(slow, "answers that are too slow", 20)
    said = released.verdict("promql.at_most", 235).summary
    repair(released.world, "pool-too-small")
    released.deploy()
    until(lambda: not slow(), "answers that are quick again", 30)

    assert "Response time, 95th percentile" in said
    assert "wanted at most 500 ms" in said
    assert released.verdict("promql.at_most", 235).status is Status.PASSED


def test_a_version_that_crashes_ends_the_deployment(released: Released) -> None:
    released.deploy("1.0.0")
    break_(released.world, "inference-crashes")
    try:
        with pytest.raises(WorldError, match="progress deadline"):
            released.deploy()
    finally:
        repair(released.world, "inference-crashes")
    released.deploy("1.0.0")

    assert released.verdict("kubernetes.deployments.rollout_complete").status is Status.PASSED


def test_a_parameter_of_somebody_else_stops_terraform_half_way(released: Released) -> None:
    break_(released.world, "setting-taken")
    apply = ("terraform", "-chdir=infrastructure/terraform", "apply", "-auto-approve", "-input=false")
    files = ("-var-file=terraform.tfvars", "-var-file=prod.tfvars")
    begin = ("terraform", "-chdir=infrastructure/terraform", "init", "-input=false", "-backend-config=prod.s3.tfbackend")
    project.run(released.world, *begin)
    try:
        with pytest.raises(WorldError, match="exists already"):
            project.run(released.world, *apply, *files)
    finally:
        repair(released.world, "setting-taken")
    project.run(released.world, *apply, *files)

    assert released.verdict("terraform.no_drift", 198).status is Status.PASSED
