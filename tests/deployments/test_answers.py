"""The form as a person at a terminal fills it in, and as the demo's players do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID

import pytest
from prefect.client.schemas.objects import State
from prefect.client.schemas.responses import (
    OrchestrationResult,
    SetStateStatus,
    StateAbortDetails,
    StateAcceptDetails,
)
from prefect.states import Crashed, Running

from deployments import answers
from deployments.sandbox.auto_approvers import plausible
from deployments.waiting import Waiting, waiting_for
from flows.forms import ALL_MINE
from tasks.approvals import Registry
from tasks.core.errors import ApprovalError
from tasks.record import Record
from tests.deployments.test_records import HELD, RUN, SAMPLED, THIRST

BASE = {"approver": "ana", "code": "123456", "decision": "approve", "comment": ""}


@pytest.fixture
def waiting(recorded: Callable[..., Record]) -> Waiting:
    recorded("kettle-production-1", ("sampled", SAMPLED), ("held", HELD))
    return waiting_for("kettle-production-1")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param({}, {"about": [ALL_MINE]}, id="everything of the person's roles"),
        pytest.param({"items": ["1"]}, {"about": ["1. Somebody is thirsty"]}, id="an item by its number"),
        pytest.param({"items": [THIRST]}, {"about": ["1. Somebody is thirsty"]}, id="an item by its ID"),
        pytest.param({"items": ["somebody is THIRSTY"]}, {"about": ["1. Somebody is thirsty"]}, id="an item by its title"),
        pytest.param({"blanks": {"notes": "parched"}}, {"item_1_notes": "parched"}, id="a blank by its name"),
        pytest.param({"blanks": {"1.notes": "parched"}}, {"item_1_notes": "parched"}, id="a blank of one item"),
        pytest.param({"until": "2031-01-01"}, {}, id="no end of a waiver where none can be given"),
        pytest.param({"comment": "very"}, {"comment": "very"}, id="a comment"),
    ],
)
def test_the_form_is_filled_in(waiting: Waiting, given: dict[str, Any], wanted: Mapping[str, Any]) -> None:
    filled = answers.filled(waiting, "ana", "123456", "approve", **given)

    assert filled == {**BASE, "about": [ALL_MINE], **wanted}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param({"items": ["2"]}, "'2' is not an open item here", id="an item that is not open"),
        pytest.param({"items": ["there is water"]}, "is not an open item here", id="an item that nobody is asked about"),
        pytest.param({"blanks": {"colour": "red"}}, "No open item has a blank 'colour'.", id="a blank that there is not"),
        pytest.param({"blanks": {"2.notes": "red"}}, "No open item has a blank '2.notes'.", id="a blank of no item"),
    ],
)
def test_what_is_not_on_the_form_is_refused(waiting: Waiting, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ApprovalError, match=sentence.replace(".", "[.]")):
        answers.filled(waiting, "ana", "123456", "approve", **given)


def test_a_hold_is_found_by_release_and_by_run(waiting: Waiting) -> None:
    assert (waiting_for(RUN).key, waiting.roles, waiting.hold.items[0].id) == (HELD["key"], ("qa",), THIRST)


def test_what_does_not_wait_is_refused_naming_what_does(waiting: Waiting) -> None:
    with pytest.raises(ApprovalError, match=rf"^kettle-2 does not wait for anybody; waiting: {waiting.release}[.]$"):
        waiting_for("kettle-2")


def test_a_fresh_code_is_none_that_was_used(waiting: Waiting, home: Path) -> None:
    ana = Registry.load(home / "approvers.yaml").people["ana"]
    first = answers.fresh_code(waiting, ana)
    step = int(datetime.now(UTC).timestamp()) // 30
    for used in (step - 1, step):
        waiting.journey.store.create(f"codes/ana/{used}", b"elsewhere")

    assert answers.fresh_code(waiting, ana) != first


def test_the_players_fill_in_every_blank(waiting: Waiting) -> None:
    assert plausible(waiting) == {"1.notes": "Notes: as agreed"}


class Server:
    """A server whose run has its form only at the third time of asking; ``at`` is the state it tells of the run meanwhile."""

    def __init__(self, at: State[Any]) -> None:
        self.at, self.asked = at, 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def resume_flow_run(self, _run: UUID, run_input: dict[str, Any]) -> OrchestrationResult[Any]:
        self.asked += bool(run_input)
        status = SetStateStatus.ACCEPT if self.asked == 3 else SetStateStatus.ABORT
        details = StateAcceptDetails() if status is SetStateStatus.ACCEPT else StateAbortDetails(reason="not paused")
        return OrchestrationResult(state=None, status=status, details=details)


def resuming(monkeypatch: pytest.MonkeyPatch, at: State[Any]) -> Server:
    server = Server(at)
    monkeypatch.setattr(answers, "get_client", lambda **_: server)
    monkeypatch.setattr(answers.runs, "state", lambda _: server.at)
    monkeypatch.setattr(answers.time, "sleep", lambda _: None)
    return server


def test_an_answer_waits_for_the_moment_at_which_the_run_is_suspended(
    waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = resuming(monkeypatch, Running())
    answers.send(waiting, {"code": "123456"})

    assert server.asked == 3


def test_a_run_that_has_ended_takes_no_answer(waiting: Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    server = resuming(monkeypatch, Crashed())
    with pytest.raises(ApprovalError, match=f"^{waiting.release} is not suspended; look at its run"):
        answers.send(waiting, {"code": "123456"})

    assert server.asked == 1
