"""Each damage closes the line that it is about and says why; repairing it, or taking the deploy back, opens it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from deployments.sandbox import damages
from deployments.sandbox.toombos.cluster import described
from deployments.sandbox.toombos.damages_after import AFTER
from deployments.sandbox.toombos.damages_before import BEFORE
from deployments.sandbox.toombos.naming import PREVIOUS
from tasks.core.errors import ActionError
from tasks.core.verdicts import Status
from tests.sandbox.toombos.upright import Upright

pytestmark = pytest.mark.sandbox


@dataclass(frozen=True)
class Closes:
    """A damage, the line that it closes, how that is judged, and what is said of it."""

    damage: str
    line: int
    says: str
    status: Status = Status.FAILED

    def __str__(self) -> str:
        return self.damage


CLOSED_BEFORE = (
    Closes("cluster-denied", 17, "forbidden", Status.UNKNOWN),
    Closes("database-port-open", 20, "5432"),
    Closes("database-unencrypted", 27, "takes connections that are not encrypted too"),
    Closes("database-user-reads-only", 26, "INSERT"),
    Closes("cache-not-kept", 36, "aof"),
    Closes("backup-missing", 29, "There is no object under s3://toombos-backups-production/postgres/"),
    Closes("crm-key-revoked", 53, "401"),
    Closes("jwt-secret-weak", 60, "toombos/production/jwt-secret"),
    Closes("placeholder-left", 74, "CRM_BASE_URL"),
    Closes("debug-on", 79, "'DEBUG' in .env.production is 'true'"),
    Closes("certificate-expired", 84, "certificate has expired"),
    Closes("image-vulnerable", 91, "critical"),
    Closes("openai-down", 101, "503", Status.UNKNOWN),
    Closes("staging-behind", 139, "1.0.0"),
    Closes("load-test-slow", 141, "840"),
    Closes("failover-failed", 142, "left its steady state"),
    Closes("integration-test-failing", 145, "`make test-integration` ended with 2"),
    Closes("nobody-on-call", 166, "Nobody is on call in schedule Toombos"),
    Closes("ci-red", 170, "failure"),
    Closes("critical-bug", 171, "critical"),
)
CARRIED = (
    Closes("autoscaler-too-small", 202, "1"),
    Closes("ingress-wrong-host", 203, "api.halcytone.com"),
    Closes("configuration-incomplete", 199, "DATABASE_POOL_SIZE"),
    Closes("crm-address-wrong", 222, "503"),
    Closes("nothing-scheduled", 224, "503"),
    Closes("content-broken", 219, "503"),
    Closes("docs-broken", 211, "openapi"),
    Closes("one-worker", 227, "Response time, 95th percentile"),
    Closes("debug-logged", 243, "below info"),
)
ELSEWHERE = {"document-access-lost", "image-crashes", "image-unhealthy"}


def test_every_damage_is_shown_to_close_something() -> None:
    shown = {each.damage for each in (*CLOSED_BEFORE, *CARRIED)}

    assert shown | ELSEWHERE == {each.name for each in (*BEFORE, *AFTER)}


@pytest.mark.parametrize("closes", CLOSED_BEFORE, ids=str)
def test_a_damage_before_the_deploy_closes_its_line_until_it_is_repaired(upright: Upright, closes: Closes) -> None:
    damages.break_(upright.world, closes.damage)
    broken = upright.verdict(closes.line, closes.status)
    damages.repair(upright.world, closes.damage)
    repaired = upright.verdict(closes.line, Status.PASSED)

    assert (broken.status, closes.says in broken.summary) == (closes.status, True), broken.summary
    assert repaired.status is Status.PASSED, repaired.summary


def test_lost_access_is_told_by_the_report_of_the_team_s_own_script(upright: Upright) -> None:
    ask = upright.item(98).action

    assert ask is not None

    damages.break_(upright.world, "document-access-lost")
    upright.perform(ask)
    broken = upright.verdict(108)
    damages.repair(upright.world, "document-access-lost")
    upright.perform(ask)

    assert (broken.status, "'refused'" in broken.summary) == (Status.FAILED, True), broken.summary
    assert upright.verdict(108).status is Status.PASSED


@pytest.mark.parametrize("closes", CARRIED, ids=str)
def test_what_the_deploy_carries_is_found_and_taking_it_back_restores_what_was_there(upright: Upright, closes: Closes) -> None:
    before = described(upright.world, "halcytone")
    damages.break_(upright.world, closes.damage)
    noted = upright.before(upright.deploy())
    upright.perform(upright.deploy())
    upright.runs(upright.plan.version)
    broken = upright.verdict(closes.line, closes.status)
    undone = upright.undo(upright.deploy(), noted)
    damages.repair(upright.world, closes.damage)
    back = upright.runs(PREVIOUS)

    assert (broken.status, closes.says in broken.summary) == (closes.status, True), broken.summary
    assert (undone.status, back.status) == (Status.PASSED, Status.PASSED), back.summary
    assert described(upright.world, "halcytone") == before


def test_a_version_that_crashes_fails_the_deploy_and_the_one_before_goes_on_serving(upright: Upright) -> None:
    damages.break_(upright.world, "image-crashes")
    noted = upright.before(upright.deploy())
    with pytest.raises(ActionError, match="deploy-kubernetes"):
        upright.perform(upright.deploy())
    undone = upright.undo(upright.deploy(), noted)
    damages.repair(upright.world, "image-crashes")

    assert undone.status is Status.PASSED
    assert upright.runs(PREVIOUS).status is Status.PASSED
