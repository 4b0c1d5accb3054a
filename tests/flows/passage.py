"""A release on its way through one gate, over as many processes as it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from checklists.plan import Gate, PlanItem, PlanPhase
from checklists.standing import SIGNING
from flows.gates import Outcome, run_gate
from flows.holds import Hold, answered, held_entries
from flows.journey import Journey
from flows.passing import GiveUp, pass_gate
from tasks.record import Entry
from tests.flows.rehearsal import Killed, again, gate, held, item, signed, types


class Watch(datetime):
    """The time of the record, which the test moves on."""

    moment = datetime(2031, 5, 4, 12, tzinfo=UTC)

    @classmethod
    def now(cls, tz: Any = None) -> Self:  # noqa: ARG003
        return cls.fromtimestamp(cls.moment.timestamp(), UTC)


@dataclass
class Passage:
    """A release on its way through one gate. ``answers`` are ``hold → answers in turn``; one that has none keeps waiting."""

    journey: Journey
    gate: Gate
    outcomes: list[Outcome | Callable[[Journey], Outcome]]
    answers: dict[str, list[Any]] = field(default_factory=dict)
    last: bool = False
    minutes: float = 1
    persisted: dict[int, Outcome] = field(default_factory=dict)
    calls: list[list[int]] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)

    def through(self) -> str:
        """How it ends, over as many processes as people need: "passed", "waits", or why it gave up."""
        for _ in range(12):
            waiting = len(types(self.journey))
            told = self.process()
            if told != "waits" or len(types(self.journey)) == waiting:
                return told
        return "waits for ever"

    def process(self) -> str:
        """One process from the first line to where it ends."""
        journey = again(self.journey)
        self.calls.append([])
        try:
            pass_gate(journey, self.gate, "0-0", lambda attempt: self.run(journey, attempt), last=self.last)
        except GiveUp as stop:
            return f"{stop}{' (kept)' if stop.keep else ''}"
        except Killed:
            return "waits"
        return "passed"

    def run(self, journey: Journey, attempt: int) -> Outcome:
        """The gate for the n-th time, whose result Prefect hands back to every later process."""
        self.calls[-1].append(attempt)
        if attempt not in self.persisted:
            outcome = self.outcomes[attempt - 1]
            self.persisted[attempt] = outcome(again(journey)) if callable(outcome) else outcome
        return self.persisted[attempt]

    def stand(self, journey: Journey, hold: Hold) -> Entry:
        """As ``flows.suspension.stand``: an answer ends the wait in the next process."""
        self.holds.append(hold)
        decisive = [entry for entry in answered(journey, hold.id) if entry.body["decision"] not in SIGNING]
        if decisive:
            return decisive[0]
        asked, told = len(held_entries(journey, hold.id)), len(answered(journey, hold.id))
        if asked > told and len(self.answers.get(hold.id, [])) > told:
            Watch.moment += timedelta(minutes=self.minutes)
            answer = self.answers[hold.id][told]
            return signed(journey, hold, *answer) if isinstance(answer, tuple) else signed(journey, hold, answer)
        if asked == told:
            held(journey, hold)
        raise Killed


def changed(journey: Journey, name: str = "on", attempt: int = 1) -> Journey:
    """Something was begun, that a rollback would take back."""
    intent = {
        "item": name,
        "attempt": attempt,
        "action": "trial.switch",
        "arguments": {"name": "a"},
        "before": {},
        "matters": True,
    }
    journey.record.append("intended", intent)
    return journey


def phases(late: PlanItem) -> tuple[PlanPhase, ...]:
    """A phase in which what the item depends on comes after it."""
    return (PlanPhase(kind="deploy", title="Deployment", gates=(gate(late), gate(item("later", see="b")))),)


def really(place: str) -> Callable[[Journey], Outcome]:
    return lambda journey: run_gate(journey, place, journey.gate(0, 0))
