"""Nobody gets a release on by going round the form: the hold stands again and says why, and an honest answer still counts."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest
from prefect.client.orchestration import get_client

from deployments import answers, runs
from deployments.sandbox.auto_approvers import current_code, plausible
from deployments.waiting import Waiting
from tasks.core.errors import ApprovalError
from tests.end_to_end.accidents import Trial, assert_clean_end, last, types, until
from tests.end_to_end.conftest import Gates
from tests.stack import Stack

pytestmark = [pytest.mark.server, pytest.mark.sandbox]

Attack = Callable[["Siege"], None]


@dataclass(frozen=True)
class Siege:
    """A release that waits, and ways of going on with it that are not the form's."""

    stack: Stack
    run: str

    @property
    def waiting(self) -> Waiting:
        """The hold as it stands now."""
        return self.stack.hold(self.run)

    def post(self, page: str, content: Mapping[str, Any]) -> httpx.Response:
        """Send something about the run to the server, as anybody can who reaches it."""
        return httpx.post(f"{self.stack.api}/flow_runs/{self.run}/{page}", json=dict(content), timeout=30)

    def set_state(self, kind: str) -> None:
        """Set the run's state by hand."""
        assert self.post("set_state", {"state": {"type": kind, "name": kind.capitalize()}, "force": True}).is_success

    def resume(self, **changed: Any) -> None:
        """Resume the run with an answer of Ana's that a form could have sent, but for what is changed."""
        answers.send(self.waiting, self.answer(**changed))

    def answer(self, **changed: Any) -> dict[str, Any]:
        """What the form would send for Ana, but for what is changed."""
        waiting = self.waiting
        return answers.filled(waiting, "ana", "000000", "approve", blanks=plausible(waiting)) | changed

    def put_beforehand(self, value: Any) -> None:
        """Put an answer where the resumed run will look for it, past every validation, and wake the run."""
        self.plant(value)
        self.set_state("SCHEDULED")

    def plant(self, value: Any) -> None:
        """Put an answer where the resumed run will look for it."""
        content = {"key": f"suspended-{self.waiting.key}-response", "value": json.dumps(value)}
        assert self.post("input", content).is_success

    def shown(self) -> str:
        """What the form of the hold says, in Markdown."""
        with get_client(sync_client=True) as client:
            prefix = f"suspended-{self.waiting.key}"
            found = client.filter_flow_run_input(UUID(self.run), key_prefix=prefix, limit=9, exclude_keys=set())
        return next((json.loads(each.value) for each in found if each.key.endswith("description")), "")


@pytest.fixture(scope="module")
def siege(stack: Stack) -> Iterator[Siege]:
    """A release that waits for its go-ahead; nothing has been changed yet."""
    Trial(stack.world.systems / "trial").lay_out()
    run = stack.release("trial", environment="production")
    stack.hold(run)
    yield Siege(stack, run)
    stack.sign(run, "ben", "reject")
    stack.wait_for(run, ["Aborted"])


def _by_carla(siege: Siege) -> None:
    siege.resume(approver="carla", code=current_code("carla"))


def _with_a_used_code(siege: Siege) -> None:
    step = int(time.time()) // 30
    for each in (step - 1, step, step + 1):
        siege.stack.store.create(f"codes/dev/{each}", b"another release")
    siege.resume(approver="dev", code=current_code("dev"))


def _by_ben_for(siege: Siege, item: str) -> dict[str, Any]:
    return siege.answer(approver="ben", code=current_code("ben"), about=[item])


ATTACKS: tuple[tuple[str, Attack, str], ...] = (
    ("woken without an answer", lambda siege: siege.set_state("SCHEDULED"), "resumed without an answer"),
    ("a wrong code", lambda siege: siege.resume(), "is not Ana Silva's current one"),
    ("a code that was used before", _with_a_used_code, "has been used already"),
    ("somebody without a role that is asked for", _by_carla, "has none of the roles"),
    (
        "the requester, who has every role",
        lambda siege: siege.resume(approver="rita", code=current_code("rita")),
        "requested this release and cannot decide",
    ),
    (
        "somebody for the item of another",
        lambda siege: siege.resume(approver="ana", code=current_code("ana"), about=["2. The release may begin"]),
        "may not sign 'The release may begin'",
    ),
    (
        "an item of another release",
        lambda siege: siege.put_beforehand(_by_ben_for(siege, "1. Something else")),
        "is not an open item",
    ),
    (
        "a template that the server fills in",
        lambda siege: siege.resume(approver="ben", code={"__prefect_kind": "jinja", "template": "{{ 111000 + 111 }}"}),
        "is not Ben Okafor's current one",
    ),
    (
        "fields of other types",
        lambda siege: siege.put_beforehand({"approver": ["ana"], "code": 1, "decision": {"approve": True}, "about": "all"}),
        "does not hold a short text",
    ),
    ("an answer that is no object", lambda siege: siege.put_beforehand("approve"), "is not in the registry"),
    ("an answer without a code", lambda siege: siege.put_beforehand({"approver": "ben"}), "is not Ben Okafor's current one"),
)


@pytest.mark.parametrize(("attack", "reason"), [row[1:] for row in ATTACKS], ids=[row[0] for row in ATTACKS])
def test_a_forged_answer_changes_nothing_and_the_hold_stands_again(siege: Siege, attack: Attack, reason: str) -> None:
    record = siege.waiting.journey.record
    before = len(record.entries)
    attack(siege)
    until(lambda: types(record)[before:][-1:] == ["held"], "the hold to stand again")
    siege.stack.wait_for(siege.run, ["Suspended"])
    until(siege.shown, "the form")

    assert types(record)[before:] == ["refused", "held"]
    assert reason in last(record, "refused").body["reason"]

    assert "The last answer did not count" in siege.shown()
    assert reason in siege.shown()
    assert [item.title for item in siege.waiting.hold.items] == ["The notes are written", "The release may begin"]


REJECTED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "an empty answer": {"run_input": {}},
    "a field of another type": {"run_input": {"approver": "ana", "code": 123456, "decision": "approve"}},
    "a stranger": {"run_input": {"approver": "eve", "code": "123456", "decision": "approve"}},
    "a decision that is not offered": {"run_input": {"approver": "ana", "code": "123456", "decision": "open"}},
    "a field that nobody asked for": {"run_input": {"approver": "ana", "code": "123456", "decision": "approve", "force": 1}},
}


@pytest.mark.parametrize("content", REJECTED.values(), ids=REJECTED)
def test_the_server_does_not_resume_with_what_does_not_fit_the_form(siege: Siege, content: dict[str, Any]) -> None:
    key = siege.waiting.key
    until(siege.shown, "the form")
    answered = siege.post("resume", content).json()

    assert answered["status"] == "REJECT"
    assert siege.waiting.key == key


def test_an_answer_put_there_beforehand_keeps_nobody_from_an_honest_one(stack: Stack, trial: Trial) -> None:
    run = stack.release("trial", environment="production")
    siege = Siege(stack, run)
    siege.plant({"approver": "ben", "code": "000000", "decision": "approve"})
    with pytest.raises(ApprovalError, match="gates continue"):
        stack.sign(run, "ana")
    runs.go_on(run)
    record = siege.waiting.journey.record
    until(lambda: types(record)[-2:] == ["refused", "held"], "the hold to stand again")

    assert "is not Ben Okafor's current one" in last(record, "refused").body["reason"]

    signed = [stack.sign(run, person) for person in ("ana", "ben", "ana")]
    stack.wait_for(run, ["Released"])

    assert [entry.type for entry in signed] == ["signed"] * 3
    assert trial.turned == ["on"]
    assert_clean_end(stack, record, "Released", "trial", "production")


@pytest.mark.parametrize("state", ["RUNNING", "COMPLETED"])
def test_a_state_set_by_hand_shows_in_the_status_and_the_release_is_brought_on(siege: Siege, state: str, gates: Gates) -> None:
    record = siege.waiting.journey.record
    held = len(record.of("held"))
    siege.set_state(state)
    told = gates("status").stdout
    gates("continue", record.name, *(["--force"] if state == "RUNNING" else []))
    until(lambda: types(record).count("held") > held, "the hold to stand again")

    assert f"gates continue {record.name}" in told
    assert siege.waiting.run == siege.run
