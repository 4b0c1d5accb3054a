"""Each damage of kalendlytic is seen by the line that is about it, which says why; repaired, the line passes again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from deployments.sandbox import systems
from deployments.sandbox.damages import break_, repair
from deployments.sandbox.kalendlytic.project import deploy
from deployments.sandbox.world import World
from tasks.core.errors import ActionError
from tasks.core.verdicts import Status, Verdict
from tests.sandbox.kalendlytic.lines import decided, performed

pytestmark = pytest.mark.sandbox

FAILED, UNKNOWN = Status.FAILED, Status.UNKNOWN


@dataclass(frozen=True)
class Seen:
    """A damage, the line that finds it, how it is judged, and a part of what is said."""

    damage: str
    line: int
    says: str
    status: Status = FAILED


BEFORE = (
    Seen("foreign-account", 16, "'account' in config/environments/prod.json is '210987654321'"),
    Seen("domain-placeholder", 18, "'domain' in config/environments/prod.json is the placeholder 'REPLACE_ME.example.com'"),
    Seen("rollback-undocumented", 184, "Headings of docs/rollback.md"),
    Seen("setting-undocumented", 182, "logRetentionDays"),
    Seen("bedrock-key-unset", 30, "The value of parameter /kalendlytic/prod/BEDROCK_API_KEY looks like a placeholder"),
    Seen("jwt-secret-short", 31, "The value of parameter /kalendlytic/prod/JWT_SECRET"),
    Seen("webhook-secret-plain", 34, "Parameter /kalendlytic/prod/WEBHOOK_SECRET is a String, wanted a SecureString."),
    Seen("updates-forbidden", 12, "explicitDeny to cloudformation:UpdateStack"),
    Seen("parameters-denied", 34, "is not authorized to perform", UNKNOWN),
)
CARRIED = (
    Seen("any-origin", 149, "lets in https://elsewhere.example"),
    Seen("methods-public", 89, "GET /events"),
    Seen("requests-unchecked", 148, "3 methods of API kalendlytic-api-prod without validation"),
    Seen("headers-dropped", 102, "adds no header under"),
    Seen("firewall-counting", 73, "has 2 rules and none that does more than count"),
    Seen("recovery-off", 126, "kalendlytic-events-prod"),
    Seen("scaling-gone", 152, "kalendlytic-events-prod"),
    Seen("key-unrotated", 95, "Key alias/kalendlytic-prod is not rotated"),
    Seen("failures-lost", 142, "kalendlytic-prod-health"),
    Seen("role-broad", 87, "may do dynamodb:*"),
    Seen("untraced", 119, "Tracing of function kalendlytic-prod-health is 'PassThrough'"),
    Seen("latency-unwatched", 48, "kalendlytic-prod-latency"),
)
DONE = (
    Seen("errors-logged", 195, "KeyError: 'owner'"),
    Seen("vulnerability-found", 174, "Inspector has 1 open findings of CRITICAL or HIGH: CVE-2026-1234 - urllib3."),
    Seen("memory-wasted", 140, "Compute Optimizer would give function kalendlytic-prod-files 256 MB for 512 MB."),
    Seen("threats-unwatched", 74, "is 'DISABLED', wanted 'ENABLED'"),
    Seen("mail-unconfirmed", 114, "kalendlytic-alarms-prod"),
)
ACTS = {"events-lost": 162, "health-sick": 43, "memory-refused": 38}
"""Damages that an action of the release runs into, with its line."""


def sees(verdict: Verdict, seen: Seen) -> None:
    assert (verdict.status, seen.says in verdict.summary) == (seen.status, True), verdict.summary
    assert verdict.remedy
    assert "\n" not in verdict.summary


@pytest.mark.parametrize("seen", [*BEFORE, *DONE], ids=lambda seen: seen.damage)
def test_what_is_done_to_project_or_account_is_found_and_mended(world: World, seen: Seen) -> None:
    before = decided(world, [seen.line])[seen.line]
    break_(world, seen.damage)
    try:
        broken = decided(world, [seen.line])[seen.line]
    finally:
        repair(world, seen.damage)

    assert before.status is Status.PASSED, before.summary
    sees(broken, seen)
    assert decided(world, [seen.line])[seen.line].status is Status.PASSED


@pytest.fixture(scope="module")
def carried(world: World) -> Iterator[tuple[dict[int, Verdict], dict[int, Verdict]]]:
    """What the lines say of a deployment that carries all of the damages, and of the next one without them."""
    lines = [seen.line for seen in CARRIED]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in world.environ().items():
            patch.setenv(name, value)
        for seen in CARRIED:
            break_(world, seen.damage)
        deploy(world, "prod", "1.1.0")
        broken = decided(world, lines, version="1.1.0")
        for seen in reversed(CARRIED):
            repair(world, seen.damage)
        deploy(world, "prod", "1.0.0")
        yield broken, decided(world, lines)


@pytest.mark.parametrize("seen", CARRIED, ids=lambda seen: seen.damage)
def test_what_a_deploy_carries_is_found_and_gone_with_the_next_one(
    carried: tuple[dict[int, Verdict], dict[int, Verdict]], seen: Seen
) -> None:
    broken, mended = carried

    sees(broken[seen.line], seen)
    assert mended[seen.line].status is Status.PASSED, mended[seen.line].summary


@pytest.mark.parametrize(("damage", "line"), ACTS.items(), ids=list(ACTS))
def test_what_an_action_runs_into_ends_it_with_a_sentence(world: World, damage: str, line: int) -> None:
    break_(world, damage)
    try:
        if line != 38:
            deploy(world, "dev", "1.1.0")
        with pytest.raises(ActionError) as stopped:
            performed(world, line, "development", "1.1.0")
    finally:
        repair(world, damage)
        deploy(world, "dev", "1.0.0")

    assert "ended with 1" in str(stopped.value)
    if line != 38:
        assert "ended with 0" in performed(world, line, "development")


def test_a_slow_api_is_seen_by_the_load_test(world: World) -> None:
    break_(world, "api-slow")
    try:
        took = decided(world, [44], "development")[44]
    finally:
        repair(world, "api-slow")

    assert took.status is Status.PASSED  # slow is not wrong: what is acceptable is said where response times are asked about
    assert "api-slow" in {damage.name for damage in systems.named("kalendlytic").damages}


def test_every_damage_is_shown_here() -> None:
    shown = {seen.damage for seen in (*BEFORE, *CARRIED, *DONE)} | {*ACTS, "api-slow"}

    assert shown == {damage.name for damage in systems.named("kalendlytic").damages}
