"""A hold stands until an answer counts: whatever resumes the run, the record decides."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

import pytest

from flows import suspension
from flows.holds import Hold, held_entries, opened_at, refusals
from flows.journey import Journey
from flows.suspension import HoldExpired, RawAnswer, stand
from tests.flows.rehearsal import Killed, again, code, gate, item, last, start, types

pytestmark = pytest.mark.usefixtures("house")
GO = item("go", ask="manager")
HOLD = Hold("sign-0-0-1", "sign-off", "Lamps: sign-off", (GO,), {"approve": "", "reject": ""})
RUN = "11111111-2222-3333-4444-555555555555"


@dataclass
class Server:
    """What Prefect is asked to do, and the answers that were sent to it by suspension key."""

    answers: dict[str, RawAnswer] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    roles: list[list[str]] = field(default_factory=list)
    woken: list[datetime] = field(default_factory=list)
    run_count: int = 1

    def get_id(self) -> str:
        return RUN

    def get_run_count(self) -> int:
        return self.run_count

    def suspend(self, *, key: str, **_given: Any) -> None:
        self.keys.append(key)
        raise Killed

    def answer(self, value: Any, at: datetime | None = None) -> None:
        self.answers[self.keys[-1]] = RawAnswer(value, at or datetime.now(UTC))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(suspension, "flow_run", made)
    monkeypatch.setattr(suspension, "suspend_flow_run", made.suspend)
    monkeypatch.setattr(suspension, "raw_answer", lambda _run, key: made.answers.get(key))
    monkeypatch.setattr(suspension, "set_waiting", lambda _run, roles: made.roles.append(roles))
    monkeypatch.setattr(suspension, "wake_at", lambda _journey, _run, at, _key: made.woken.append(at))
    return made


def process(journey: Journey, hold: Hold = HOLD) -> str:
    """One process that comes to the hold: the decision it gets, or nothing when it is suspended."""
    try:
        return str(stand(again(journey), hold).body["decision"])
    except Killed:
        return ""


def pass_time(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Let the hold stand that long."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Self:
            return cls.fromtimestamp(datetime.now(tz).timestamp() + seconds, tz)

    monkeypatch.setattr(suspension, "datetime", Later)


GIVEN = ("approver", "code", "decision", "comment")


def good(**changes: Any) -> dict[str, Any]:
    return {"approver": "max", "code": code(datetime.now(UTC)), "decision": "approve", "comment": ""} | changes


def test_a_hold_is_written_down_announced_and_put_to_people(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    journey = start(gate(GO))

    assert process(journey) == ""
    assert types(journey) == ["planned", "held"]
    assert last(journey, "held")["flow_run"] == RUN
    assert (len(server.woken), server.roles[-1]) == (1, ["manager"])
    assert "Lamps 1.2.0 → production waits for manager" in caplog.text


def test_a_good_answer_is_a_sign_off_and_a_replay_finds_it(server: Server) -> None:
    journey = start(gate(GO))
    process(journey)
    server.answer(good(decision="reject"))

    assert [process(journey), process(journey)] == ["reject", "reject"]
    assert types(journey) == ["planned", "held", "signed"]
    assert server.roles[-1] == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (None, "The run was resumed without an answer."),
        (dict.fromkeys(GIVEN, ...), "'' is not in the registry of approvers."),
        ({"code": "000000"}, "The code is not Max's current one; codes change every 30 seconds."),
        ({"approver": "rita"}, "Rita requested this release and cannot decide on it; somebody else must."),
        ({"approver": {"a": "b"}}, "The field 'approver' does not hold a short text."),
        ({"approver": "\ud800" * 3}, "The field 'approver' does not hold a short text."),
        ({"approver": "x" * 5000}, "The field 'approver' does not hold a short text."),
    ],
    ids=["without input", "empty", "wrong code", "the requester", "a mapping", "half letters", "huge"],
)
def test_after_an_answer_that_does_not_count_the_hold_stands_again(
    server: Server, changes: dict[str, Any] | None, reason: str
) -> None:
    journey = start(gate(GO))
    process(journey)
    if changes is not None:
        server.answer({name: value for name, value in good(**changes).items() if value is not ...})
    again_asked = process(journey)

    assert again_asked == ""
    assert types(journey) == ["planned", "held", "refused", "held"]
    assert last(journey, "refused")["reason"] == reason
    assert len(last(journey, "refused")["person"]) <= 60
    assert len(set(server.keys)) == len(server.keys) == 2
    assert len(set(server.woken)) == 1


def test_the_answer_to_something_else_does_not_count(server: Server) -> None:
    journey = start(gate(GO))
    process(journey)
    server.answer(good())
    changed = Hold(HOLD.id, HOLD.kind, HOLD.title, HOLD.items, HOLD.decisions, {"go": "dark by now"})

    assert process(journey, changed) == ""
    assert last(journey, "refused")["reason"].startswith("What was to be decided has changed since that answer was given")


def test_an_answer_that_came_while_the_process_died_is_read_later(server: Server) -> None:
    journey = start(gate(GO))
    process(journey)
    server.answer(good(), datetime.now(UTC) - timedelta(hours=5))
    server.answers[server.keys[0]] = RawAnswer(
        good(code=code(datetime.now(UTC) - timedelta(hours=5))), datetime.now(UTC) - timedelta(hours=5)
    )

    assert process(journey) == "approve"


def test_no_key_is_used_twice_over_retries(server: Server) -> None:
    journey = start(gate(GO))
    for server.run_count in (1, 1, 2, 3):
        process(journey)

    assert len(set(server.keys)) == 4


@pytest.mark.parametrize(("held_for", "expires"), [(86399, False), (86401, True)])
def test_a_hold_expires(server: Server, monkeypatch: pytest.MonkeyPatch, held_for: int, *, expires: bool) -> None:
    journey = start(gate(GO))
    process(journey)
    server.answer(good(code="000000"))

    pass_time(monkeypatch, held_for)
    if expires:
        with pytest.raises(HoldExpired, match="Nobody decided 'Lamps: sign-off' within 1 day"):
            process(journey)
    else:
        assert process(journey) == ""
    assert types(journey)[-1] == ("expired" if expires else "held")


def test_an_answer_in_time_counts_though_the_process_comes_late(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    journey = start(gate(GO))
    process(journey)
    server.answer(good())

    pass_time(monkeypatch, 3 * 86400)

    assert process(journey) == "approve"


def test_five_wrong_codes_and_the_person_waits(server: Server) -> None:
    journey = start(gate(GO))
    for _ in range(6):
        process(journey)
        server.answer(good(code="000000"))
    process(journey)
    reasons = [entry.body["reason"] for entry in refusals(again(journey), HOLD.id)]

    assert [reason.startswith("The code is not") for reason in reasons] == [True] * 5 + [False]
    assert reasons[-1].startswith("Too many wrong codes")
    assert [entry.body["guess"] for entry in refusals(again(journey), HOLD.id)] == [True] * 5 + [False]


def test_a_hold_knows_when_it_first_stood(server: Server) -> None:
    journey = start(gate(GO))
    process(journey)
    process(journey)
    entries = held_entries(again(journey), HOLD.id)

    assert len(entries) == len(server.keys) == 2
    assert opened_at(again(journey), HOLD.id) == entries[0].at
    assert {UUID(entry.body["flow_run"]) for entry in entries} == {UUID(RUN)}
