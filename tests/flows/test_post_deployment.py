"""Later checks: each repetition shows its own block, people hear of a failure once, and triggers are watched in every block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from checklists.plan import Gate, PlanBlock, PlanItem, PlanPhase, PlanRollback
from flows import passing, post_deployment
from flows.gates import run_gate
from flows.holds import Hold, answered
from flows.journey import Journey, reopen
from flows.later import with_later
from tasks.core.verdicts import Status, failed
from tasks.record import Entry
from tests.flows import rehearsal
from tests.flows.rehearsal import Killed, again, gate, held, item, signed, start

pytestmark = pytest.mark.usefixtures("house", "titles")

CALM, ASKED = item("calm", see="a", line=2), item("users", ask="manager", line=3)
LOST = item("lost", see="b", line=9, trouble=True, title="Data is lost")
SLOW = item("slow", line=10, trouble=True, title="Far too slow")


def block(*items: PlanItem, turns: int = 3, on_failure: Literal["notify", "offer rollback", "roll back"]) -> PlanBlock:
    times = tuple(range(600, 600 * turns + 1, 600))
    return PlanBlock(
        id="hour", title="First hour", times=times, on_failure=on_failure, decide_by="manager", gate=Gate(items=items)
    )


@dataclass
class Later:
    """A finished release whose block is run turn by turn. ``answers`` are given to holds by their record's name."""

    released: Journey
    answers: dict[str, list[Any]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    holds: list[tuple[str, Hold]] = field(default_factory=list)
    rollbacks: list[str] = field(default_factory=list)

    def turn(self, number: int) -> str:
        """How the repetition ends, or "waits"."""
        for _ in range(4):
            try:
                state = post_deployment.post_deployment.fn(self.released.id, "hour", number)
            except Killed:
                if not self.answers.get(self.name(number)):
                    return "waits"
            else:
                return str(state.name)
        return "waits for ever"

    def name(self, number: int) -> str:
        return f"{self.released.id}.hour.{number}"

    def journey(self, number: int) -> Journey:
        return reopen(self.name(number), kind="post-deployment")

    def stand(self, journey: Journey, hold: Hold) -> Entry:
        """As ``flows.suspension.stand``: an answer ends the wait in the next process, and who waits is told at first."""
        if found := answered(journey, hold.id):
            return found[-1]
        if hold.id not in [each.id for name, each in self.holds if name == journey.id]:
            self.notices.append(hold.notice or hold.title)
            held(journey, hold)
            journey.record.append("held", {**journey.record.entries[-1].body, "kind": hold.kind, "items": _ids(hold.items)})
        self.holds.append((journey.id, hold))
        waiting = self.answers.get(journey.id, [])
        if waiting:
            signed(journey, hold, *waiting.pop(0))
            return answered(journey, hold.id)[-1]
        raise Killed


def _ids(items: Sequence[PlanItem]) -> list[str]:
    return [each.id for each in items]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Later]:
    def make(
        *items: PlanItem, on_failure: Literal["notify", "offer rollback", "roll back"] = "offer rollback", **given: Any
    ) -> Later:
        nothing = Gate()
        parts = PlanRollback(
            decide_by="manager",
            reasons=("It is late",),
            triggers=gate(LOST, SLOW),
            diagnosis=nothing,
            steps=nothing,
            verification=nothing,
            follow_up=nothing,
        )
        released = start(gate(item("deployed", see="c")), rollback=parts, later=(block(*items, on_failure=on_failure),))
        run_gate(released, "0-0-1", released.gate(0, 0))
        released.record.append("ended", {"state": "Released", "summary": ""})
        made = Later(released, **given)
        for module in (passing, post_deployment):
            monkeypatch.setattr(module, "stand", made.stand)
        monkeypatch.setattr(post_deployment, "notify", lambda _session, text: made.notices.append(text))
        for page in ("show_checklist", "show_later"):
            monkeypatch.setattr(post_deployment, page, lambda _journey: None)
        monkeypatch.setattr(
            post_deployment, "schedule_rollback", lambda _released, reason, _by: made.rollbacks.append(reason) or "run"
        )
        return made

    return make


def test_every_repetition_looks_and_people_are_asked_in_the_last(later: Callable[..., Later]) -> None:
    runs = later(CALM, ASKED)
    ends = [runs.turn(number) for number in (1, 2, 3)]
    runs.answers[runs.name(3)] = [("approve", "max")]

    assert ends == ["Passed", "Passed", "waits"]
    assert runs.turn(3) == "Passed"
    assert [(name, _ids(hold.items)) for name, hold in runs.holds][:1] == [(runs.name(3), ["users"])]
    assert rehearsal.lamps.looks.count("a") == 3


def test_the_page_of_a_repetition_holds_its_block_and_what_it_watches(later: Callable[..., Later]) -> None:
    runs = later(CALM, ASKED)
    runs.turn(1)
    plan = runs.journey(1).plan

    assert [each.title for each in plan.lines()] == ["Calm", "Users", "Data is lost"]
    assert [phase.title for phase in plan.phases] == ["First hour"]
    assert plan.rollback.offered == ("It is late", "Data is lost", "Far too slow")


def test_the_releases_own_lines_show_what_the_newest_repetition_found(later: Callable[..., Later]) -> None:
    runs = later(CALM, ASKED, on_failure="notify")
    runs.turn(1)
    rehearsal.lamps.seen["a"] = failed("It boils.")
    runs.turn(2)
    plan, found = runs.released.plan, again(runs.released).standings()
    whole = with_later(runs.released.store, runs.released.id, plan, found)

    assert found["calm"].verdict is None
    assert whole["calm"].verdict == failed("It boils.", "Light it.")
    assert (whole["users"], whole["deployed"]) == (found["users"], found["deployed"])


def test_a_failure_that_lasts_is_told_and_asked_about_once(later: Callable[..., Later]) -> None:
    runs = later(CALM)
    rehearsal.lamps.seen["a"] = failed("It boils.")
    ends = [runs.turn(number) for number in (1, 2, 3)]

    assert ends == ["waits", "Failed checks", "Failed checks"]
    assert runs.notices == ["First hour failed. Calm: It boils. Roll back?"]
    assert {name for name, _ in runs.holds} == {runs.name(1)}


@pytest.mark.parametrize(
    ("second", "notices"),
    [("b", 2), ("a", 1)],
    ids=["another failure", "the same again"],
)
def test_another_failure_is_told_although_one_is_known(later: Callable[..., Later], second: str, notices: int) -> None:
    runs = later(CALM)
    rehearsal.lamps.seen["a"] = failed("It boils.")
    runs.turn(1)
    rehearsal.lamps.seen[second] = failed("Gone.")
    runs.turn(2)

    assert len(runs.notices) == notices


def test_a_failure_that_came_back_is_told_again(later: Callable[..., Later]) -> None:
    runs = later(CALM, on_failure="notify")
    ends = []
    for number, seen in enumerate([failed("It boils."), None, failed("It boils.")], start=1):
        rehearsal.lamps.seen = {"a": seen} if seen else {}
        ends.append(runs.turn(number))

    assert ends == ["Failed checks", "Passed", "Failed checks"]
    assert len(runs.notices) == 2


def test_what_was_kept_knowingly_is_not_asked_about_again(later: Callable[..., Later]) -> None:
    runs = later(CALM, answers={"r1.hour.1": [("keep", "max", "It is summer.")]})
    rehearsal.lamps.seen["a"] = failed("It boils.")

    assert [runs.turn(1), runs.turn(2)] == ["Kept", "Failed checks"]
    assert "kept, Max decided: keep. It is summer. Calm: It boils" in str(runs.journey(2).ended)


def test_a_watched_trigger_takes_the_release_back_and_is_its_reason(later: Callable[..., Later]) -> None:
    runs = later(CALM, on_failure="roll back")
    rehearsal.lamps.seen["b"] = failed("3 rows are gone.")
    end = runs.turn(1)
    runs.released.record.append("rollback begun", {"reason": runs.rollbacks[0]})
    found = again(runs.released).standings()

    assert end == "Rollback started"
    assert runs.rollbacks == ["First hour: Data is lost: 3 rows are gone."]
    assert [found[name].verdict and found[name].verdict.status for name in ("lost", "slow")] == [Status.FAILED, Status.SKIPPED]  # type: ignore[union-attr]


def test_who_refuses_to_sign_fails_the_block(later: Callable[..., Later]) -> None:
    runs = later(ASKED, on_failure="notify", answers={"r1.hour.3": [("reject", "max", "They complain.")]})

    assert runs.turn(3) == "Failed checks"
    assert runs.notices[-1] == "Lamps 1.2.0 in production: First hour failed. Rejected by Max: They complain."


def test_a_block_sees_what_the_release_has_decided(later: Callable[..., Later]) -> None:
    runs = later(CALM, item("then", see="a", when='outcome("deployed") == "PASSED"'))
    runs.turn(1)
    journey = runs.journey(1)
    journey.earlier = runs.released

    assert journey.current_session().release.items["deployed"]["status"] == "PASSED"
    assert journey.standings()["then"].verdict == journey.standings()["calm"].verdict


def test_a_repetition_that_has_ended_is_not_decided_again(later: Callable[..., Later]) -> None:
    runs = later(CALM, on_failure="notify")
    rehearsal.lamps.seen["a"] = failed("It boils.")
    ends = [runs.turn(1), runs.turn(1)]

    assert ends == ["Failed checks"] * 2
    assert len(runs.notices) == 1


def test_a_release_that_was_taken_back_is_left_alone(later: Callable[..., Later]) -> None:
    runs = later(CALM)
    runs.released.record.append("ended", {"state": "Rolled back", "summary": ""})

    assert runs.turn(1) == "Nothing to do"
    assert PlanPhase(kind="monitor", title="First hour", gates=(gate(CALM, LOST),)) == runs.journey(1).plan.phases[0]
