"""The real pages in a real browser: a production release from its form to its finished checklist, signed by the people.

Pictures of every step are left in ``.artifacts/screens``, or below ``GATES_ARTIFACTS``.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from deployments import answers
from deployments.sandbox.auto_approvers import plausible
from deployments.sandbox.world import ROOT
from tasks.approvals import Person, Registry
from tests.end_to_end.ui import PrefectUI, Value, browser_path, browser_ui
from tests.stack import PATIENCE, Stack

pytestmark = [
    pytest.mark.server,
    pytest.mark.sandbox,
    pytest.mark.browser,
    pytest.mark.skipif(browser_path() is None, reason="this machine has no Chromium"),
]

SCREENS = Path(os.environ.get("GATES_ARTIFACTS", ROOT / ".artifacts")) / "screens"
DOCUMENT = ROOT / "tests" / "checklists" / "sources" / "session-management.md"
QUESTIONS = ["AWS region (Optional)", "Connection refresh applicable? (Optional)", "Custom domain (Optional)"]
LIMIT = PATIENCE


@pytest.fixture(scope="module")
def ui(stack: Stack) -> Iterator[PrefectUI]:
    with browser_ui(stack.api.removesuffix("/api")) as opened:
        yield opened


@dataclass
class Walk:
    """One release as the people saw it in the browser."""

    run: str
    release: str = ""
    first_hold: str = ""
    after_wrong_code: str = ""
    signed: list[str] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    end: str = ""


@pytest.fixture(scope="module")
def released(stack: Stack, ui: PrefectUI) -> Walk:
    """A production release, triggered and signed through forms alone."""
    stack.reset()
    asked = {"checklist": "session-management", "version": "1.1.0", "requested_by": "rita", "change_ticket": "CHG-1042"}
    filled = SCREENS / "02-trigger-form-filled-in.png"
    walk = Walk(ui.run_deployment("release/production", asked, filled, tab="Session management"))
    ui.wait_for_state(walk.run, "Suspended", timeout=LIMIT)
    walk.release = stack.release_of(walk.run)
    walk.phases = ui.phases(walk.run, SCREENS / "03-the-release-waits.png")
    walk.first_hold = ui.hold_text(walk.run, SCREENS / "04-what-is-to-be-signed.png")
    answer(stack, ui, walk.run, "dev", code="000000")
    walk.after_wrong_code = ui.hold_text(walk.run, SCREENS / "05-a-wrong-code.png")
    for number, person in enumerate(("ana", "ben", "dev", "ana", "ben"), start=6):
        answer(stack, ui, walk.run, person, picture=SCREENS / f"{number:02}-{person}-signs.png")
        walk.signed.append(person)
    walk.end = ui.wait_for_state(walk.run, "Released", timeout=LIMIT)
    walk.phases += ui.phases(walk.run, SCREENS / "11-released.png")  # a page of the list holds ten
    return walk


def answer(stack: Stack, ui: PrefectUI, run: str, person: str, *, code: str = "", picture: Path | None = None) -> None:
    """Fill in the form of the hold as this person, approving what is theirs; returns when the release has taken it up."""
    ui.wait_for_state(run, "Suspended", timeout=LIMIT)
    waiting = stack.hold(run)
    who = people(stack)[person]
    texts = plausible(waiting)
    form: dict[str, Value] = {"Who you are": person, "Decision": "approve"}
    for number, item in enumerate(waiting.hold.items, start=1):
        for blank in item.ask.blanks if item.ask and item.ask.by in who.roles else ():
            form[f"{number}. {blank.title}"] = texts[f"{number}.{blank.name}"]
    form["One-time code"] = code or stack.code(waiting, who)
    ui.resume(run, form, picture)
    taken = answers.outcome(waiting, LIMIT)
    assert taken.type == ("refused" if code else "signed"), taken.body


def people(stack: Stack) -> dict[str, Person]:
    return dict(Registry.load(stack.world.directory / "approvers.yaml").people)


def test_the_form_of_a_release_asks_for_what_a_release_needs(ui: PrefectUI) -> None:
    closed = ui.open_run_form("release/production")
    labels = ui.open_run_form("release/production", tab="Session management")
    ui.screenshot(SCREENS / "01-trigger-form.png")
    text = ui.page.locator("main form").inner_text()

    assert [label for label in labels if label.split()[0] in {"checklist", "version", "requested_by"}] == [
        "checklist",
        "version",
        "requested_by",
    ]
    assert set(QUESTIONS) <= set(labels)
    assert not set(QUESTIONS) & set(closed)
    assert "The version that is released, such as 1.4.0" in text
    assert "you cannot sign this release yourself" in text


def test_its_lists_offer_the_checklists_and_the_environments(ui: PrefectUI) -> None:
    ui.open_run_form("release/production")

    assert "session-management" in ui.options("checklist")
    assert sorted(ui.options("environment")) == ["development", "production", "staging"]


def test_a_version_that_no_release_may_have_is_refused_on_the_spot(ui: PrefectUI) -> None:
    asked = {"checklist": "session-management", "version": "1.1 final!", "requested_by": "rita"}
    with pytest.raises(AssertionError, match=r"does not match"):
        ui.run_deployment("release/production", asked)
    ui.screenshot(SCREENS / "00-a-version-refused.png")


@pytest.mark.parametrize(
    ("deployment", "asked", "described"),
    [
        ("rollback/production", ["release_id", "reason", "release_run"], "it goes into the incident note"),
        ("post-deployment/production", ["release_id", "block", "turn"], "such as first-day"),
        ("deploy/checks", ["checklist", "environment", "version", "answers", "act"], "otherwise it only looks"),
    ],
)
def test_every_other_form_says_what_its_fields_are_for(
    ui: PrefectUI, deployment: str, asked: list[str], described: str
) -> None:
    labels = [label.split()[0] for label in ui.open_run_form(deployment)]
    ui.screenshot(SCREENS / f"00-form-of-{deployment.replace('/', '-')}.png")

    assert [label for label in labels if label in asked] == asked
    assert described in ui.page.locator("main form").inner_text()


def test_a_suspended_release_says_who_is_to_sign_what_and_what_was_seen(released: Walk) -> None:
    assert released.first_hold.startswith("Documentation: sign-off\n")
    assert "Session management 1.1.0 → production · requested by rita · CHG-1042" in released.first_hold
    assert "For deployer — Ana Silva" in released.first_hold
    assert "Seen: Dashboard SessionManagement-prod exists with 3 widgets." in released.first_hold
    assert "what was changed is taken back" in released.first_hold


def test_a_wrong_code_leaves_the_hold_standing_and_says_why(released: Walk) -> None:
    assert "The last answer did not count." not in released.first_hold
    assert "The last answer did not count. The code is not Dev Patel's current one" in released.after_wrong_code


def test_the_approvers_in_turn_bring_the_release_to_its_end(stack: Stack, released: Walk) -> None:
    signatures = stack.record(released.release).of("signed")

    assert released.end == "Released"
    assert [entry.body["person"] for entry in signatures] == released.signed


def test_the_phases_stand_on_the_page_of_the_release(released: Walk) -> None:
    assert {"Pre-Deployment", "Deployment", "Post-Deployment", "Sign-Off"} <= set(released.phases)


def test_the_finished_checklist_shows_every_line_of_the_document(ui: PrefectUI, released: Walk) -> None:
    text = ui.artifact_text(released.run, f"checklist-{released.release}", SCREENS / "12-the-checklist.png")
    shown = Counter(match[1] for match in re.finditer(r"^\s*(?:✅|⏭️) (.+?)(?: — .*)?$", text, re.MULTILINE))
    wanted = Counter(re.findall(r"^- \[ \] (.+)$", DOCUMENT.read_text().replace("`", ""), re.MULTILINE))

    assert wanted.total() == 116
    assert wanted - shown == Counter()
    assert "116 of 116 lines decided" in text


def test_the_checklist_and_its_progress_stand_on_the_page_once(ui: PrefectUI, released: Walk) -> None:
    keys = ui.artifacts(released.run)
    ui.screenshot(SCREENS / "13-artifacts.png")

    assert sorted(keys) == [f"checklist-{released.release}", f"progress-{released.release}"]
    assert "Progress: 100%" in ui.artifact_text(released.run, f"progress-{released.release}")


def test_only_the_check_after_24_hours_is_left_scheduled(stack: Stack, ui: PrefectUI, released: Walk) -> None:
    shown = ui.scheduled_runs()
    ui.screenshot(SCREENS / "14-scheduled.png")
    own = scheduled_for(stack, released)

    assert released.end == "Released"
    assert own == ["24 hours after deployment: Session management 1.1.0 in production"]
    assert own[0] in shown


def scheduled_for(stack: Stack, walk: Walk) -> list[str]:
    """Names of the scheduled runs that are about this release: other tests leave some of the same names on the server."""
    asked = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
    found = httpx.post(f"{stack.api}/flow_runs/filter", json=asked, timeout=30).raise_for_status().json()
    return [each["name"] for each in found if {walk.run, walk.release} & set(map(str, each["parameters"].values()))]


def test_a_phases_checks_can_be_run_from_their_page_without_changing_anything(
    stack: Stack, ui: PrefectUI, released: Walk
) -> None:
    stack.world.gateway.forget_calls()
    run = ui.run_deployment("monitor/checks", {"checklist": "session-management", "version": "1.1.0"})
    end = ui.wait_for_state(run, "Gate open", "Gate closed", "Failed", timeout=LIMIT)
    ui.screenshot(SCREENS / "15-one-phases-checks.png")
    calls = {name.rpartition(".")[2] for name in stack.world.gateway.calls()}

    assert released.end == "Released"
    assert end == "Gate open"
    assert calls
    assert all(name.startswith(("Describe", "Get", "List")) for name in calls)


def test_a_release_cancelled_in_the_ui_is_taken_back(stack: Stack, ui: PrefectUI) -> None:
    stack.reset()
    asked = {"checklist": "session-management", "version": "1.1.0", "requested_by": "rita"}
    run = ui.run_deployment("release/staging", asked)
    ui.wait_for_state(run, "Suspended", timeout=LIMIT)
    release = stack.release_of(run)
    ui.cancel(run)
    ui.wait_for_state(run, "Cancelled", timeout=LIMIT)
    rollback = ui.run_named(f"Roll back {release}", LIMIT)
    end = ui.wait_for_state(rollback, "Rolled back", "ROLLBACK FAILED", timeout=LIMIT)
    ui.screenshot(SCREENS / "16-rolled-back.png")
    stacks = stack.world.client("cloudformation").describe_stacks(StackName="SessionManagement-staging")["Stacks"]

    assert end == "Rolled back"
    assert {tag["Key"]: tag["Value"] for tag in stacks[0]["Tags"]}["Version"] == "1.0.0"
